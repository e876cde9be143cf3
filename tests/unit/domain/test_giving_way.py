"""When a case gives way for good, when it waits, and when it goes on after all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.cases import Case, CaseState
from shared.domain.ids import CaseId
from shared.domain.plans import LeaverPlan, OnboardingPlan
from shared.domain.precedence import gives_way, leavers
from shared.domain.schedules import Rules
from tests.builders import NOW, SIGN_IN_NAME, USER_ID, a_case, a_plan

DAY = timedelta(days=1)
LATER = NOW + 9 * DAY
RULES = Rules()


def joins(
    number: int, state: CaseState, *, told: int, starts: float | None = None, rehire: bool = False
) -> Case:
    """Somebody of whom HR tells that they work here, from that day on where it tells no other."""
    first_day = NOW + (told if starts is None else starts) * DAY
    plan = a_plan(occurred_at=NOW + told * DAY, starts_at=first_day)
    case = a_case(state, case_id=CaseId(f"{number:032x}"), plan=replace(plan, rehire=rehire))
    return replace(case, accepted_at=NOW + told * DAY, updated_at=NOW + told * DAY)


def leaves(number: int, state: CaseState, *, told: int, last: int) -> Case:
    """Somebody of whom HR tells that they leave."""
    plan = LeaverPlan(
        user_principal_name=SIGN_IN_NAME,
        employee_id=None,
        effective_at=NOW + last * DAY,
        occurred_at=NOW + told * DAY,
    )
    return replace(joins(number, state, told=told), plan=plan)


def way_of(case: Case, *others: Case, begun: bool = False) -> CaseState | None:
    """In which state it gives way; None where it goes on."""
    way = gives_way(case, others, RULES, LATER, begun=begun)
    return None if way is None else way.case.state


def test_a_case_waits_for_one_that_has_not_begun_and_says_so_once() -> None:
    """At every look it waits anew."""
    case = joins(1, CaseState.ACCEPTED, told=0)
    other = joins(2, CaseState.WAITING_START, told=1)
    first = gives_way(case, [other], RULES, LATER)
    assert first is not None
    assert first.step is not None
    assert (first.step.action, first.case.state) == ("give-way", CaseState.ACCEPTED)
    again = gives_way(first.case, [other], RULES, LATER + DAY)
    assert again is not None
    assert again.step is None
    assert again.case.wait_until == LATER + DAY + RULES.check_most
    another = replace(other, case_id=CaseId("e" * 32))
    told = gives_way(again.case, [another], RULES, LATER + DAY)
    assert told is not None
    assert told.step is not None


@pytest.mark.parametrize(
    ("state", "unbegun", "begun"),
    [
        (CaseState.ACCEPTED, CaseState.ACCEPTED, CaseState.ACCEPTED),
        (CaseState.WAITING_REGISTRATION, CaseState.SUPERSEDED, CaseState.SUPERSEDED),
        (CaseState.COMPLETED, CaseState.SUPERSEDED, CaseState.SUPERSEDED),
        (CaseState.PARKED, CaseState.ACCEPTED, CaseState.ACCEPTED),
        (CaseState.REFUSED, CaseState.SUPERSEDED, None),
    ],
)
def test_a_leaving_gives_way_to_a_return(
    state: CaseState, unbegun: CaseState, begun: CaseState | None
) -> None:
    """For good unless it may yet come to something; what was seen off and refused is not back."""
    leaver = leaves(1, CaseState.ACCEPTED, told=0, last=2)
    back = replace(joins(2, state, told=1, rehire=True), user_id=USER_ID)
    assert way_of(leaver, back) is unbegun
    seen_off = replace(leaver, state=CaseState.WAITING_DISABLED)
    expected = CaseState.WAITING_DISABLED if begun is CaseState.ACCEPTED else begun
    assert way_of(seen_off, back, begun=True) is expected
    assert (leavers([seen_off, back], LATER) == (seen_off,)) is (begun is None)


def test_a_return_that_was_set_aside_hides_no_other() -> None:
    """The one that goes on counts."""
    leaver = leaves(1, CaseState.ACCEPTED, told=0, last=2)
    parked = replace(joins(2, CaseState.PARKED, told=1, rehire=True), user_id=USER_ID)
    done = joins(3, CaseState.COMPLETED, told=3, rehire=True)
    assert way_of(leaver, parked) is CaseState.ACCEPTED
    assert way_of(leaver, parked, done) is CaseState.SUPERSEDED


def test_who_gave_way_to_what_gave_way_itself_looks_at_what_is_left() -> None:
    """It goes on where nothing is; a case that only observed has done nothing."""
    case = joins(1, CaseState.ACCEPTED, told=0, starts=3)
    correction = joins(2, CaseState.SUPERSEDED, told=1)
    assert way_of(case, correction) is None
    gone = leaves(3, CaseState.ACCEPTED, told=2, last=30)
    correction = replace(correction, gives_way_to=gone.case_id)
    assert way_of(case, correction, gone) is CaseState.ACCEPTED
    done = leaves(3, CaseState.COMPLETED, told=2, last=8)
    assert way_of(case, correction, done) is CaseState.SUPERSEDED
    assert way_of(case, correction, replace(done, observed=True)) is None


def test_a_return_that_is_done_is_not_begun_again_unless_they_left_since() -> None:
    """HR tells it once more, with the first day of then; or one that only observed did nothing."""
    done = replace(joins(1, CaseState.COMPLETED, told=0, rehire=True), updated_at=NOW + 5 * DAY)
    again = joins(2, CaseState.ACCEPTED, told=7, starts=0, rehire=True)
    assert way_of(again, done) is CaseState.SUPERSEDED
    assert way_of(again, replace(done, observed=True)) is None
    left = leaves(3, CaseState.WAITING_DISABLED, told=4, last=4)
    since = joins(2, CaseState.ACCEPTED, told=7, starts=5, rehire=True)
    assert way_of(since, done) is CaseState.SUPERSEDED
    assert way_of(since, done, left) is None


def test_a_first_day_may_be_corrected_every_night() -> None:
    """Each word is read against each other once, and not along every way that leads to it."""
    back = [
        joins(number, CaseState.SUPERSEDED, told=-40 + number, starts=number / 10, rehire=True)
        for number in range(1, 40)
    ]
    last = joins(40, CaseState.ACCEPTED, told=0, starts=4, rehire=True)
    back = [
        replace(one, plan=replace(one.plan, dated=True))
        for one in (*back, last)
        if isinstance(one.plan, OnboardingPlan)
    ]
    case = leaves(41, CaseState.ACCEPTED, told=-50, last=9)
    assert way_of(case, *back) is CaseState.ACCEPTED


def test_an_enrolment_waits_for_no_leaving_that_is_parked() -> None:
    """It may be of long ago, and who was onboarded since works here."""
    parked = leaves(1, CaseState.PARKED, told=-90, last=-90)
    done = joins(2, CaseState.COMPLETED, told=-60)
    case = joins(3, CaseState.ACCEPTED, told=0)
    assert way_of(case, parked, done) is None
    assert isinstance(case.plan, OnboardingPlan)
    enrolled = replace(case, plan=replace(case.plan, enrolled=USER_ID))
    assert way_of(enrolled, parked, done) is None
    begun = replace(parked, state=CaseState.WAITING_DISABLED)
    assert way_of(enrolled, begun) is CaseState.SUPERSEDED


def test_a_last_day_that_a_human_has_to_look_at_makes_nothing_needless() -> None:
    """It is about to be parked."""
    joiner = replace(joins(1, CaseState.ACCEPTED, told=-100), accepted_at=NOW)
    implausible = leaves(2, CaseState.ACCEPTED, told=0, last=-90)
    assert way_of(joiner, implausible) is None
    assert way_of(joiner, replace(implausible, actors=frozenset({USER_ID}))) is CaseState.ACCEPTED
