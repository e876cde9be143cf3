"""Enforce somebody who let the deadline pass: with care, because it may lock them out."""

from datetime import datetime
from typing import assert_never

from shared.domain.accounts import Account, NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.approvals import ask, is_approved
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.cases import Case, CaseState, StepOutcome
from shared.domain.changing import change
from shared.domain.errors.directory import StateUnknown
from shared.domain.errors.people import AccountDisabled, IdentityMismatch
from shared.domain.facts import Fact, Facts
from shared.domain.onboarding.endings import already_enforced
from shared.domain.onboarding.waiting import gone, look_again, put_off, warned
from shared.domain.people.rulings import Allowed, Impact, NeedsApproval, Refused, ruling
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, record

_DETAIL = "The deadline has passed: enforced without a registration."


def enforce_unregistered(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """What to do about an overdue person whose methods were read just now and don't suffice.

    Nobody is enforced whom no published reminder could reach in time, nobody whose sign-in is
    blocked (they could not have registered), and nobody privileged whom a second person has not
    agreed to.
    """
    if facts.reminded is None:
        return Look(Fact.REMINDED)
    if not facts.reminded:
        return Advance(look_again(case, rules, now))
    late = put_off(case, rules, reminded_at=min(facts.reminded))
    if late.deadline is not None and now < late.deadline:
        moved = late.deadline != case.deadline
        leave_time = _leave_time(case, late, rules, now) if moved else look_again(case, rules, now)
        return Advance(leave_time)
    unable = unable_to_register(case, facts, rules, now)
    if unable is not None:
        return unable
    if facts.privilege is None:
        return Look(Fact.PRIVILEGE)
    match ruling(Impact.ENFORCE_UNREGISTERED, facts.privilege):
        case Refused(error):
            return Fail(error)
        case NeedsApproval(reason) if not is_approved(case, Impact.ENFORCE_UNREGISTERED, now):
            why = f"Enforce without a registration. {reason}"
            return Advance(ask(case, Impact.ENFORCE_UNREGISTERED, rules, now, why=why))
        case NeedsApproval() | Allowed():
            pass
    standing = rules.strategy.state(facts)
    match standing:
        case None:
            return Look(rules.strategy.fact)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case PerUserMfaState.ENFORCED:
            return Advance(already_enforced(case, now))
        case PerUserMfaState.ENABLED | PerUserMfaState.DISABLED:
            effect = rules.strategy.enforce_unregistered
            return change(
                warned(case),
                facts,
                effect,
                now,
                before=str(effect.seen(facts)),
                then=CaseState.ENFORCED,
                detail=_DETAIL,
            )
        case _:
            assert_never(standing)


def _leave_time(case: Case, late: Case, rules: Rules, now: datetime) -> Transition:
    return record(
        look_again(late, rules, now).case,
        now,
        action="put-off-deadline",
        outcome=StepOutcome.WAITING,
        before=str(case.deadline),
        after=str(late.deadline),
        detail="The deadline is put off: the first reminder came out too late.",
    )


def unable_to_register(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action | None:
    """What stops a case whose person could not have registered; None where they could."""
    match facts.account:
        case None:
            return Look(Fact.ACCOUNT)
        case NoAccount():
            return Advance(gone(case, rules, now))
        case IdentityMismatch() as mismatch:
            return Fail(mismatch)
        case Account(enabled=False):
            return Fail(AccountDisabled("The account is blocked, so the person can't register."))
        case Account():
            return None
