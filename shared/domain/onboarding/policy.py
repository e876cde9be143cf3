"""What to do next about an onboarding case."""

from datetime import datetime
from typing import assert_never

from shared.domain.actions import Action, Advance, Rest
from shared.domain.cases import Case, CaseState
from shared.domain.facts import Facts
from shared.domain.onboarding.asking import await_approval
from shared.domain.onboarding.enabling import enable
from shared.domain.onboarding.endings import complete
from shared.domain.onboarding.enforcing import enforce
from shared.domain.onboarding.former_methods import remove_former_methods
from shared.domain.plans import OnboardingPlan
from shared.domain.schedules import Rules


def onboard(case: Case, plan: OnboardingPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """What to do next about an onboarding case that no change is under way of."""
    match case.state:
        case CaseState.ACCEPTED | CaseState.WAITING_START | CaseState.WAITING_ACCOUNT:
            return enable(case, plan, facts, rules, now)
        case CaseState.ENABLED | CaseState.WAITING_REGISTRATION | CaseState.OVERDUE:
            return enforce(case, plan, facts, rules, now)
        case CaseState.AWAITING_APPROVAL:
            return await_approval(case, facts, rules, now)
        case CaseState.REMOVING_METHODS:
            return remove_former_methods(case, facts, rules, now)
        case CaseState.ENFORCED:
            return Advance(complete(case, now))
        case (
            CaseState.COMPLETED
            | CaseState.REFUSED
            | CaseState.PARKED
            | CaseState.HELD
            | CaseState.SUPERSEDED
            | CaseState.CANCELLED
        ):
            return Rest()
        case (
            CaseState.WAITING_EFFECTIVE
            | CaseState.SESSIONS_REVOKED
            | CaseState.WAITING_DISABLED
            | CaseState.ACTIVE
            | CaseState.ENDED
            | CaseState.AWAITING_CONFIRMATION
            | CaseState.ENROLLING
            | CaseState.JOINED
            | CaseState.AWAITING_COLLECTION
            | CaseState.CONTAINED
            | CaseState.METHODS_REMOVED
        ):
            return Rest()  # States of other kinds: the state machine has no way there.
        case _:
            assert_never(case.state)
