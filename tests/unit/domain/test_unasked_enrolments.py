"""An enrolment of so few people that whoever asked needs nobody's confirmation."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.actions import Advance
from shared.domain.approvals import is_agreed, plan_hash
from shared.domain.cases import SWEEP, Case, CaseState, StepOutcome
from shared.domain.control import Mode
from shared.domain.enrolment.enrolling import confirm
from shared.domain.enrolment.people import Tally
from shared.domain.errors.cases import IllegalTransition
from shared.domain.facts import Facts
from shared.domain.plans import EnrolmentPlan
from shared.domain.policy import next_action
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition
from tests.builders import CASE_ID, NOW

ALLOWED = 5


def tallied(wanted: int, *, unasked: int = ALLOWED, **others: int) -> Transition:
    """What becomes of an enrolment when everybody on its list was looked at."""
    plan = EnrolmentPlan(
        group_id=None,
        enforce_by=None,
        occurred_at=NOW,
        edition=0,
        parts=1,
        people=wanted + sum(others.values()),
        unasked=unasked,
    )
    case = Case(
        case_id=CASE_ID,
        state=CaseState.ACCEPTED,
        source=SWEEP,
        verified_with="sign-in",
        plan=plan,
        parts_done=1,
        accepted_at=NOW,
        updated_at=NOW,
        actors=frozenset({SWEEP}),
    )
    findings = {"enrol": wanted, **others} if wanted else others
    tally = Tally(findings=findings, digest="d" * 64, opened=0, passed_over={})
    action = next_action(case, Facts(mode=Mode.ACT, result=tally), Rules(), NOW)
    assert isinstance(action, Advance)
    return action.transition


@pytest.mark.parametrize("wanted", [1, ALLOWED])
def test_so_few_people_come_in_at_once(wanted: int) -> None:
    """With a word that is bound to the plan, and given by whoever asked."""
    transition = tallied(wanted)
    case = transition.case
    assert case.state is CaseState.ENROLLING
    assert case.approval is not None
    assert (case.approval.by, case.approval.at) == (SWEEP, NOW)
    assert case.approval.plan_hash == plan_hash(case)
    assert is_agreed(case, NOW)
    assert (case.parts_done, case.wait_until, case.waiting_since) == (0, None, NOW)
    assert transition.step is not None
    assert transition.step.outcome is StepOutcome.DONE
    assert transition.event is None


def test_one_more_waits_for_a_confirmation() -> None:
    """Nobody comes in before it, not even as many as might have."""
    case = tallied(ALLOWED + 1).case
    assert (case.state, case.approval) == (CaseState.AWAITING_CONFIRMATION, None)


def test_everybody_who_is_named_counts() -> None:
    """Whoever asks says beforehand whether it takes a word, before anybody was looked at."""
    assert tallied(2, refused=3).case.state is CaseState.ENROLLING
    assert tallied(2, refused=4).case.state is CaseState.AWAITING_CONFIRMATION


@pytest.mark.parametrize("wanted", [1, 2, 1000])
def test_what_a_person_asks_for_always_waits(wanted: int) -> None:
    """Their request allows nobody without a confirmation."""
    assert tallied(wanted, unasked=0).case.state is CaseState.AWAITING_CONFIRMATION


def test_nobody_to_enrol_is_the_end() -> None:
    """There is nothing to agree to."""
    case = tallied(0, unknown=3).case
    assert (case.state, case.approval) == (CaseState.COMPLETED, None)


def test_another_plan_is_not_the_one_that_needs_nobody() -> None:
    """The word holds for this list and these findings alone."""
    case = tallied(ALLOWED).case
    assert isinstance(case.plan, EnrolmentPlan)
    for plan in (replace(case.plan, digest="e" * 64), replace(case.plan, findings={"enrol": 900})):
        assert not is_agreed(replace(case, plan=plan), NOW)


def test_it_begins_for_as_long_as_any_confirmation_holds() -> None:
    """Held up for longer, as by a stop, it asks a person after all."""
    case = tallied(ALLOWED).case
    for hours, expected in ((7.99, CaseState.ENROLLING), (8, CaseState.AWAITING_CONFIRMATION)):
        now = NOW + timedelta(hours=hours)
        action = next_action(case, Facts(mode=Mode.ACT), Rules(), now)
        assert isinstance(action, Advance)
        assert action.transition.case.state is expected


def test_there_is_nothing_left_to_confirm() -> None:
    """A person's word comes too late, and is told so."""
    case = tallied(ALLOWED).case
    with pytest.raises(IllegalTransition):
        confirm(case, plan_hash(case), "admin", NOW)
