"""From the request to `active`: who may be exempt, the approval, the change."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.accounts import Account, NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.approvals import ask, is_approved
from shared.domain.authentication import Unknown
from shared.domain.cases import Case, CaseState
from shared.domain.changing import change
from shared.domain.control import Mode
from shared.domain.errors.control import Observing, Stopped
from shared.domain.errors.directory import StateUnknown
from shared.domain.errors.exemptions import (
    ExemptionOver,
    NothingToExempt,
    PersonLeaving,
    PersonUnknown,
    UnprotectedOtherwise,
)
from shared.domain.errors.people import IdentityMismatch
from shared.domain.exemption.ending import end
from shared.domain.exemption.protection import Protection, protected_otherwise
from shared.domain.facts import Fact, Facts
from shared.domain.people.rulings import Impact, NeedsApproval, Refused, ruling
from shared.domain.plans import ExemptionPlan
from shared.domain.precedence import leavers
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition

UNPROTECTED: Final = (
    "Nothing is known to protect the person meanwhile. Whoever asked for it accepts that."
)
"""A warning that the approver reads."""


def begin(case: Case, plan: ExemptionPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From the request, or the approval, to `active`."""
    if now >= plan.ends_at:
        return _too_late(case, plan, facts, rules, now)
    if facts.mode is None:
        return Look(Fact.MODE)
    if facts.mode is Mode.STOP:
        # Before anything is read: what is stopped for days asks nobody anything.
        return Fail(Stopped("Exemptions are stopped."))
    if facts.mode is Mode.OBSERVE and case.before is not None:
        # It was announced in earnest and may have happened, so it is no case that only observes.
        return Fail(Observing("Exemptions only observe, and this one may have begun."))
    match facts.account:
        case None:
            return Look(Fact.ACCOUNT)
        case NoAccount():
            return Fail(PersonUnknown("The directory has nobody of this object id."))
        case IdentityMismatch() as another:
            return Fail(another)
        case Account():
            pass
    # The account first: by its name and number what HR has announced of the person is found.
    if facts.others is None:
        return Look(Fact.OTHERS)
    if leavers(facts.others, now):
        return Fail(PersonLeaving("The person is leaving, or has left."))
    if facts.standing is None:
        return Look(Fact.STANDING)
    ruled = ruling(Impact.WEAKEN, facts.standing)
    if isinstance(ruled, Refused):
        return Fail(ruled.error)
    effect = rules.strategy.exempt
    match effect.seen(facts):
        case None:
            return Look(effect.proof)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case str() as before:
            pass
    if effect.holds(before) and case.before is None:
        return Fail(NothingToExempt(f"It is so already: {before}."))
    protection = protected_otherwise(facts, rules)
    if isinstance(protection, Look):
        return protection
    if protection is Protection.UNKNOWN and not plan.accept_unprotected:
        return Fail(UnprotectedOtherwise("Whether anything else requires MFA of them is unknown."))
    if facts.mode is Mode.ACT and not is_approved(case, Impact.WEAKEN, now):
        why = f"MFA would not be required of the person until {plan.ends_at.isoformat()}."
        if isinstance(ruled, NeedsApproval):
            why = f"{why} {ruled.reason}"
        return Advance(_ask(_with_warning(case, protection), plan, why, rules, now))
    return change(
        replace(case, before=case.before or before),
        facts,
        effect,
        now,
        before=before,
        then=CaseState.ACTIVE,
    )


def await_approval(
    case: Case, plan: ExemptionPlan, facts: Facts, rules: Rules, now: datetime
) -> Action:
    """Wait for the approval; where it comes too late, it is not waited for any more."""
    if now >= plan.ends_at:
        return _too_late(case, plan, facts, rules, now)
    again = min(now + rules.check_most, plan.ends_at)
    return Advance(Transition(case=replace(case, wait_until=again)))


def _ask(case: Case, plan: ExemptionPlan, why: str, rules: Rules, now: datetime) -> Transition:
    asked = ask(case, Impact.WEAKEN, rules, now, why=why)
    again = min(now + rules.check_most, plan.ends_at)
    return replace(asked, case=replace(asked.case, wait_until=again))


def _with_warning(case: Case, protection: Protection) -> Case:
    if protection is Protection.YES or UNPROTECTED in case.warnings:
        return case
    return replace(case, warnings=(*case.warnings, UNPROTECTED))


def _too_late(case: Case, plan: ExemptionPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    if case.before is not None:
        # A change was announced and nobody saw it happen; it may have happened all the same.
        return end(case, plan, facts, rules, now)
    return Fail(ExemptionOver("Its end came before it was approved and begun."))
