"""Lists are dropped when nobody needs them; one person's trouble is not everybody's."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from shared.application.enrolments import ABANDONED_AFTER, ForgetEnrolments
from shared.domain.cases import Case, CaseState
from shared.domain.control import Mode
from shared.domain.enrolment.people import Listed
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import DirectoryUnavailable, RequestRejected
from shared.domain.ids import CaseId, SourceName
from shared.domain.plans import EnrolmentPlan
from tests.builders import CASE_ID, NOW, accepted
from tests.fakes.cases import FakeCases
from tests.fakes.enrolments import FakeEnrolmentLists
from tests.properties.clock import WorldClock
from tests.properties.enrolling import DONE, PLANNED, Enrolling, Kind

LASTING = timedelta(days=90)


def an_enrolment(state: CaseState, digest: str) -> Case:
    """An enrolment in a state, with a plan or without."""
    plan = EnrolmentPlan(group_id=None, enforce_by=None, occurred_at=NOW, edition=0, digest=digest)
    return Case(
        case_id=CASE_ID,
        state=state,
        source=SourceName("people"),
        verified_with="sign-in",
        plan=plan,
        accepted_at=NOW,
        updated_at=NOW,
    )


@pytest.mark.parametrize(
    ("state", "digest", "after", "dropped"),
    [
        (CaseState.ACCEPTED, "", LASTING * 2, False),
        (CaseState.ENROLLING, "d", LASTING * 2, False),
        (CaseState.PARKED, "d", LASTING * 2, False),
        (CaseState.COMPLETED, "d", LASTING, False),
        (CaseState.COMPLETED, "d", LASTING + timedelta(seconds=1), True),
        (CaseState.CANCELLED, "", timedelta(0), True),
    ],
)
async def test_a_list_is_kept_as_long_as_it_is_needed(
    state: CaseState, digest: str, after: timedelta, *, dropped: bool
) -> None:
    """While its case is open, then for the retention; without a plan it goes with the case."""
    cases, lists, clock = FakeCases(), FakeEnrolmentLists(), WorldClock()
    await cases.create(accepted(an_enrolment(state, digest)))
    await lists.write(CASE_ID, 0, [[Listed(position=1)]], NOW)
    clock.advance(after)
    forget = ForgetEnrolments(lists, cases, clock, LASTING)
    assert await forget() == int(dropped)
    assert bool(await lists.read(CASE_ID, 0, 0, 1)) is not dropped


async def test_a_list_without_a_case_is_kept_for_a_day() -> None:
    """The request may be sent again."""
    lists, clock = FakeEnrolmentLists(), WorldClock()
    await lists.write(CaseId("f" * 32), 0, [[Listed(position=1)]], NOW)
    forget = ForgetEnrolments(lists, FakeCases(), clock, LASTING)
    clock.advance(ABANDONED_AFTER)
    assert await forget() == 0
    clock.advance(timedelta(seconds=1))
    assert await forget() == 1


async def planned_with(trouble: LifecycleError, times: int, people: int) -> Enrolling:
    """An enrolment whose first looks at people go wrong."""
    enrolling = Enrolling(Random(7), [Kind.PLAIN] * people)  # noqa: S311  (a story, no secret)
    await enrolling.world.set_mode(Mode.ACT)
    await enrolling.ask()
    enrolling.world.tenant.troubles = [trouble] * times
    await enrolling.go_on(PLANNED | {CaseState.PARKED})
    return enrolling


async def test_one_person_who_can_not_be_read_is_unknown() -> None:
    """A request that Graph calls wrong is not waited for, and holds nobody else up."""
    enrolling = await planned_with(RequestRejected("400"), 1, 3)
    assert dict(enrolling.plan.findings) == {"enrol": 2, "unknown": 1}
    await enrolling.confirm()
    await enrolling.go_on(DONE)
    assert len(enrolling.opened()) == 2


async def test_trouble_that_passes_leaves_no_trace_in_the_plan() -> None:
    """Who can't be read just now is looked at again."""
    enrolling = await planned_with(DirectoryUnavailable("503"), 4, 3)
    assert dict(enrolling.plan.findings) == {"enrol": 3}


async def test_a_directory_that_is_away_parks_the_enrolment() -> None:
    """Where nobody at all can be read, nobody is called unknown."""
    enrolling = await planned_with(DirectoryUnavailable("503"), 999, 3)
    assert enrolling.case.state is CaseState.PARKED
    assert [one.planned for one in await enrolling.listed()] == [None, None, None]
    enrolling.world.tenant.troubles = []
    (kept,), _ = await enrolling.world.parked.newest(None)
    await enrolling.world.hosts[0].replay_parked(kept.parked_id, "admin-2")
    await enrolling.go_on(PLANNED)
    assert dict(enrolling.plan.findings) == {"enrol": 3}


async def test_a_worker_that_was_overtaken_changes_no_list() -> None:
    """The group is written down again by the next holder of the lease, as another edition."""
    enrolling = Enrolling(Random(7), [Kind.PLAIN])  # noqa: S311  (a story, no secret)
    await enrolling.world.set_mode(Mode.ACT)
    await enrolling.ask(by_group=True)
    await enrolling.go_on(PLANNED)
    edition = enrolling.plan.edition
    assert edition is not None
    assert edition > 0
    before = await enrolling.listed()
    late = [[replace(before[0], position=2)]]
    await enrolling.world.enrolment_lists.write(enrolling.case.case_id, edition - 1, late, NOW)
    assert await enrolling.listed() == before
