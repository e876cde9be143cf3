"""A save with more to come leaves the rows that no longer hold to the next one, or to recovery."""

from datetime import timedelta

import pytest

from shared.adapters.tables.cases import TableCases
from shared.adapters.tables.due import TableDueCases
from shared.adapters.tables.lists import TableCaseLists
from shared.adapters.tables.store import TableStore
from shared.application.ports.cases import StoredCase
from shared.domain.cases import CaseState
from shared.domain.errors.storage import Conflict, StoreUnavailable
from shared.domain.ids import CaseId
from tests.builders import NOW
from tests.contract.patience import patient
from tests.contract.samples import (
    PERSON,
    accepted,
    announced,
    cancelled,
    later,
    noted,
    parked,
    pinned,
    proven,
    waiting,
)
from tests.contract.traces import counted_on, recover, traces
from tests.stands.transport import BreakableTransport, Moment

REQUESTS = 5
"""Of the save with more to come: a due row, three lines and the transaction."""
CASE = CaseId("c" * 32)


async def known(cases: TableCases, case_id: CaseId = CASE) -> StoredCase:
    """A case whose person is known; its events are published."""
    stored = await cases.create(accepted(case_id=case_id))
    stored = await cases.save(stored, waiting(stored.case, later(1), later(600)))
    stored = await cases.save(stored, pinned(stored.case, later(2)))
    return await cases.mark_published(stored, stored.events, NOW)


async def announce(cases: TableCases, stored: StoredCase) -> StoredCase:
    """The save with more to come."""
    return await cases.save(stored, announced(stored.case, later(3)), more_to_come=True)


async def assert_as_if_nothing_had_been_left(store: TableStore, case_id: CaseId = CASE) -> None:
    """There are the rows of the case as it stands, and no others."""
    left, stored = await traces(store, case_id), await TableCases(store).load(case_id)
    assert stored is not None
    assert left.due == await counted_on(store, case_id)
    ((partition, _),) = left.states
    assert partition.rpartition("_")[0] == stored.case.state
    assert len({key for _, key in left.people}) == 1


async def test_nothing_is_removed_while_more_is_to_come(tables: str) -> None:
    """The rows are written side by side, then the case, and that is all that is waited for."""
    transport = BreakableTransport()
    async with TableStore.from_connection_string(
        tables, transport=transport, patience=patient()
    ) as store:
        cases = TableCases(store)
        stored = await known(cases)
        before = await traces(store, CASE)
        transport.requests.clear()
        await announce(cases, stored)
        assert transport.requests[-1] == "POST $batch"
        assert sorted(transport.requests[:-1]) == [
            "PUT CasesByState",
            "PUT CasesByUser",
            "PUT CasesByUser",
            "PUT Due",
        ]
        after = await traces(store, CASE)
    assert before.due < after.due
    assert before.states < after.states
    assert before.people < after.people


async def test_the_next_save_removes_the_rows_of_both(store: TableStore) -> None:
    """Those that were left, and those that the save with more to come had made."""
    cases = TableCases(store)
    stored = await announce(cases, await known(cases))
    await cases.save(stored, proven(stored.case, later(4), later(900)))
    await assert_as_if_nothing_had_been_left(store)


async def test_rows_may_be_left_several_times(store: TableStore) -> None:
    """Between two writes of the same case: the save after them removes the rows of all."""
    cases = TableCases(store)
    stored = await announce(cases, await known(cases))
    following = proven(stored.case, later(40), later(900))
    stored = await cases.save(stored, following, more_to_come=True)
    assert len((await traces(store, CASE)).states) == 3
    stored = await cases.save(stored, cancelled(stored.case, later(41)))
    await cases.mark_published(stored, stored.events, NOW)
    left = await traces(store, CASE)
    assert (left.due, len(left.states)) == (frozenset(), 1)


