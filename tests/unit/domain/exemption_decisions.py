"""Decisions about an exemption, with what a test does not care about filled in."""

from datetime import datetime, timedelta
from typing import Any

from shared.domain.actions import Action, Advance, Fail
from shared.domain.approvals import approve, plan_hash
from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import Case, EventType
from shared.domain.control import Mode
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import (
    DirectoryUnavailable,
)
from shared.domain.facts import Facts
from shared.domain.policy import next_action
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition
from tests.builders import (
    NOW,
    a_standing,
    an_account,
    an_exemption,
)

RULES = Rules()
DAY = timedelta(days=1)
END = NOW + 7 * DAY
DISABLED, ENABLED, ENFORCED = PerUserMfaState
TROUBLE = DirectoryUnavailable("503")


def decide(case: Case, now: datetime = NOW, **facts: Any) -> Action:  # noqa: ANN401
    """What is done about somebody who is enforced, with some facts read otherwise."""
    known = {
        "mode": Mode.ACT,
        "account": an_account(),
        "standing": a_standing(),
        "others": (),
        "mfa_state": ENFORCED,
    }
    return next_action(case, Facts(**{**known, **facts}), RULES, now)


def advanced(action: Action) -> Transition:
    """The transition of an action that is one."""
    assert isinstance(action, Advance)
    return action.transition


def error_of(action: Action) -> LifecycleError:
    """The error of an action that fails."""
    assert isinstance(action, Fail)
    return action.error


def told(transition: Transition) -> EventType | None:
    """What a transition tells the world."""
    return None if transition.event is None else transition.event.type


def approved(case: Case, now: datetime = NOW) -> Case:
    """The case with the approval that it asks for."""
    asked = advanced(decide(case, now)).case
    return approve(asked, plan_hash(asked), "approver-1", now).case


def active(**facts: Any) -> Case:  # noqa: ANN401
    """An exemption in force that waits for its end."""
    announced = advanced(decide(approved(an_exemption()), **facts)).case
    proven = advanced(decide(announced, mfa_state=DISABLED)).case
    return advanced(decide(proven, mfa_state=DISABLED)).case
