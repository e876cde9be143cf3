"""The contract of the port `DueCases`, and when cases are due."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from shared.adapters.tables.cases import TableCases
from shared.adapters.tables.due import TableDueCases
from shared.adapters.tables.keys import ascending
from shared.adapters.tables.store import TableStore
from shared.application.ports.cases import Cases, DueCases, StoredCase
from shared.domain.cases import Case
from shared.domain.ids import CaseId
from shared.domain.transitions import Transition
from shared.names import Table
from tests.builders import NOW
from tests.contract.samples import (
    NOON,
    accepted,
    cancelled,
    later,
    noted,
    parked,
    pinned,
    still_waiting,
    waiting,
)
from tests.fakes.cases import FakeCases

A_LITTLE = 0.000001
End = Callable[[Case, datetime], Transition]


class Both:
    """Cases, and what is due of them."""

    def __init__(self, cases: Cases, due: DueCases) -> None:
        self.cases = cases
        self.due = due

    async def ids(self, seconds: float) -> list[CaseId]:
        """What is overdue so many seconds after noon."""
        return [due.case_id for due in await self.due.overdue(later(seconds), 100)]

    async def becomes_due(self, stored: StoredCase, seconds: float) -> bool:
        """Whether the case is due from just this second after noon on, and not before."""
        return await self.ids(seconds) == [] and await self.ids(seconds + A_LITTLE) == [
            stored.case.case_id
        ]


@pytest.fixture(params=["fake", "tables"])
def both(request: pytest.FixtureRequest) -> Both:
    """Each implementation in turn."""
    if request.param == "fake":
        fake = FakeCases()
        return Both(fake, fake)
    store = request.getfixturevalue("store")
    return Both(TableCases(store), TableDueCases(store, settled_after=timedelta(0)))


async def test_new_case_is_due_a_minute_on(both: Both) -> None:
    """A case that waits for nothing is due 60 seconds after its last change."""
    stored = await both.cases.create(accepted())
    assert await both.becomes_due(stored, 60)
    (due,) = await both.due.overdue(later(61), 100)
    assert due.due_at == NOON + timedelta(seconds=60)


async def test_waiting_case_is_due_after_its_moment(both: Both) -> None:
    """A case that waits is due 45 seconds after the moment it waits for."""
    stored = await both.cases.create(accepted())
    stored = await both.cases.save(stored, waiting(stored.case, later(1), later(600)))
    await both.cases.mark_published(stored, stored.events, NOW)
    assert await both.becomes_due(stored, 645)


async def test_unpublished_event_is_due_a_minute_on(both: Both) -> None:
    """However long a case waits, its unpublished events are due 60 seconds after the change."""
    stored = await both.cases.create(accepted())
    stored = await both.cases.save(stored, waiting(stored.case, later(1), later(600)))
    assert await both.becomes_due(stored, 61)
    assert len(await both.due.overdue(later(700), 100)) == 1


async def test_save_replaces_what_was_due(both: Both) -> None:
    """After a save only the new moment counts."""
    stored = await both.cases.create(accepted())
    stored = await both.cases.mark_published(stored, stored.events, NOW)
    stored = await both.cases.save(stored, pinned(stored.case, later(30)))
    stored = await both.cases.save(stored, still_waiting(stored.case, later(100)))
    assert await both.becomes_due(stored, 145)


@pytest.mark.parametrize(("seconds", "due"), [(30, 60), (30 + A_LITTLE, 90 + A_LITTLE)])
async def test_case_at_work_may_be_due_half_a_minute_early(
    both: Both, seconds: float, due: float
) -> None:
    """While one step follows another the first one's moment stands, up to 30 seconds early."""
    stored = await both.cases.create(accepted())
    stored = await both.cases.mark_published(stored, stored.events, NOW)
    stored = await both.cases.save(stored, noted(stored.case, later(seconds)))
    assert await both.becomes_due(stored, due)


async def test_case_that_waits_is_due_at_its_own_moment(both: Both) -> None:
    """A moment that is near enough for a case at work does not stand in for one that waits."""
    stored = await both.cases.create(accepted())
    stored = await both.cases.mark_published(stored, stored.events, NOW)
    stored = await both.cases.save(stored, still_waiting(stored.case, later(20)))
    assert await both.becomes_due(stored, 65)


