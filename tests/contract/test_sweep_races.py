"""Two workers of the sweep meet at the worst moment."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shared.adapters.tables.store import TableStore
from shared.adapters.tables.sweep.runs import TableRuns
from shared.adapters.tables.sweep.staging import TableStaging
from shared.domain.errors.sweep import RunInProgress
from shared.domain.sweep.runs import RunState, Stage
from shared.domain.sweep.slices import Slice
from shared.names import Table
from tests.contract.patience import patient
from tests.contract.sweep_samples import a_run, days, staged
from tests.stands.transport import BreakableTransport


@pytest.fixture
async def transport() -> BreakableTransport:
    """Lets the other one come first."""
    return BreakableTransport()


@pytest.fixture
async def slow(tables: str, transport: BreakableTransport) -> AsyncIterator[TableStore]:
    """The store of the one who is too slow."""
    async with TableStore.from_connection_string(
        tables, transport=transport, patience=patient()
    ) as store:
        yield store


async def test_a_run_that_ends_while_it_is_given_up_has_ended(
    store: TableStore, slow: TableStore, transport: BreakableTransport
) -> None:
    """What its worker saved stays; the next one begins all the same."""
    runs = TableRuns(store)
    begun = await runs.begin(a_run(1), given_up_before=days(0))
    over = replace(begun.run, state=RunState.COMPLETED, stage=Stage.NOTHING)
    transport.let_happen_before(3, lambda: runs.save(begun, over))
    await TableRuns(slow).begin(a_run(2), given_up_before=days(2))
    assert [run.state for run in (await runs.newest(None, 2))[0]] == [
        RunState.RUNNING,
        RunState.COMPLETED,
    ]


async def test_a_run_that_begins_while_another_begins_is_the_one(
    store: TableStore, slow: TableStore, transport: BreakableTransport
) -> None:
    """Who saw the way free a moment ago is refused, and leaves nothing."""
    runs = TableRuns(store)
    begun = await runs.begin(a_run(1), given_up_before=days(0))
    await runs.save(begun, replace(begun.run, state=RunState.PARTIAL))
    transport.let_happen_before(3, lambda: runs.begin(a_run(2), given_up_before=days(0)))
    with pytest.raises(RunInProgress):
        await TableRuns(slow).begin(a_run(3), given_up_before=days(0))
    assert await runs.load(a_run(3).run_id) is None


async def test_rows_that_another_drops_meanwhile_keep_no_other(
    store: TableStore, slow: TableStore, transport: BreakableTransport
) -> None:
    """A transaction that meets one that is gone drops nothing; the rest goes one by one."""
    run_id = a_run(1).run_id
    for number in range(5):
        await TableStaging(store).keep(run_id, f"c{number}", {Slice(0, 1): staged(number)})
    (first, *_) = await store.find(Table.STAGING, "RowKey ge ''", {}, 1)
    transport.let_happen_before(2, lambda: store.delete(Table.STAGING, first.partition, first.key))
    await TableStaging(slow).forget(run_id)
    assert await store.find(Table.STAGING, "RowKey ge ''", {}, 10) == []
