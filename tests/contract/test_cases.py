"""The contract of the port `Cases`."""

import asyncio
from dataclasses import replace

import pytest

from shared.adapters.tables.cases import TableCases
from shared.application.ports.cases import Cases
from shared.domain.cases import CaseState
from shared.domain.errors.storage import Conflict
from shared.domain.ids import CaseId
from tests.builders import NOW
from tests.contract.samples import (
    accepted,
    cancelled,
    later,
    noted,
    pinned,
    still_waiting,
    waiting,
)
from tests.fakes.cases import FakeCases


@pytest.fixture(params=["fake", "tables"])
def cases(request: pytest.FixtureRequest) -> Cases:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeCases()
    return TableCases(request.getfixturevalue("store"))


async def test_created_case_is_read_back(cases: Cases) -> None:
    """What was created is what is loaded: the case, its step, its event, its version."""
    new = accepted()
    created = await cases.create(new)
    loaded = await cases.load(new.case.case_id)
    assert loaded == created
    assert (created.case, created.steps, created.events) == (new.case, (new.step,), (new.event,))


async def test_unknown_case_is_none(cases: Cases) -> None:
    """A case that does not exist is None, not an error."""
    assert await cases.load(CaseId("0" * 32)) is None


async def test_second_create_changes_nothing(cases: Cases) -> None:
    """The case that exists is returned as it is stored, even where it has moved on."""
    created = await cases.create(accepted())
    moved = await cases.save(created, pinned(created.case, later(1)))
    again = await cases.create(accepted(later(9), case_id=created.case.case_id))
    assert again == moved
    assert await cases.load(created.case.case_id) == moved


async def test_of_many_creates_one_counts(cases: Cases) -> None:
    """Twenty creates at once give one case, and all of them get it."""
    news = [accepted(later(n), case_id="ab" * 16) for n in range(20)]
    made = await asyncio.gather(*(cases.create(new) for new in news))
    assert len(set(made)) == 1
    assert made[0] in set(made)
    assert await cases.load(CaseId("ab" * 16)) == made[0]


async def test_saved_transition_is_read_back(cases: Cases) -> None:
    """A save adds its step and its event and gives the version for the next save."""
    created = await cases.create(accepted())
    step = waiting(created.case, later(5), later(600))
    saved = await cases.save(created, step)
    assert saved.case == step.case
    assert saved.steps == (*created.steps, step.step)
    assert saved.events == (*created.events, step.event)
    assert await cases.load(created.case.case_id) == saved
    again = await cases.save(saved, still_waiting(saved.case, later(900)))
    assert await cases.load(created.case.case_id) == again


async def test_several_steps_are_saved_at_once(cases: Cases) -> None:
    """Each leaves its step and its event, in order, and the last one tells how the case stands."""
    created = await cases.create(accepted())
    first = noted(created.case, later(1))
    second = waiting(first.case, later(2), later(600))
    third = pinned(second.case, later(3))
    saved = await cases.save(created, first, second, third)
    assert saved.case == third.case
    assert saved.steps == (*created.steps, first.step, second.step, third.step)
    assert saved.events == (*created.events, second.event)
    assert await cases.load(created.case.case_id) == saved


async def test_emptied_fields_are_gone(cases: Cases) -> None:
    """What a transition sets back to None is not there any more."""
    stored = await cases.create(accepted())
    stored = await cases.save(stored, waiting(stored.case, later(1), later(600)))
    stored = await cases.save(stored, pinned(stored.case, later(2)))
    loaded = await cases.load(stored.case.case_id)
    assert loaded is not None
    assert loaded.case.wait_until is None


async def test_stale_save_is_a_conflict(cases: Cases) -> None:
    """Who read an older version can't write, and what is stored stays."""
    created = await cases.create(accepted())
    saved = await cases.save(created, pinned(created.case, later(1)))
    with pytest.raises(Conflict):
        await cases.save(created, cancelled(created.case, later(2)))
    assert await cases.load(created.case.case_id) == saved


async def test_of_many_saves_one_wins(cases: Cases) -> None:
    """Of ten saves of the same version one is stored, complete; the others are conflicts."""
    created = await cases.create(accepted())
    tries = [
        cases.save(created, waiting(created.case, later(n), later(600 + n))) for n in range(10)
    ]
    results = await asyncio.gather(*tries, return_exceptions=True)
    (won,) = [result for result in results if not isinstance(result, BaseException)]
    assert sum(isinstance(result, Conflict) for result in results) == 9
    assert await cases.load(created.case.case_id) == won


async def test_save_of_a_missing_case_is_a_conflict(cases: Cases) -> None:
    """A save never makes a case."""
    created = await cases.create(accepted())
    ghost = replace(created, case=replace(created.case, case_id=CaseId("f" * 32)))
    with pytest.raises(Conflict):
        await cases.save(ghost, pinned(ghost.case, later(1)))
    assert await cases.load(CaseId("f" * 32)) is None


async def test_published_events_are_marked(cases: Cases) -> None:
    """Exactly the events that the broker took are marked, and marking twice is harmless."""
    stored = await cases.create(accepted())
    stored = await cases.save(stored, waiting(stored.case, later(1), later(600)))
    marked = await cases.mark_published(stored, stored.events[:1], NOW)
    assert [event.published for event in marked.events] == [True, False]
    assert await cases.mark_published(stored, stored.events[:1], NOW) == marked
    assert await cases.load(stored.case.case_id) == marked


async def test_marking_no_event_changes_nothing(cases: Cases) -> None:
    """With nothing to mark, nothing is marked."""
    stored = await cases.create(accepted())
    assert await cases.mark_published(stored, (), NOW) == stored


async def test_marking_does_not_disturb_a_worker(cases: Cases) -> None:
    """A save of a version that was read before the marking succeeds and keeps the mark."""
    created = await cases.create(accepted())
    await cases.mark_published(created, created.events, NOW)
    await cases.save(created, pinned(created.case, later(1)))
    loaded = await cases.load(created.case.case_id)
    assert loaded is not None
    assert [event.published for event in loaded.events] == [True]
    assert loaded.case.state is CaseState.ACCEPTED


async def test_marking_events_of_a_missing_case_is_a_conflict(cases: Cases) -> None:
    """A mark never makes an event."""
    created = await cases.create(accepted())
    ghost = replace(created, case=replace(created.case, case_id=CaseId("f" * 32)))
    with pytest.raises(Conflict):
        await cases.mark_published(ghost, ghost.events, NOW)
