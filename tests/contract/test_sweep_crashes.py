"""A process of the sweep may die, and a connection may break, at any request to Table Storage."""

import pytest

from shared.adapters.tables.store import TableStore
from shared.domain.errors.storage import StoreUnavailable
from shared.names import Table
from tests.contract.patience import patient
from tests.contract.sweep_work import WORK, Begin, Work
from tests.stands.transport import BreakableTransport, Moment

MOMENTS: tuple[Moment, ...] = ("before", "after")
APART = 10
"""So many numbers lie between the runs of two tests of a crash."""


async def requests_of(tables: str, kind: type[Work]) -> int:
    """How many requests some work takes."""
    transport = BreakableTransport()
    async with TableStore.from_connection_string(
        tables, transport=transport, patience=patient()
    ) as store:
        work = kind(store, APART)
        await work.prepare()
        before = len(transport.requests)
        await work.do()
        return len(transport.requests) - before


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("kind", WORK, ids=[kind.__name__ for kind in WORK])
async def test_death_at_any_request_is_made_good(
    tables: str, store: TableStore, kind: type[Work], moment: Moment
) -> None:
    """Wherever we die, nothing is half there; done again, it is as if it was done once."""
    for number in range(1, await requests_of(tables, kind) + 1):
        run = (number + 1) * APART
        work = kind(store, run)
        await work.prepare()
        transport = BreakableTransport()
        transport.die_at(number, moment)
        async with TableStore.from_connection_string(
            tables, transport=transport, patience=patient()
        ) as dying:
            with pytest.raises(StoreUnavailable):
                await kind(dying, run).do()
        await work.look()
        await work.do()
        await work.check()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("kind", WORK, ids=[kind.__name__ for kind in WORK])
async def test_a_broken_connection_changes_nothing(
    tables: str, store: TableStore, kind: type[Work], moment: Moment
) -> None:
    """A write that was done without an answer is recognised as one's own."""
    for number in range(1, await requests_of(tables, kind) + 1):
        run = (number + 1) * APART
        work = kind(store, run)
        await work.prepare()
        transport = BreakableTransport()
        transport.break_at(number, moment)
        async with TableStore.from_connection_string(
            tables, transport=transport, patience=patient(0)
        ) as unlucky:
            await kind(unlucky, run).do()
        await work.check()


@pytest.mark.parametrize("moment", MOMENTS)
async def test_after_a_death_the_next_run_begins(
    tables: str, store: TableStore, moment: Moment
) -> None:
    """Whoever died while beginning one keeps nobody else from it."""
    for number in range(1, await requests_of(tables, Begin) + 1):
        run = (number + 1) * APART
        await Begin(store, run).prepare()
        transport = BreakableTransport()
        transport.die_at(number, moment)
        async with TableStore.from_connection_string(
            tables, transport=transport, patience=patient()
        ) as dying:
            with pytest.raises(StoreUnavailable):
                await Begin(dying, run).do()
        await Begin(store, run + 1).do()
        assert len(await Begin(store, run + 1).left(Table.RUNS)) == 2
