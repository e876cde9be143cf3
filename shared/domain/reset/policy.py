"""What to do next about a reset."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from shared.domain.actions import Action, Advance, Fail, Rest
from shared.domain.approvals import APPROVAL_LASTS
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.errors.resets import ApprovalLapsed
from shared.domain.facts import Facts
from shared.domain.plans import ResetPlan
from shared.domain.reset.containing import contain
from shared.domain.reset.exposure import chase
from shared.domain.reset.guards import leaving, stopped
from shared.domain.reset.joining import carrier, follow, join
from shared.domain.reset.proving import follow_up, prove_removed
from shared.domain.reset.registering import register
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, move, record


def reset(case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """What to do next about a reset that no change is under way of."""
    match case.state:
        case CaseState.ACCEPTED:
            return contain(case, plan, facts, rules, now)
        case CaseState.JOINED:
            return follow(case, facts, rules, now)
        case CaseState.AWAITING_APPROVAL:
            return _await_approval(case, rules, now)
        case CaseState.AWAITING_COLLECTION:
            return _await_collection(case, facts, rules, now)
        case CaseState.CONTAINED:
            return prove_removed(case, plan, facts, rules, now)
        case CaseState.METHODS_REMOVED:
            return follow_up(case, plan, facts, rules, now)
        case CaseState.WAITING_REGISTRATION | CaseState.OVERDUE:
            return register(case, plan, facts, rules, now)
        case CaseState.AWAITING_CONFIRMATION:
            return chase(case, plan, facts, rules, now)
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
            | CaseState.REMOVING_METHODS
            | CaseState.ENABLED
            | CaseState.WAITING_EFFECTIVE
            | CaseState.SESSIONS_REVOKED
            | CaseState.WAITING_DISABLED
            | CaseState.ENFORCED
            | CaseState.ACTIVE
            | CaseState.ENROLLING
            | CaseState.ENDED
        ):
            return Rest()  # States of other kinds: the state machine has no way there.
        case _:
            assert_never(case.state)


def _await_approval(case: Case, rules: Rules, now: datetime) -> Action:
    """Until somebody agrees. A ticket that nobody looks at for hours says nothing any more."""
    lapses_at = (case.waiting_since or now) + APPROVAL_LASTS
    if now < lapses_at:
        again = min(now + rules.check_most, lapses_at)
        return Advance(Transition(case=replace(case, wait_until=again)))
    asked_from = case.asked_from or CaseState.ACCEPTED
    if asked_from is CaseState.ACCEPTED:
        return Fail(ApprovalLapsed("Nobody approved it within eight hours."))
    return Advance(
        record(
            replace(move(case, asked_from), asked_from=None, wait_until=None, attempts=0),
            now,
            action="ask-for-approval",
            outcome=StepOutcome.REFUSED,
            detail="Nobody approved it in time.",
        )
    )


def _await_collection(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Until somebody comes for a pass. Whoever does moves the case on."""
    guarded = stopped(case, facts) or leaving(facts, now)
    if guarded is not None:
        return guarded
    at_work = carrier(case, facts.others or ())
    if at_work is not None:
        return Advance(join(case, at_work, rules, now))
    deadline = case.deadline or now
    if now < deadline:
        again = min(deadline, now + rules.check_most)
        return Advance(Transition(case=replace(case, wait_until=again, attempts=0)))
    return Advance(
        record(
            replace(move(case, CaseState.CANCELLED), wait_until=None),
            now,
            action="cancel",
            outcome=StepOutcome.DONE,
            detail="Nobody came for a pass in time. The methods in the old device stay.",
            event=EventType.CANCELLED,
        )
    )
