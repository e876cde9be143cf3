"""From `enabled` to the end, decision by decision."""

from dataclasses import replace
from datetime import datetime

import pytest

from shared.domain.accounts import NoAccount
from shared.domain.actions import Look, Rest
from shared.domain.authentication import (
    AuthenticationMethod,
    MethodType,
    PerUserMfaState,
)
from shared.domain.cases import (
    CaseState,
    EventType,
    StepOutcome,
)
from shared.domain.control import Mode
from shared.domain.facts import Fact, Facts
from shared.domain.policy import next_action
from tests.builders import AUTHENTICATOR, NOW, PASSWORD, a_case, a_plan, an_account, pinned
from tests.unit.domain.onboarding_decisions import (
    DAY,
    DISABLED,
    ENABLED,
    ENFORCED,
    ENFORCING,
    KNOWN,
    RULES,
    advanced,
    decide,
    enabled_case,
    step_of,
)


@pytest.mark.parametrize(
    "methods",
    [
        (),
        (PASSWORD,),
        (PASSWORD, AuthenticationMethod("e", MethodType.EMAIL)),
        (PASSWORD, AuthenticationMethod("t", MethodType.TEMPORARY_ACCESS_PASS)),
        (PASSWORD, AuthenticationMethod("w", MethodType.WINDOWS_HELLO)),
        (PASSWORD, AuthenticationMethod("c", MethodType.PLATFORM_CREDENTIAL)),
        (PASSWORD, AuthenticationMethod("u", MethodType.UNRECOGNISED)),
    ],
)
def test_who_is_not_registered_is_waited_for(methods: tuple[AuthenticationMethod, ...]) -> None:
    """E-mail, password, a pass, Windows Hello alone and unknown methods prove no registration."""
    transition = advanced(decide(enabled_case(), methods=methods))
    assert transition.case.state is CaseState.WAITING_REGISTRATION
    assert transition.case.deadline is not None


@pytest.mark.parametrize(
    ("starts_at", "enforce_by", "deadline"),
    [
        (NOW, None, NOW + 14 * DAY),
        (NOW - 20 * DAY, None, NOW + 3 * DAY),
        (NOW, NOW + 5 * DAY, NOW + 5 * DAY),
        (NOW, NOW - 20 * DAY, NOW + 3 * DAY),
    ],
)
def test_the_deadline(starts_at: datetime, enforce_by: datetime | None, deadline: datetime) -> None:
    """`enforceBy`, else start plus grace; 72 hours from the acceptance at the least."""
    case = replace(enabled_case(), plan=a_plan(starts_at=starts_at, enforce_by=enforce_by))
    waiting = advanced(decide(case, methods=())).case
    assert waiting.deadline == deadline
    later = advanced(decide(waiting, NOW + DAY, methods=())).case
    assert later.deadline == deadline


@pytest.mark.parametrize("state", [CaseState.WAITING_REGISTRATION, CaseState.OVERDUE])
def test_who_registers_late_is_enforced_all_the_same(state: CaseState) -> None:
    """A registration is the way out of every wait for it."""
    case = a_case(state)
    assert Look(Fact.METHODS) == decide(case)
    assert Look(Fact.MFA_STATE) == decide(case, methods=(AUTHENTICATOR,))
    transition = advanced(decide(case, methods=(AUTHENTICATOR,), mfa_state=ENABLED, mode=Mode.ACT))
    assert transition.case.change == ENFORCING


def test_registering_may_have_enforced_already() -> None:
    """Then nothing is written."""
    case = a_case(CaseState.WAITING_REGISTRATION)
    transition = advanced(decide(case, methods=(AUTHENTICATOR,), mfa_state=ENFORCED))
    assert transition.case.state is CaseState.ENFORCED
    completed = advanced(decide(transition.case))
    assert completed.case.state is CaseState.COMPLETED
    assert completed.event is not None
    assert completed.event.type is EventType.COMPLETED


def test_observe_mode_tells_the_whole_story_and_writes_nothing() -> None:
    """An observed case completes at once: its steps say what would have been done."""
    case, actions = pinned(a_case()), []
    facts = Facts(
        **{**KNOWN, "mode": Mode.OBSERVE},
        account=an_account(),
        mfa_state=DISABLED,
        methods=(PASSWORD,),
    )
    while not isinstance(action := next_action(case, facts, RULES, NOW), Rest):
        transition = advanced(action)
        actions.append(step_of(transition).action)
        assert step_of(transition).outcome is StepOutcome.WOULD
        case = transition.case
    assert actions == [
        "would-enable",
        "would-wait-for-registration",
        "would-enforce",
        "would-complete",
    ]
    assert case.state is CaseState.COMPLETED


def test_a_case_that_observed_once_never_acts() -> None:
    """Enforcing what was never enabled would surprise the person."""
    observed = replace(a_case(CaseState.ENABLED), observed=True)
    action = decide(observed, methods=(AUTHENTICATOR,), mfa_state=DISABLED, mode=Mode.ACT)
    assert step_of(advanced(action)).outcome is StepOutcome.WOULD


@pytest.mark.parametrize(
    "state",
    [CaseState.COMPLETED, CaseState.REFUSED, CaseState.PARKED, CaseState.CANCELLED],
)
def test_a_case_that_is_over_rests(state: CaseState) -> None:
    """Nothing moves by itself any more."""
    assert Rest() == decide(a_case(state))


def test_a_good_look_forgives_earlier_trouble() -> None:
    """Attempts are counted in a row, not over the weeks of a wait."""
    waiting = replace(a_case(CaseState.WAITING_ACCOUNT), attempts=9, waiting_since=NOW)
    assert advanced(decide(waiting, account=NoAccount())).case.attempts == 0
    registering = replace(a_case(CaseState.WAITING_REGISTRATION), attempts=9, deadline=NOW + DAY)
    assert advanced(decide(registering, methods=())).case.attempts == 0


@pytest.mark.parametrize("state", [ENABLED, ENFORCED])
def test_observe_mode_waits_for_nobody(state: PerUserMfaState) -> None:
    """Where the account was enabled already, the story is told to its end all the same."""
    case = pinned(a_case())
    action = decide(case, account=an_account(), mfa_state=state, mode=Mode.OBSERVE)
    assert advanced(action).case.observed
