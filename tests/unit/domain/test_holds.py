"""Cases that wait because their flow is held (safety rule S5)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.actions import Advance, Look, Rest
from shared.domain.budgets.flows import Budget
from shared.domain.cases import ENDED, Case, CaseState, EventType
from shared.domain.errors.budgets import BudgetExhausted
from shared.domain.errors.cases import IllegalTransition
from shared.domain.facts import Fact, Facts
from shared.domain.failures import after_failure, cancelled
from shared.domain.holds import LONGEST_PAUSE, SHORTEST_PAUSE, hold
from shared.domain.plans import CaseKind
from shared.domain.policy import next_action
from shared.domain.schedules import Rules
from shared.domain.state_machines import LEGAL
from tests.builders import NOW, a_case, a_leaver, an_exemption

EXHAUSTED = BudgetExhausted("The flow leaver.demo is held.", budget=Budget.LEAVER)
WAITS_FOR_A_WORD = {CaseState.AWAITING_APPROVAL, CaseState.JOINED}


def a_held(state: CaseState = CaseState.WAITING_DISABLED) -> Case:
    """The case of a leaver, held in this state."""
    return hold(a_leaver(state), EXHAUSTED, NOW).case


def go_on(case: Case, *, held: bool | None, minutes: float = 60) -> object:
    """What is next about a case, when so much is known of its flow."""
    return next_action(case, Facts(held=held), Rules(), NOW + timedelta(minutes=minutes))


def test_a_held_case_tells_it_and_uses_no_attempt() -> None:
    """It says once what it waits for, drops what it had announced, and counts no failure."""
    transition = after_failure(a_leaver(CaseState.ACCEPTED), EXHAUSTED, Rules(), NOW)
    case = transition.case
    assert (case.state, case.held_from, case.held_for) == (
        CaseState.HELD,
        CaseState.ACCEPTED,
        Budget.LEAVER,
    )
    assert (case.attempts, case.change, case.wait_until) == (0, None, NOW + SHORTEST_PAUSE)
    assert transition.event is not None
    assert (transition.event.type, transition.event.reason) == (EventType.HELD, EXHAUSTED.code)


def test_it_tells_once_for_each_budget() -> None:
    """Held again by the same budget it is silent; by another one it speaks."""
    again = replace(a_leaver(CaseState.ACCEPTED), held_for=Budget.LEAVER)
    assert hold(again, EXHAUSTED, NOW).event is None
    other = BudgetExhausted("The flow group-left.demo is held.", budget=Budget.GROUP_LEFT)
    assert hold(again, other, NOW).event is not None


def test_while_the_flow_is_held_nothing_else_is_read() -> None:
    """It looks at the flow, in growing pauses of a quarter of an hour at most, and at nothing."""
    case = a_held()
    assert go_on(case, held=None) == Look(Fact.HELD)
    for minutes, pause in ((1, SHORTEST_PAUSE), (9, timedelta(minutes=3)), (9000, LONGEST_PAUSE)):
        action = go_on(case, held=True, minutes=minutes)
        assert isinstance(action, Advance)
        waits = action.transition.case
        assert waits.state is CaseState.HELD
        assert waits.wait_until == NOW + timedelta(minutes=minutes) + pause
        assert go_on(waits, held=True, minutes=minutes) == Rest()


@pytest.mark.parametrize("kind", sorted(set(CaseKind) - {CaseKind.ENROLMENT}))
def test_a_case_is_held_wherever_a_change_may_be_due_and_goes_back_there(kind: CaseKind) -> None:
    """From each state but those of waiting for a word, and by no way to another one."""
    held_in = {state for state, ways in LEGAL[kind].items() if CaseState.HELD in ways}
    working = LEGAL[kind].keys() - ENDED - WAITS_FOR_A_WORD - {CaseState.HELD}
    assert held_in == working
    assert LEGAL[kind][CaseState.HELD] - {CaseState.PARKED} - ENDED == working - {CaseState.PARKED}


def test_an_enrolment_is_never_held() -> None:
    """It changes nobody itself."""
    assert all(CaseState.HELD not in ways for ways in LEGAL[CaseKind.ENROLMENT].values())


@pytest.mark.parametrize("state", [CaseState.ACCEPTED, CaseState.WAITING_DISABLED])
def test_when_the_flow_goes_on_the_case_does(state: CaseState) -> None:
    """Back where it was held, at once, even before its own next look."""
    action = go_on(a_held(state), held=False, minutes=0)
    assert isinstance(action, Advance)
    case = action.transition.case
    assert (case.state, case.held_from, case.held_since, case.wait_until) == (state,) + (None,) * 3


def test_cancelling_tells_what_stays() -> None:
    """What it had done before it was held stays, and what it waited for was not done."""
    for held, stays in (
        (a_held(CaseState.ACCEPTED), "Nothing was changed."),
        (a_held(), "Sessions stay revoked, and methods that were removed stay so."),
        (hold(a_case(CaseState.WAITING_REGISTRATION), EXHAUSTED, NOW).case, "enabled for MFA."),
    ):
        transition = cancelled(held, "helpdesk", NOW)
        assert transition.case.state is CaseState.CANCELLED
        assert transition.step is not None
        assert (transition.step.detail or "").endswith(stays)


def test_an_exemption_that_never_began_is_cancelled_and_one_in_force_is_not() -> None:
    """What was announced and not counted was not written; whoever is exempt has to be put back."""
    unbegun = hold(an_exemption(before="enforced"), EXHAUSTED, NOW).case
    assert cancelled(unbegun, "helpdesk", NOW).case.state is CaseState.CANCELLED
    in_force = hold(an_exemption(CaseState.ACTIVE, before="enforced"), EXHAUSTED, NOW).case
    with pytest.raises(IllegalTransition):
        cancelled(in_force, "helpdesk", NOW)
