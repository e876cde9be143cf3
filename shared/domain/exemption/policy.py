"""What to do next about an exemption."""

from datetime import datetime
from typing import assert_never

from shared.domain.actions import Action, Rest
from shared.domain.cases import Case, CaseState
from shared.domain.exemption.beginning import await_approval, begin
from shared.domain.exemption.ending import end, last
from shared.domain.facts import Facts
from shared.domain.plans import ExemptionPlan
from shared.domain.schedules import Rules


def exempt(case: Case, plan: ExemptionPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """What to do next about an exemption that no change is under way of."""
    match case.state:
        case CaseState.ACCEPTED:
            return begin(case, plan, facts, rules, now)
        case CaseState.AWAITING_APPROVAL:
            return await_approval(case, plan, facts, rules, now)
        case CaseState.ACTIVE:
            return last(case, plan, facts, rules, now)
        case CaseState.OVERDUE:
            return end(case, plan, facts, rules, now)
        case (
            CaseState.ENDED
            | CaseState.REFUSED
            | CaseState.PARKED
            | CaseState.HELD
            | CaseState.SUPERSEDED
            | CaseState.CANCELLED
        ):
            return Rest()
        case (
            CaseState.WAITING_START
            | CaseState.WAITING_ACCOUNT
            | CaseState.REMOVING_METHODS
            | CaseState.ENABLED
            | CaseState.WAITING_REGISTRATION
            | CaseState.ENFORCED
            | CaseState.COMPLETED
            | CaseState.WAITING_EFFECTIVE
            | CaseState.SESSIONS_REVOKED
            | CaseState.WAITING_DISABLED
            | CaseState.AWAITING_CONFIRMATION
            | CaseState.ENROLLING
            | CaseState.JOINED
            | CaseState.AWAITING_COLLECTION
            | CaseState.CONTAINED
            | CaseState.METHODS_REMOVED
        ):
            return Rest()  # States of other kinds of case.
        case _:
            assert_never(case.state)
