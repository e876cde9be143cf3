"""What to do next about a leaver's case."""

from datetime import datetime
from typing import assert_never

from shared.domain.actions import Action, Rest
from shared.domain.cases import Case, CaseState
from shared.domain.facts import Facts
from shared.domain.leaver.asking import await_approval
from shared.domain.leaver.clearing import clear
from shared.domain.leaver.leaving import leave
from shared.domain.leaver.others import end_others
from shared.domain.plans import LeaverPlan
from shared.domain.schedules import Rules


def see_off(case: Case, plan: LeaverPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """What to do next about a leaver's case that no change is under way of."""
    match case.state:
        case CaseState.ACCEPTED | CaseState.WAITING_EFFECTIVE:
            return leave(case, plan, facts, rules, now)
        case CaseState.SESSIONS_REVOKED:
            return end_others(case, plan, facts, rules, now)
        case CaseState.WAITING_DISABLED | CaseState.OVERDUE:
            return clear(case, plan, facts, rules, now)
        case CaseState.AWAITING_APPROVAL:
            return await_approval(case, facts, rules, now)
        case (
            CaseState.COMPLETED
            | CaseState.REFUSED
            | CaseState.PARKED
            | CaseState.HELD
            | CaseState.SUPERSEDED
            | CaseState.CANCELLED
            | CaseState.ACTIVE
            | CaseState.ENDED
        ):
            return Rest()
        case (
            CaseState.WAITING_START
            | CaseState.WAITING_ACCOUNT
            | CaseState.REMOVING_METHODS
            | CaseState.ENABLED
            | CaseState.WAITING_REGISTRATION
            | CaseState.ENFORCED
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
