"""A run that another version of the app has written keeps nobody from running the next one."""

import pytest

from shared.adapters.tables.store import TableStore
from shared.adapters.tables.sweep.run_rows import RUNS, run_key
from shared.adapters.tables.sweep.runs import TableRuns
from shared.domain.errors.storage import UnreadableRow
from shared.domain.errors.sweep import RunInProgress
from shared.names import Table
from tests.contract.sweep_samples import a_run, days


@pytest.fixture
async def runs(store: TableStore) -> TableRuns:
    """Runs, the first of which goes on and cannot be read."""
    runs = TableRuns(store)
    await runs.begin(a_run(1), given_up_before=days(0))
    await store.merge(
        Table.RUNS,
        {"PartitionKey": RUNS, "RowKey": run_key(a_run(1).run_id), "Form": "run-0"},
    )
    return runs


async def test_it_is_named(runs: TableRuns) -> None:
    """Nobody guesses what it holds."""
    with pytest.raises(UnreadableRow, match="run-0"):
        await runs.load(a_run(1).run_id)


async def test_it_goes_on_until_it_is_given_up(runs: TableRuns) -> None:
    """When it began is known all the same."""
    with pytest.raises(RunInProgress):
        await runs.begin(a_run(2), given_up_before=days(1))
    begun = await runs.begin(a_run(2), given_up_before=days(1.5))
    assert await runs.load(a_run(2).run_id) == begun


async def test_it_can_be_forgotten(runs: TableRuns) -> None:
    """With its line in the list."""
    await runs.forget(a_run(1).run_id)
    assert await runs.newest(None, 10) == ([], None)


async def test_it_is_told_as_old(runs: TableRuns) -> None:
    """Or what it found about people would stay for ever."""
    assert await runs.old(days(2), 10) == [a_run(1).run_id]


async def test_what_it_ended_as_need_not_be_known(runs: TableRuns, store: TableStore) -> None:
    """A state that there is no more, or not yet, is none of a run that goes on."""
    row = {"PartitionKey": RUNS, "RowKey": run_key(a_run(1).run_id), "State": "held"}
    await store.merge(Table.RUNS, row)
    begun = await runs.begin(a_run(2), given_up_before=days(0))
    assert await runs.load(a_run(2).run_id) == begun
