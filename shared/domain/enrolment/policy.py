"""What to do next about an enrolment."""

from datetime import datetime
from typing import assert_never

from shared.domain.actions import Action, Rest
from shared.domain.cases import Case, CaseState
from shared.domain.enrolment.enrolling import open_cases
from shared.domain.enrolment.planning import await_confirmation, make_plan
from shared.domain.facts import Facts
from shared.domain.plans import EnrolmentPlan
from shared.domain.schedules import Rules


def enrol(case: Case, plan: EnrolmentPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """What to do next about an enrolment."""
    match case.state:
        case CaseState.ACCEPTED:
            return make_plan(case, plan, facts, now)
        case CaseState.AWAITING_CONFIRMATION:
            return await_confirmation(case, now)
        case CaseState.ENROLLING:
            return open_cases(case, plan, facts, rules, now)
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
            CaseState.WAITING_START
            | CaseState.WAITING_ACCOUNT
            | CaseState.ENABLED
            | CaseState.WAITING_REGISTRATION
            | CaseState.OVERDUE
            | CaseState.ENFORCED
            | CaseState.AWAITING_APPROVAL
            | CaseState.WAITING_EFFECTIVE
            | CaseState.SESSIONS_REVOKED
            | CaseState.WAITING_DISABLED
            | CaseState.REMOVING_METHODS
            | CaseState.ACTIVE
            | CaseState.ENDED
            | CaseState.JOINED
            | CaseState.AWAITING_COLLECTION
            | CaseState.CONTAINED
            | CaseState.METHODS_REMOVED
        ):
            return Rest()  # States of one person's cases: the state machine has no way there.
        case _:
            assert_never(case.state)
