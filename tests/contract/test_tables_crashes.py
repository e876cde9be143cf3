"""A process may die, and a connection may break, at any request to Table Storage."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from shared.adapters.tables.cases import TableCases
from shared.adapters.tables.claims import TableClaims
from shared.adapters.tables.controls import TableControls
from shared.adapters.tables.due import TableDueCases
from shared.adapters.tables.indexes import marks_of, write_indexes
from shared.adapters.tables.lists import TableCaseLists
from shared.adapters.tables.parked import TableParkedMessages
from shared.adapters.tables.store import TableStore
from shared.application.ports.cases import StoredCase
from shared.domain.cases import CaseState
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import CaseId
from shared.domain.transitions import Transition
from tests.builders import NOW
from tests.contract.patience import patient
from tests.contract.samples import (
    accepted,
    announced,
    cancelled,
    later,
    noted,
    pinned,
    proven,
    waiting,
)
from tests.contract.test_parked import a_parked
from tests.contract.traces import Traces, counted_on, recover, traces
from tests.stands.transport import BreakableTransport, Moment

Work = Callable[[TableCases, CaseId], Awaitable[StoredCase]]
MOMENTS: tuple[Moment, ...] = ("before", "after")


async def create(cases: TableCases, case_id: CaseId) -> StoredCase:
    """What the intake does, again and again until it succeeds."""
    return await cases.create(accepted(case_id=case_id))


async def note(cases: TableCases, case_id: CaseId) -> StoredCase:
    """What a worker does: it looks how far the case is and does the next thing."""
    return await _step(cases, case_id, 2, lambda stored: noted(stored.case, later(1)))


async def save(cases: TableCases, case_id: CaseId) -> StoredCase:
    """The case waits."""
    return await _step(cases, case_id, 3, lambda stored: waiting(stored.case, later(5), later(600)))


async def pin(cases: TableCases, case_id: CaseId) -> StoredCase:
    """The person becomes known."""
    return await _step(cases, case_id, 4, lambda stored: pinned(stored.case, later(6)))


async def change(cases: TableCases, case_id: CaseId) -> StoredCase:
    """What a worker does around a write: it stores what is announced, and soon what is proven."""
    stored = await cases.load(case_id)
    assert stored is not None
    if len(stored.steps) < 5:
        stored = await cases.save(stored, announced(stored.case, later(7)), more_to_come=True)
    if len(stored.steps) < 6:
        stored = await cases.save(stored, proven(stored.case, later(8), later(900)))
    return stored


async def end(cases: TableCases, case_id: CaseId) -> StoredCase:
    """The case ends."""
    return await _step(cases, case_id, 7, lambda stored: cancelled(stored.case, later(9)))


async def publish(cases: TableCases, case_id: CaseId) -> StoredCase:
    """What the outbox does."""
    stored = await cases.load(case_id)
    assert stored is not None
    pending = [event for event in stored.events if not event.published]
    return await cases.mark_published(stored, pending, NOW)


async def _step(
    cases: TableCases, case_id: CaseId, number: int, make: Callable[[StoredCase], Transition]
) -> StoredCase:
    stored = await cases.load(case_id)
    assert stored is not None
    return stored if len(stored.steps) >= number else await cases.save(stored, make(stored))


STORY: tuple[Work, ...] = (create, note, save, pin, change, end, publish)
STEPS = (1, 2, 3, 4, 6, 7, 7)
"""After each part."""


async def requests_of(tables: str, part: int) -> int:
    """How many requests a part of the story takes."""
    transport = BreakableTransport()
    case_id = CaseId("c" * 32)
    async with TableStore.from_connection_string(
        tables, transport=transport, patience=patient()
    ) as store:
        for work in STORY[:part]:
            await work(TableCases(store), case_id)
        before = len(transport.requests)
        await STORY[part](TableCases(store), case_id)
        return len(transport.requests) - before


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("part", range(len(STORY)), ids=[work.__name__ for work in STORY])
async def test_death_at_any_request_is_made_good(
    tables: str, store: TableStore, part: int, moment: Moment
) -> None:
    """Wherever we die, no due row is missing; done again and recovered, nothing is left over."""
    for number in range(1, await requests_of(tables, part) + 1):
        case_id = CaseId(f"{number:032x}")
        for work in STORY[:part]:
            await work(TableCases(store), case_id)
        transport = BreakableTransport()
        transport.die_at(number, moment)
        async with TableStore.from_connection_string(
            tables, transport=transport, patience=patient()
        ) as dying:
            try:
                await STORY[part](TableCases(dying), case_id)
            except StoreUnavailable:
                pass
            else:
                # Only tidying up may fail without a word: what had to be stored is stored.
                assert await TableCases(store).load(case_id) is not None
        assert await counted_on(store, case_id) <= (await traces(store, case_id)).due
        await STORY[part](TableCases(store), case_id)
        await assert_clean(store, case_id, part)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("part", range(len(STORY)), ids=[work.__name__ for work in STORY])
async def test_broken_connection_is_not_noticed(
    tables: str, store: TableStore, part: int, moment: Moment
) -> None:
    """One broken connection, wherever it is, changes neither the result nor the rows."""
    for number in range(1, await requests_of(tables, part) + 1):
        case_id = CaseId(f"{number:032x}")
        for work in STORY[:part]:
            await work(TableCases(store), case_id)
        transport = BreakableTransport()
        transport.break_at(number, moment)
        async with TableStore.from_connection_string(
            tables, transport=transport, patience=patient(0, 0)
        ) as shaky:
            result = await STORY[part](TableCases(shaky), case_id)
        assert await TableCases(store).load(case_id) == result
        left = await traces(store, case_id)
        assert left.due == await counted_on(store, case_id)
        assert len(left.states) == 1
        await assert_clean(store, case_id, part)


async def assert_clean(store: TableStore, case_id: CaseId, part: int) -> None:
    """After recovery exactly the rows are there that a life without trouble would have left."""
    await recover(store, case_id)
    stored = await TableCases(store).load(case_id)
    assert stored is not None
    assert len(stored.steps) == STEPS[part]
    left = await traces(store, case_id)
    assert left.due == await counted_on(store, case_id)
    assert len(left.states) == 1
    assert {partition.rpartition("_")[0] for partition, _ in left.states} == {stored.case.state}
    # One by what HR calls the person, and one by who they are once that is known.
    assert len(left.people) == (1 if stored.case.user_id is None else 2)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_claim_whose_answer_is_lost_is_ours(tables: str, moment: Moment) -> None:
    """A claim that was stored without an answer still counts as made by the call that made it."""
    transport = BreakableTransport()
    transport.break_at(1, moment)
    async with TableStore.from_connection_string(
        tables, transport=transport, patience=patient(0)
    ) as store:
        claim = await TableClaims(store).claim("evt", "hash")
        assert claim.fresh
        again = await TableClaims(store).claim("evt", "hash")
        assert (again.case_id, again.fresh) == (claim.case_id, False)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_control_write_whose_answer_is_lost_counts(tables: str, moment: Moment) -> None:
    """A control row that was stored without an answer is no conflict, nor is its replacement."""
    entries = [ControlEntry(), ControlEntry(mode=Mode.ACT), ControlEntry(mode=Mode.STOP)]
    for old, new in pairwise(entries):
        transport = BreakableTransport()
        transport.break_at(2, moment)
        async with TableStore.from_connection_string(
            tables, transport=transport, patience=patient(0)
        ) as store:
            controls = TableControls(store)
            await controls.replace(Capability.ONBOARDING, old, new)
            assert await controls.entry(Capability.ONBOARDING) == new


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("number", [1, 2])
async def test_parking_survives_death(
    tables: str, store: TableStore, number: int, moment: Moment
) -> None:
    """A message whose parking broke off is kept and listed once when it comes again."""
    transport = BreakableTransport()
    transport.die_at(number, moment)
    parked = a_parked(number)
    async with TableStore.from_connection_string(
        tables, transport=transport, patience=patient()
    ) as dying:
        with pytest.raises(StoreUnavailable):
            await TableParkedMessages(dying).add(parked)
    messages = TableParkedMessages(store)
    await messages.add(parked)
    assert await messages.newest(None) == ((parked,), None)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("number", [1, 2, 3])
async def test_removal_survives_death(
    tables: str, store: TableStore, number: int, moment: Moment
) -> None:
    """A message whose removal broke off is either still there whole or not listed any more."""
    messages = TableParkedMessages(store)
    parked = a_parked(number)
    await messages.add(parked)
    transport = BreakableTransport()
    transport.die_at(number, moment)
    async with TableStore.from_connection_string(
        tables, transport=transport, patience=patient()
    ) as dying:
        with pytest.raises(StoreUnavailable):
            await TableParkedMessages(dying).remove(parked.parked_id)
    kept = await messages.get(parked.parked_id)
    assert await messages.newest(None) == (() if kept is None else (parked,), None)
    await messages.remove(parked.parked_id)
    assert await messages.newest(None) == ((), None)


async def test_young_due_row_is_not_forgotten(store: TableStore) -> None:
    """A due row whose case is not there yet may belong to a transaction under way, so it stays."""
    new = accepted()
    marks = marks_of(new.case, (), None)
    await write_indexes(store, new.case, marks)
    due_cases = TableDueCases(store)
    (due,) = await due_cases.overdue(later(61), 10)
    await due_cases.forget(due)
    assert await due_cases.overdue(later(61), 10) == (due,)
    await recover(store, new.case.case_id)
    assert await traces(store, new.case.case_id) == Traces(frozenset(), frozenset(), frozenset())


async def test_stale_line_is_not_shown_twice(store: TableStore) -> None:
    """A line that a crash left behind does not show the case a second time on the page."""
    stored = await TableCases(store).create(accepted())
    stale = replace(stored.case, updated_at=later(-5))
    await write_indexes(store, stale, marks_of(stale, (), None))
    page = await TableCaseLists(store).in_states(frozenset({CaseState.ACCEPTED}), None)
    assert [line.updated_at for line in page.cases] == [stored.case.updated_at]


async def test_losers_of_a_race_leave_nothing(store: TableStore) -> None:
    """Who lost the race to create or to save a case takes its rows beside the case along."""
    cases, case_id = TableCases(store), CaseId("ab" * 16)
    await asyncio.gather(*(cases.create(accepted(case_id=case_id)) for _ in range(8)))
    left = await traces(store, case_id)
    assert (left.due, len(left.states)) == (await counted_on(store, case_id), 1)
    stored = await cases.load(case_id)
    assert stored is not None
    await asyncio.gather(
        *(cases.save(stored, waiting(stored.case, later(n), later(600))) for n in range(8)),
        return_exceptions=True,
    )
    left = await traces(store, case_id)
    assert (left.due, len(left.states)) == (await counted_on(store, case_id), 1)


async def test_losers_of_a_race_leave_what_stands(store: TableStore) -> None:
    """Rows that a case at work keeps are nobody's to take along: the winner counts on them."""
    cases = TableCases(store)
    stored = await cases.create(accepted())
    before = await traces(store, stored.case.case_id)
    await asyncio.gather(
        *(cases.save(stored, noted(stored.case, later(n))) for n in range(8)),
        return_exceptions=True,
    )
    assert await traces(store, stored.case.case_id) == before
    assert await counted_on(store, stored.case.case_id) == before.due


async def test_line_of_a_removed_message_shows_nothing(tables: str, store: TableStore) -> None:
    """A line that a broken removal left does not list the message a second time."""
    messages, parked = TableParkedMessages(store), a_parked(1)
    await messages.add(parked)
    transport = BreakableTransport()
    transport.die_at(3, "before")  # after the message went, before its line did
    async with TableStore.from_connection_string(
        tables, transport=transport, patience=patient()
    ) as dying:
        with pytest.raises(StoreUnavailable):
            await TableParkedMessages(dying).remove(parked.parked_id)
    again = replace(parked, at=later(9))
    await messages.add(again)
    assert await messages.newest(None) == ((again,), None)
