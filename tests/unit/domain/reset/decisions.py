"""How the tests of the resets' policy ask it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.domain.accounts import SignInState
from shared.domain.actions import Action, Advance, Fail
from shared.domain.authentication import AuthenticationMethod, MethodType
from shared.domain.cases import Case, CaseState
from shared.domain.control import Mode
from shared.domain.errors import LifecycleError
from shared.domain.facts import Facts
from shared.domain.ids import CaseId
from shared.domain.plans import ResetPlan
from shared.domain.policy import next_action
from shared.domain.reset.asserted import Asserted
from shared.domain.reset.progress import ResetProgress
from shared.domain.reset.tickets import ALL_ACTIONS, ResetAction, ResetReason
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition
from tests.builders import (
    AUTHENTICATOR,
    CASE_ID,
    NOW,
    PASSWORD,
    SIGN_IN_NAME,
    USER_ID,
    a_case,
    a_standing,
    an_account,
)

RULES = Rules()
HELLO = AuthenticationMethod("w1", MethodType.WINDOWS_HELLO)
OATH = AuthenticationMethod("o1", MethodType.SOFTWARE_OATH)


def a_reset_plan(
    reason: ResetReason = ResetReason.LOST, actions: tuple[ResetAction, ...] = ALL_ACTIONS
) -> ResetPlan:
    """What a ticket asks for whose caller somebody has called back."""
    return ResetPlan(
        ticket_id="INC-1",
        user_id=None,
        user_principal_name=SIGN_IN_NAME,
        reason=reason,
        actions=actions,
        requested_by="portal",
        verified_by="agent-7",
        verified_how="callback",
        occurred_at=NOW,
    )


def a_reset(
    state: CaseState = CaseState.ACCEPTED,
    *,
    plan: ResetPlan | None = None,
    case_id: CaseId = CASE_ID,
    accepted_at: datetime = NOW,
    **progress: Any,  # noqa: ANN401  (the fields of the progress)
) -> Case:
    """The reset of somebody whom the directory knows, and whose caller was verified."""
    case = a_case(state, plan=plan or a_reset_plan(), case_id=case_id, user_id=USER_ID)
    come = ResetProgress(verified=True, **progress)
    return replace(case, reset=come, accepted_at=accepted_at, updated_at=accepted_at)


def facts(**known: object) -> Facts:
    """What was read about an ordinary person."""
    ordinary = Facts(
        account=an_account(),
        mode=Mode.ACT,
        standing=a_standing(),
        asserted=Asserted(None, None),
        others=(),
        sessions=NOW - timedelta(days=1),
        methods=(PASSWORD, AUTHENTICATOR),
        sign_in=SignInState(open=True, password_changed_at=NOW - timedelta(days=90)),
        registration_guarded=False,
    )
    return replace(ordinary, **known)  # type: ignore[arg-type]  # each test knows the fields


def decide(
    case: Case, now: datetime = NOW + timedelta(minutes=1), rules: Rules = RULES, **known: object
) -> Action:
    """What the policy says, the ordinary facts and these being known."""
    return next_action(case, facts(**known), rules, now)


def advanced(action: Action) -> Transition:
    """The transition that the policy wants stored."""
    assert isinstance(action, Advance), action
    return action.transition


def failed(action: Action) -> type[LifecycleError]:
    """The kind of error that the policy raises."""
    assert isinstance(action, Fail), action
    return type(action.error)
