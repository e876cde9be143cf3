"""Requests side by side."""

import asyncio
from functools import partial

import pytest

from shared.adapters.tables.sweep.requests import AT_ONCE, side_by_side
from shared.domain.errors.storage import StoreUnavailable


async def test_all_are_made_and_so_many_at_a_time() -> None:
    """More wait for their turn."""
    under_way: set[int] = set()
    seen: list[int] = []

    async def request(number: int) -> None:
        under_way.add(number)
        seen.append(len(under_way))
        await asyncio.sleep(0)
        under_way.remove(number)

    await side_by_side(partial(request, number) for number in range(100))
    assert len(seen) == 100
    assert max(seen) == AT_ONCE


async def test_one_that_fails_is_told_of_after_all_have_ended() -> None:
    """Nothing is written any more when the caller goes on."""
    done: list[int] = []

    async def request(number: int) -> None:
        if number in {3, 5}:
            raise StoreUnavailable(f"{number} broke down.")
        await asyncio.sleep(0)
        done.append(number)

    with pytest.raises(StoreUnavailable, match="3 broke down"):
        await side_by_side(partial(request, number) for number in range(40))
    assert len(done) == 38