async def test_rows_that_still_hold_are_not_removed(store: TableStore) -> None:
    """What the next save counts on as well stays, whoever made it."""
    cases = TableCases(store)
    stored = await cases.create(accepted(case_id=CASE))
    made = await traces(store, CASE)
    stored = await cases.save(stored, noted(stored.case, later(1)), more_to_come=True)
    await cases.save(stored, noted(stored.case, later(2)))
    assert await traces(store, CASE) == made
    assert await counted_on(store, CASE) == made.due


async def test_publishing_leaves_them_to_the_next_save(store: TableStore) -> None:
    """Events are published between the two; what was left is not forgotten by that."""
    cases = TableCases(store)
    stored = await cases.create(accepted(case_id=CASE))
    following = waiting(stored.case, later(1), later(600))
    stored = await cases.save(stored, following, more_to_come=True)
    stored = await cases.mark_published(stored, stored.events, NOW)
    await cases.save(stored, pinned(stored.case, later(2)))
    await assert_as_if_nothing_had_been_left(store)


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_death_before_the_next_save_is_made_good_by_recovery(
    tables: str, store: TableStore, moment: Moment
) -> None:
    """At whatever request we die, no due row is missing, and recovery alone tidies the rest up."""
    for number in range(1, REQUESTS + 1):
        case_id = CaseId(f"{number:032x}")
        await known(TableCases(store), case_id)
        transport = BreakableTransport()
        transport.die_at(number + 1, moment)  # The first one reads the case.
        async with TableStore.from_connection_string(
            tables, transport=transport, patience=patient()
        ) as dying:
            stored = await TableCases(dying).load(case_id)
            assert stored is not None
            with pytest.raises(StoreUnavailable):
                await announce(TableCases(dying), stored)
        assert await counted_on(store, case_id) <= (await traces(store, case_id)).due
        await recover(store, case_id)
        await assert_as_if_nothing_had_been_left(store, case_id)


async def test_death_between_the_two_saves_is_made_good_by_recovery(store: TableStore) -> None:
    """Who goes on with the case knows of no rows that were left; recovery meets their due row."""
    cases = TableCases(store)
    await announce(cases, await known(cases))
    stored = await cases.load(CASE)
    assert stored is not None
    await cases.save(stored, proven(stored.case, later(70), later(900)))
    assert len((await traces(store, CASE)).states) == 2
    (first,) = await TableDueCases(store).overdue(later(63), 10)
    await TableDueCases(store, settled_after=timedelta(0)).forget(first)
    await assert_as_if_nothing_had_been_left(store)


async def test_who_comes_too_late_leaves_the_rows_to_recovery(store: TableStore) -> None:
    """A worker that was overtaken before its next save removes what is its own alone."""
    cases = TableCases(store)
    stored = await announce(cases, await known(cases))
    others = await cases.load(CASE)
    assert others is not None
    await cases.save(others, proven(others.case, later(70), later(900)))
    with pytest.raises(Conflict):
        await cases.save(stored, cancelled(stored.case, later(71)))
    assert await counted_on(store, CASE) <= (await traces(store, CASE)).due
    await recover(store, CASE)
    await assert_as_if_nothing_had_been_left(store)


async def test_lists_tell_the_newest_state_meanwhile(store: TableStore) -> None:
    """Each case once, as it stands; a list of the former state alone may still show it there."""
    cases, lists = TableCases(store), TableCaseLists(store)
    stored = await announce(cases, await known(cases))
    for page in (
        await lists.in_states(frozenset(CaseState), None),
        await lists.in_states(frozenset({stored.case.state}), None),
        await lists.of_user(PERSON, None),
    ):
        assert [(line.case_id, line.state) for line in page.cases] == [(CASE, stored.case.state)]


async def test_rows_that_recovery_would_not_find_are_removed_at_once(store: TableStore) -> None:
    """A case that rests has no due row, which alone could tell recovery of its lines."""
    cases = TableCases(store)
    stored = await known(cases)
    stored = await cases.save(stored, parked(stored.case, later(3)))
    stored = await cases.mark_published(stored, stored.events, NOW)
    await cases.save(stored, announced(stored.case, later(4)), more_to_come=True)
    await assert_as_if_nothing_had_been_left(store)
