"""A story that is drawn takes no time, however long the machine makes it wait for its turn."""

import asyncio
from collections.abc import Iterator

import pytest


class _TimelessLoop(asyncio.SelectorEventLoop):
    """Its time stands still: a limit of real seconds never runs out inside a story."""

    def time(self) -> float:
        return 0.0


class _TimelessLoops(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        return _TimelessLoop()


@pytest.fixture(scope="module", autouse=True)
def timeless() -> Iterator[None]:
    """What `asyncio.run` runs for this folder's tests."""
    before = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(_TimelessLoops())
    yield
    asyncio.set_event_loop_policy(before)
