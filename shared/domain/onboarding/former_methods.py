"""What a rehired person still has from before: their authentication methods.

Whoever holds one of them (an old phone, a key that was never given back) is as good as the person.
Removing it takes something from an account, so each time a second person agrees to it. Privileged
people keep theirs, because nobody may be left without an administrator by an event of HR's.

What goes is what they agreed to: a method that appeared since is the person's own, or somebody's
whom an operator should know about. A phone has the same id whatever its number, so another number
is not told apart.
"""

from dataclasses import replace
from datetime import datetime

from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.approvals import ask, is_approved
from shared.domain.authentication import AuthenticationMethod, MethodType
from shared.domain.cases import Case, CaseState, StepOutcome
from shared.domain.chronology import History
from shared.domain.control import Mode
from shared.domain.errors import LifecycleError
from shared.domain.errors.control import Stopped
from shared.domain.facts import Fact, Facts
from shared.domain.listing import shown
from shared.domain.people.rulings import Allowed, Impact, NeedsApproval, Refused, ruling
from shared.domain.preparations import Preparation, Prepared
from shared.domain.removing import listed, remove_all
from shared.domain.schedules import FormerMethods, Rules
from shared.domain.transitions import Transition, move, record


def settle_former_methods(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """List them; where they are to go, have that approved and begin it."""
    match _former(facts):
        case Look() | Fail() as action:
            return action
        case former if not former or rules.former_methods is FormerMethods.KEEP:
            return Advance(_listed(case, former, now))
        case former:
            pass
    if facts.privilege is None:
        return Look(Fact.PRIVILEGE)
    match ruling(Impact.WEAKEN, facts.privilege):
        case Refused(error):
            return Fail(error)
        case NeedsApproval(reason):
            return Advance(_kept(case, listed(former), reason, now))
        case Allowed():
            return _have_approved(case, former, facts, rules, now)


def remove_former_methods(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From `removing-methods` back to `accepted`, by the app that has the power to remove."""
    match facts.mode:
        case None:
            return Look(Fact.MODE)
        case Mode.STOP:
            return Fail(Stopped("Onboarding is stopped."))
        case Mode.OBSERVE | Mode.ACT:
            pass
    match _former(facts):
        case Look() | Fail() as action:
            return action
        case former:
            pass
    if facts.mode is Mode.OBSERVE:
        return Advance(_would_remove(case, former, now))
    agreed = tuple(one for one in former if str(one) in case.asked_about)
    if not is_approved(case, Impact.WEAKEN, now):
        return Advance(_kept(case, listed(former), "The approval has expired.", now))
    if facts.privilege is None:
        return Look(Fact.PRIVILEGE)
    match ruling(Impact.WEAKEN, facts.privilege):
        case Refused(error):
            return Fail(error)
        case NeedsApproval(reason):
            return Advance(_kept(case, listed(former), reason, now))
        case Allowed():
            pass
    match remove_all(case, agreed, facts, rules, now, impact=Impact.WEAKEN):
        case None:
            return Advance(_removed(case, former, now))
        case removal:
            return removal


def after_trouble_removing(case: Case, error: LifecycleError, now: datetime) -> Transition:
    """The case that goes on with methods that could not be removed."""
    why = f"{error.code}: {error.detail}"
    return _kept(case, f"not all of {', '.join(sorted(case.asked_about))} is gone", why, now)


def _former(facts: Facts) -> tuple[AuthenticationMethod, ...] | Look | Fail:
    """The methods from before, or what is to be done to know them. A password is none of them."""
    match shown(facts):
        case Look() | Fail() as action:
            return action
        case methods:
            return tuple(one for one in methods if one.method_type is not MethodType.PASSWORD)


def _have_approved(
    case: Case,
    former: tuple[AuthenticationMethod, ...],
    facts: Facts,
    rules: Rules,
    now: datetime,
) -> Action:
    if facts.mode is Mode.OBSERVE:
        return Advance(_would_remove(case, former, now))
    if is_approved(case, Impact.WEAKEN, now):
        # What was read before the hand-over is read again after it.
        return Advance(Transition(case=move(replace(case, attempts=0), CaseState.REMOVING_METHODS)))
    if case.asked_for is Impact.WEAKEN:
        return Advance(_kept(case, listed(former), "Nobody approved their removal in time.", now))
    why = f"Remove what a rehired person has from before: {listed(former)}."
    if History((*(facts.others or ()), case), now).may_only_stay(case):
        why += " HR took their leaving back before the last day: if they never left, it is theirs."
    about = frozenset(map(str, former))
    return Advance(ask(case, Impact.WEAKEN, rules, now, why=why, about=about))


def _listed(case: Case, former: tuple[AuthenticationMethod, ...], now: datetime) -> Transition:
    return record(
        _behind(case, removed=False),
        now,
        action="list-former-methods",
        outcome=StepOutcome.DONE,
        before=listed(former) or "none",
        detail="MFA_FORMER_METHODS keeps them." if former else None,
    )


def _kept(case: Case, which: str, why: str, now: datetime) -> Transition:
    warning = f"Authentication methods from before were kept: {which}."
    behind = _behind(case, removed=False)
    return record(
        replace(behind, warnings=(*case.warnings, warning)),
        now,
        action=Preparation.FORMER_METHODS,
        outcome=StepOutcome.SKIPPED,
        detail=why,
    )


def _removed(case: Case, left: tuple[AuthenticationMethod, ...], now: datetime) -> Transition:
    """The case without what was agreed to; what is left appeared since."""
    behind = _behind(case, removed=True)
    if left:
        warning = f"Not approved for removal, so they were kept: {listed(left)}."
        behind = replace(behind, warnings=(*case.warnings, warning))
    return record(
        behind,
        now,
        action=Preparation.FORMER_METHODS,
        outcome=StepOutcome.DONE,
        after=listed(left) or "none",
        detail="Two lists agree that none is left of those whose removal was approved.",
    )


def _would_remove(
    case: Case, former: tuple[AuthenticationMethod, ...], now: datetime
) -> Transition:
    return record(
        replace(_behind(case, removed=False), observed=True),
        now,
        action=f"would-{Preparation.FORMER_METHODS}",
        outcome=StepOutcome.WOULD,
        before=listed(former),
        after="none",
        detail="Observe mode: nothing was changed. A second person would be asked first.",
    )


def _behind(case: Case, *, removed: bool) -> Case:
    """The case that goes on to what comes next."""
    if case.state is CaseState.REMOVING_METHODS:
        case = move(case, CaseState.ACCEPTED)
    came = Prepared.DONE if removed else Prepared.NOT_DONE
    return replace(
        case,
        preparations={**case.preparations, Preparation.FORMER_METHODS: came},
        change=None,
        cleared_since=None,
        wait_until=None,
        attempts=0,
    )
