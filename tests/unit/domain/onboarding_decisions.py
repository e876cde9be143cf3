"""How the tests of the onboarding policy ask it."""

from datetime import datetime, timedelta
from typing import Any

from shared.domain.actions import Action, Advance, Fail
from shared.domain.authentication import (
    PerUserMfaState,
)
from shared.domain.cases import (
    Case,
    CaseState,
    Change,
    Step,
)
from shared.domain.conditional_access.answers import MfaRequired
from shared.domain.control import Mode
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.errors import LifecycleError
from shared.domain.facts import Facts
from shared.domain.people.standing import NOT_ASKED, standing_of
from shared.domain.policy import next_action
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition
from tests.builders import NOW, a_case, an_account

RULES = Rules()
DAY = timedelta(days=1)
DISABLED, ENABLED, ENFORCED = PerUserMfaState

ENABLING = Change(
    effect=SetMfaState(ENABLED), before=DISABLED, begun_at=NOW, then=CaseState.ENABLED
)
ENFORCING = Change(
    effect=SetMfaState(ENFORCED), before=ENABLED, begun_at=NOW, then=CaseState.ENFORCED
)

PLAIN = standing_of(an_account(), protected=False, excluded=False, privilege=NOT_ASKED)

KNOWN: dict[str, Any] = {
    "mode": Mode.ACT,
    "others": (),
    "standing": PLAIN,
    "conditional_access": MfaRequired(of_anybody=False),
}


def decide(case: Case, now: datetime = NOW, **facts: Any) -> Action:  # noqa: ANN401
    """What the policy does next about a case, knowing these facts."""
    return next_action(case, Facts(**{**KNOWN, **facts}), RULES, now)


def advanced(action: Action) -> Transition:
    """The transition of an action that is one."""
    assert isinstance(action, Advance)
    return action.transition


def step_of(transition: Transition) -> Step:
    """The audit entry of a transition that has one."""
    assert transition.step is not None
    return transition.step


def error_of(action: Action) -> LifecycleError:
    """The error that the policy raises."""
    assert isinstance(action, Fail)
    return action.error


def enabled_case() -> Case:
    """A case whose person was just enabled."""
    return a_case(CaseState.ENABLED)
