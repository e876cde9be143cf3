"""An onboarding waits while the person is exempt, and goes on afterwards."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain.actions import Action, Advance, Look
from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import Case, CaseState
from shared.domain.conditional_access.answers import MfaRequired
from shared.domain.control import Mode
from shared.domain.facts import Fact, Facts
from shared.domain.onboarding.exempt import EXEMPT
from shared.domain.policy import next_action
from shared.domain.schedules import Rules
from tests.builders import (
    AUTHENTICATOR,
    NOW,
    PASSWORD,
    a_case,
    a_standing,
    an_account,
    an_exemption,
)

RULES = Rules()
IN_FORCE = an_exemption(CaseState.ACTIVE, before="enforced")
END = NOW + timedelta(days=7)


def decide(case: Case, now: datetime = NOW, **facts: Any) -> Action:  # noqa: ANN401
    """What is done about somebody who is registered and whose MFA is disabled."""
    known = {
        "mode": Mode.ACT,
        "account": an_account(),
        "standing": a_standing(),
        "privilege": a_standing(),
        "reminded": (NOW,),
        "methods": (AUTHENTICATOR,),
        "mfa_state": PerUserMfaState.DISABLED,
        "conditional_access": MfaRequired(of_anybody=False),
    }
    return next_action(case, Facts(**{**known, **facts}), RULES, now)


def waiting(action: Action) -> Case:
    """The case after an action that changes nothing in the directory."""
    assert isinstance(action, Advance)
    assert action.transition.case.change is None
    return action.transition.case


BEFORE_A_CHANGE = [
    (CaseState.ACCEPTED, (AUTHENTICATOR,)),
    (CaseState.WAITING_ACCOUNT, (AUTHENTICATOR,)),
    (CaseState.ENABLED, (AUTHENTICATOR,)),
    (CaseState.WAITING_REGISTRATION, (AUTHENTICATOR,)),
    (CaseState.OVERDUE, (AUTHENTICATOR,)),
    (CaseState.OVERDUE, (PASSWORD,)),
]


@pytest.mark.parametrize(("state", "methods"), BEFORE_A_CHANGE)
def test_nobody_who_is_exempt_is_enabled_or_enforced(state: CaseState, methods: object) -> None:
    """The case rests in its state until the end, says so once, and then goes on."""
    case = replace(a_case(state), user_id=IN_FORCE.user_id)
    assert decide(case, methods=methods) == Look(Fact.OTHERS)
    rests = waiting(decide(case, methods=methods, others=(IN_FORCE,)))
    assert (rests.state, rests.steps) == (state, case.steps + 1)
    assert EXEMPT in rests.warnings
    assert rests.wait_until == NOW + RULES.check_most
    again = waiting(decide(rests, END - timedelta(hours=1), methods=methods, others=(IN_FORCE,)))
    assert (again.steps, again.wait_until) == (rests.steps, END)
    late = waiting(decide(again, END, methods=methods, others=(IN_FORCE,)))
    assert late.wait_until == END + RULES.check_first
    over = replace(IN_FORCE, state=CaseState.ENDED)
    action = decide(late, END + timedelta(hours=1), methods=methods, others=(over,))
    assert isinstance(action, Advance)
    assert action.transition.case.change is not None


@pytest.mark.parametrize(("state", "methods"), BEFORE_A_CHANGE)
def test_an_exemption_that_has_changed_nothing_keeps_nobody_waiting(
    state: CaseState, methods: object
) -> None:
    """Nobody may ever approve it, and until then the person is to be protected."""
    case = replace(a_case(state), user_id=IN_FORCE.user_id)
    for other in (an_exemption(), an_exemption(CaseState.AWAITING_APPROVAL)):
        action = decide(case, methods=methods, others=(other,))
        assert isinstance(action, Advance)
        assert action.transition.case.change is not None
