"""Approvals: a second person agrees to exactly what a case is about to do (safety rule S2)."""

import hashlib
import json
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.cases import Approval, Case, CaseState, EventType, StepOutcome
from shared.domain.errors.cases import IllegalTransition, OwnApproval, PlanChanged
from shared.domain.people.rulings import Impact
from shared.domain.plans import CaseKind, ExemptionPlan
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, move, record

APPROVAL_LASTS: Final = timedelta(hours=8)
"""How long an approval lets a case act."""

CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""How far the clock of the host that took an approval may be ahead of the one that acts on it."""

_DISPENSABLE: Final = frozenset({Impact.GIVE_PASS, Impact.WEAKEN})
"""What an onboarding can do without."""

_NAMES: Final = frozenset(
    {"user_principal_name", "employee_id", "requested_by", "verified_by", "ticket_id", "domains"}
)
"""What is left out of the hash: it says who is meant, and so does the object id, which is not
personal."""

_COVERED_BY: Final = {Impact.READMIT: Impact.GIVE_PASS}
"""Who agrees to a pass agrees to its being of use."""


def plan_hash(case: Case) -> str:
    """SHA-256 of what the case will do to whom, so that an approval can be bound to it."""
    left_out = _NAMES | {"reason"} if isinstance(case.plan, ExemptionPlan) else _NAMES
    plan = {name: value for name, value in asdict(case.plan).items() if name not in left_out}
    about = sorted(case.asked_about)
    said = [case.case_id, case.kind, case.user_id, case.asked_for, about, plan]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=_text).encode()).hexdigest()


def is_approved(case: Case, impact: Impact, now: datetime) -> bool:
    """Whether somebody agreed to a change of this impact by the case as it stands, lately."""
    return case.asked_for is _COVERED_BY.get(impact, impact) and is_agreed(case, now)


def is_agreed(case: Case, now: datetime) -> bool:
    """Whether somebody agreed to the plan of the case as it stands, not too long ago."""
    given = case.approval
    return (
        given is not None
        and given.plan_hash == plan_hash(case)
        and -CLOCKS_DIFFER <= now - given.at < APPROVAL_LASTS
    )


def ask(
    case: Case,
    impact: Impact,
    rules: Rules,
    now: datetime,
    *,
    why: str,
    about: frozenset[str] = frozenset(),
) -> Transition:
    """Have the case wait for an approval; afterwards it is back in its present state.

    Args:
        case: which.
        impact: what needs an approval; one that was given for something else is void by it.
        rules: say how often it is looked at meanwhile.
        now: the time.
        why: the same in words, for the person who is asked.
        about: the things that it needs one for, where the plan does not say them.
    """
    asking = replace(
        move(case, CaseState.AWAITING_APPROVAL),
        asked_from=case.state,
        asked_for=impact,
        asked_about=about,
        approval=None,
        waiting_since=now,
        attempts=0,
    )
    return record(
        replace(asking, wait_until=_next_look(asking, rules, now)),
        now,
        action="ask-for-approval",
        outcome=StepOutcome.WAITING,
        detail=why,
        event=EventType.APPROVAL_REQUESTED,
    )


def keep_asking(case: Case, rules: Rules, now: datetime) -> Transition:
    """The case that nobody has approved yet.

    A pass, or the removal of a rehired person's old methods, must not keep anybody from MFA: after
    eight hours, or at the deadline, the case goes on without it.
    """
    lapses_at = _lapses_at(case)
    if case.asked_from is None or lapses_at is None or now < lapses_at:
        return Transition(case=replace(case, wait_until=_next_look(case, rules, now)))
    return record(
        replace(move(case, case.asked_from), asked_from=None, wait_until=None),
        now,
        action="ask-for-approval",
        outcome=StepOutcome.REFUSED,
        detail="Nobody approved it in time. The case goes on without what was asked for.",
    )


def needless(case: Case, now: datetime, *, why: str) -> Transition:
    """The case back where it asked, because nobody has to approve anything any more.

    Args:
        case: which.
        now: the time.
        why: what makes it needless.

    Raises:
        IllegalTransition: the case asks for nothing.
    """
    if case.asked_from is None:
        raise IllegalTransition(f"The case is {case.state} and waits for no approval.")
    return record(
        replace(
            move(case, case.asked_from),
            asked_from=None,
            missing_since=None,
            wait_until=None,
            attempts=0,
        ),
        now,
        action="ask-for-approval",
        outcome=StepOutcome.SKIPPED,
        detail=why,
    )


def approve(case: Case, seen: str, by: str, now: datetime) -> Transition:
    """The case with a person's approval, back where it asked.

    Args:
        case: which.
        seen: the hash of the plan that the person agrees to.
        by: their object id.
        now: the time.

    Raises:
        IllegalTransition: the case waits for no approval (any more).
        OwnApproval: the person has a part in the case.
        PlanChanged: they agree to something else than what the case would do.
    """
    if case.state is not CaseState.AWAITING_APPROVAL or case.asked_from is None:
        given = "" if case.approval is None else " It was approved already."
        raise IllegalTransition(f"The case is {case.state} and waits for no approval.{given}")
    if by.casefold() in {actor.casefold() for actor in case.actors | case.collectors} | {
        (case.user_id or "").casefold()
    }:
        raise OwnApproval("Who asked for it, worked on it, or is meant by it can't approve it.")
    if seen != plan_hash(case):
        raise PlanChanged("The plan is not the one that was approved.")
    return record(
        replace(
            move(case, case.asked_from),
            asked_from=None,
            approvers=case.approvers | {by},
            approval=Approval(plan_hash=seen, by=by, at=now),
            wait_until=None,
        ),
        now,
        action="approve",
        outcome=StepOutcome.DONE,
        detail=f"Approved by {by}.",
    )


def _next_look(case: Case, rules: Rules, now: datetime) -> datetime:
    again = now + rules.check_most
    lapses_at = _lapses_at(case)
    return again if lapses_at is None else min(again, lapses_at)


def _lapses_at(case: Case) -> datetime | None:
    dispensable = case.kind is CaseKind.ONBOARDING and case.asked_for in _DISPENSABLE
    if not dispensable or case.waiting_since is None:
        return None
    lasts = case.waiting_since + APPROVAL_LASTS
    if case.deadline is None or case.deadline <= case.waiting_since:
        return lasts
    return min(lasts, case.deadline)


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
