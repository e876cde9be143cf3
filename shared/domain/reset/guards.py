"""What stands before a reset: the mode, the caller's verification, the person, an approval."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.accounts import Account, NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.approvals import ask, is_approved
from shared.domain.cases import Case, CaseState, StepOutcome
from shared.domain.control import Mode
from shared.domain.errors.control import Observing, Stopped
from shared.domain.errors.exemptions import PersonLeaving
from shared.domain.errors.people import AccountNotFound, IdentityMismatch
from shared.domain.errors.resets import (
    CallerUnverified,
    ResetExpired,
    SuspectRegistration,
    VerifiedByThemselves,
)
from shared.domain.facts import Fact, Facts
from shared.domain.people.rulings import Impact, NeedsApproval, Refused, ruling
from shared.domain.pinning import pin
from shared.domain.plans import ResetPlan
from shared.domain.precedence import leavers
from shared.domain.reset.asserted import without_looking
from shared.domain.reset.progress import Block
from shared.domain.reset.rules import PARKED_LASTS
from shared.domain.reset.tickets import ResetReason, strength
from shared.domain.schedules import Rules, next_look
from shared.domain.transitions import Transition, record

_BEFORE_ANYTHING: Final = frozenset({CaseState.ACCEPTED, CaseState.AWAITING_COLLECTION})
_SEEN_OFF: Final = frozenset(
    {
        CaseState.SESSIONS_REVOKED,
        CaseState.WAITING_DISABLED,
        CaseState.OVERDUE,
        CaseState.COMPLETED,
    }
)
"""States of a leaver's case in which it was certain enough to have been acted on."""


def stopped(case: Case, facts: Facts) -> Action | None:
    """What keeps the case from being worked on at all; None where nothing does.

    What has begun in earnest is no case that only observes: it waits until resets may act.
    """
    match facts.mode:
        case None:
            return Look(Fact.MODE)
        case Mode.STOP:
            return Fail(Stopped("Resets are stopped."))
        case Mode.OBSERVE if case.reset.begun_at or case.state not in _BEFORE_ANYTHING:
            return Fail(Observing("Resets only observe, and this one has begun."))
        case _:
            return None


def expired(case: Case, now: datetime) -> Action | None:
    """Whether a ticket has waited so long that what it asserts says nothing any more."""
    if case.reset.begun_at is not None or now - case.accepted_at <= PARKED_LASTS:
        return None
    return Fail(ResetExpired(f"The ticket is more than {PARKED_LASTS.days} days old."))


def unverified(
    case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime
) -> Action | None:
    """Why the ticket's word about its caller does not count (S9); None where it does."""
    if case.reset.verified:
        return None
    if plan.verified_by is None or plan.verified_how is None:
        return Fail(CallerUnverified("The ticket does not say who verified the caller, and how."))
    if plan.verified_how not in rules.reset.verifications:
        return Fail(CallerUnverified("The caller was verified in a way that does not count."))
    asserted = facts.asserted or without_looking(plan)
    if asserted is None:
        return Look(Fact.ASSERTED)
    named = {(plan.user_principal_name or "").casefold(), (case.user_id or "").casefold()}
    verifier = asserted.verified_by or plan.verified_by
    if verifier.casefold() in named - {""} or plan.verified_by.casefold() in named - {""}:
        return Fail(VerifiedByThemselves("The person can't verify themselves."))
    return Advance(
        record(
            replace(
                case,
                reset=replace(case.reset, verified=True),
                # None of them approves it, confirms it, or collects a pass for it.
                actors=case.actors | asserted.everybody(),
            ),
            now,
            action="verify-caller",
            outcome=StepOutcome.DONE,
            detail=f"Asserted by the ticket: {plan.verified_how}.",
        )
    )


def identified(case: Case, facts: Facts, now: datetime) -> Action | None:
    """Find the person, once; None where they are known and there."""
    if case.user_id is not None:
        return None
    match facts.account:
        case None:
            return Look(Fact.ACCOUNT)
        case NoAccount():
            return Fail(AccountNotFound("The directory has no such account."))
        case IdentityMismatch() as another:
            return Fail(another)
        case Account() as account:
            pass
    learnt = replace(case.reset, possible_since=account.created_at)
    return Advance(pin(replace(case, reset=learnt), account, now))


def leaving(facts: Facts, now: datetime) -> Action | None:
    """Whether the person is being seen off, so that nobody is to register again."""
    if facts.others is None:
        return Look(Fact.OTHERS)
    # A leaver's case that waits for an approval, or for a human, may name the wrong person.
    begun = any(other.state in _SEEN_OFF for other in leavers(facts.others, now))
    return Fail(PersonLeaving("The person is leaving, or has left.")) if begun else None


def suspected(plan: ResetPlan, facts: Facts) -> Action | None:
    """Whether somebody registered without a pass after an earlier reset, and nobody has decided.

    A weaker reason would keep what they registered; `compromised` removes it with all the rest.
    """
    if plan.reason is ResetReason.COMPROMISED:
        return None
    others = facts.others or ()
    if any(one.state is CaseState.PARKED and one.reset.suspect_since for one in others):
        return Fail(SuspectRegistration("An earlier reset is parked: a method without a pass."))
    return None


def _covers_reason(plan: ResetPlan, other: Case) -> bool:
    """Whether a ticket asks for no less than another case does."""
    return isinstance(other.plan, ResetPlan) and strength(plan.reason) >= strength(
        other.plan.reason
    )


def refused(
    case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime
) -> Action | None:
    """Why nothing is ever done about the person; None where something may be."""
    if facts.standing is None:
        return Look(Fact.STANDING)
    ruled = ruling(Impact.CONTAIN, facts.standing)
    if isinstance(ruled, Refused):
        return Fail(ruled.error)
    if not facts.standing.disabled or case.reset.block is not None or case.reset.begun_at:
        return None
    ours = next((one for one in facts.others or () if one.reset.block is Block.OURS), None)
    if ours is not None and not _covers_reason(plan, ours):
        # Whoever is let in by a weaker ticket would be let in with a stolen password.
        again = next_look(case.accepted_at, now, rules)
        return Advance(Transition(case=replace(case, wait_until=again, attempts=0)))
    if ours is not None:
        taken_over = replace(case.reset, block=Block.OURS, blocked_at=ours.reset.blocked_at)
        return Advance(Transition(case=replace(case, reset=taken_over)))
    elsewhere = replace(case.reset, block=Block.ELSEWHERE)
    warning = "The account was blocked before. This case does not lift that block."
    noted = replace(case, reset=elsewhere, warnings=(*case.warnings, warning))
    return Advance(Transition(case=noted))


def unapproved(
    case: Case, facts: Facts, rules: Rules, now: datetime, *, impact: Impact = Impact.CONTAIN
) -> Action | None:
    """What a second person has to agree to first; None where nobody has to, or somebody has."""
    if facts.standing is None:
        return Look(Fact.STANDING)
    ruled = ruling(impact, facts.standing)
    if not isinstance(ruled, NeedsApproval) or is_approved(case, impact, now):
        return None
    if facts.mode is Mode.OBSERVE:
        return None  # It tells what it would do, the question included.
    if facts.asserted is None:
        return Look(Fact.ASSERTED)
    asking = replace(case, actors=case.actors | facts.asserted.everybody())
    asked = Impact.GIVE_PASS if impact is Impact.READMIT else impact
    return Advance(ask(asking, asked, rules, now, why=ruled.reason))