async def test_moment_that_stands_is_left_when_the_case_waits(both: Both) -> None:
    """Nothing is left of an early moment once the case waits for another, or is over."""
    stored = await both.cases.create(accepted())
    stored = await both.cases.save(stored, noted(stored.case, later(10)))
    stored = await both.cases.save(stored, waiting(stored.case, later(11), later(600)))
    stored = await both.cases.mark_published(stored, stored.events, NOW)
    assert await both.becomes_due(stored, 645)
    stored = await both.cases.save(stored, cancelled(stored.case, later(700)))
    await both.cases.mark_published(stored, stored.events, NOW)
    assert await both.ids(10**6) == []


async def test_moment_that_stands_is_not_forgotten(both: Both) -> None:
    """Recovery that meets the early row of a case at work leaves it, for the case counts on it."""
    stored = await both.cases.create(accepted())
    stored = await both.cases.mark_published(stored, stored.events, NOW)
    stored = await both.cases.save(stored, noted(stored.case, later(10)))
    (due,) = await both.due.overdue(later(61), 100)
    await both.due.forget(due)
    assert await both.becomes_due(stored, 60)


async def test_same_moment_twice_stays_due(both: Both) -> None:
    """A save that leaves the moment as it was leaves the case due."""
    stored = await both.cases.create(accepted())
    stored = await both.cases.mark_published(stored, stored.events, NOW)
    stored = await both.cases.save(stored, still_waiting(stored.case, later(100)))
    stored = await both.cases.save(stored, still_waiting(stored.case, later(100)))
    assert await both.becomes_due(stored, 145)


@pytest.mark.parametrize("end", [cancelled, parked])
async def test_resting_case_is_due_until_published(both: Both, end: End) -> None:
    """An ended or parked case is due while an event of it is unpublished, and never after."""
    stored = await both.cases.create(accepted())
    stored = await both.cases.save(stored, end(stored.case, later(10)))
    assert await both.becomes_due(stored, 70)
    half = await both.cases.mark_published(stored, stored.events[:1], NOW)
    assert await both.becomes_due(stored, 70)
    await both.cases.mark_published(half, half.events[1:], NOW)
    assert await both.ids(10**6) == []


async def test_oldest_come_first_and_no_more_than_asked(both: Both) -> None:
    """Of many due cases the oldest are given out, in order, across all buckets."""
    made = [await both.cases.create(accepted(later(n))) for n in range(25)]
    found = await both.due.overdue(later(1000), 10)
    assert [due.case_id for due in found] == [stored.case.case_id for stored in made[:10]]
    assert len(await both.due.overdue(later(1000), 100)) == 25


async def test_postponed_case_rests_until_then(both: Both) -> None:
    """A case that was postponed is not given out again before that moment."""
    stored = await both.cases.create(accepted())
    (due,) = await both.due.overdue(later(61), 100)
    await both.due.postpone(due, later(300))
    assert await both.becomes_due(stored, 300)


async def test_save_ends_a_postponement(both: Both) -> None:
    """After a save the case is due when its new state says, and only then."""
    stored = await both.cases.create(accepted())
    (due,) = await both.due.overdue(later(61), 100)
    await both.due.postpone(due, later(300))
    stored = await both.cases.save(stored, pinned(stored.case, later(100)))
    assert await both.becomes_due(stored, 160)
    stored = await both.cases.save(stored, cancelled(stored.case, later(200)))
    await both.cases.mark_published(stored, stored.events, NOW)
    assert await both.ids(10**6) == []


async def test_late_postponement_revives_nothing(both: Both) -> None:
    """Postponing what the case has left behind brings nothing back."""
    stored = await both.cases.create(accepted())
    (due,) = await both.due.overdue(later(61), 100)
    stored = await both.cases.save(stored, cancelled(stored.case, later(62)))
    await both.cases.mark_published(stored, stored.events, NOW)
    await both.due.postpone(due, later(300))
    assert await both.ids(10**6) == []


async def test_forgetting_keeps_what_a_case_needs(both: Both) -> None:
    """A row that the case still counts on is not forgotten, whoever asks."""
    stored = await both.cases.create(accepted())
    (due,) = await both.due.overdue(later(61), 100)
    await both.due.forget(due)
    assert await both.becomes_due(stored, 60)


async def test_row_that_can_not_be_read_keeps_nobody_waiting(store: TableStore) -> None:
    """A due row without its case is passed over; the others are given out."""
    stored = await TableCases(store).create(accepted())
    broken = {"PartitionKey": "00", "RowKey": ascending(later(0)), "NotBefore": ascending(later(0))}
    await store.put(Table.DUE, broken)
    due = await TableDueCases(store).overdue(later(61), 100)
    assert [one.case_id for one in due] == [stored.case.case_id]
