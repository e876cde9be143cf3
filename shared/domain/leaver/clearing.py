"""From `waiting-disabled` to the end: nothing is left to sign in with. MFA stays as it is."""

from dataclasses import replace
from datetime import datetime

from shared.domain.accounts import Account, NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.control import Mode
from shared.domain.errors.people import IdentityMismatch
from shared.domain.facts import Fact, Facts
from shared.domain.leaver.endings import complete, gone
from shared.domain.leaver.groups import leave_group
from shared.domain.leaver.guards import another_person, refused, stopped, unapproved
from shared.domain.people.rulings import Impact
from shared.domain.plans import LeaverPlan
from shared.domain.precedence import gives_way
from shared.domain.removing import listed, removable, remove_all, unremovable
from shared.domain.schedules import Rules, next_look
from shared.domain.transitions import Transition, move, record


def clear(case: Case, plan: LeaverPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From `waiting-disabled` to the end."""
    match facts.account:
        case None:
            return stopped(facts) or Look(Fact.ACCOUNT)
        case NoAccount():
            return Advance(gone(case, rules, now))
        case IdentityMismatch() as another:
            return Fail(another)
        case Account() as account:
            pass
    if case.missing_since is not None:
        return Advance(Transition(case=replace(case, missing_since=None)))
    mismatched = another_person(case, plan, account)
    if mismatched is not None:
        return Fail(mismatched)
    if facts.others is None:
        return stopped(facts) or Look(Fact.OTHERS)
    way = gives_way(case, facts.others, rules, now, begun=True)
    if way is not None:
        waits = way.case.state is not CaseState.SUPERSEDED
        tells = waits and account.enabled and not case.observed and _is_overdue(case, now)
        return Advance(_wait_for_disabled(case, rules, now) if tells else way)
    if not case.observed:
        if account.enabled:
            return Advance(_wait_for_disabled(case, rules, now))
        if now < plan.effective_at + rules.leaver_pause:
            again = plan.effective_at + rules.leaver_pause
            return Advance(Transition(case=replace(case, wait_until=again, attempts=0)))
    standing_in_the_way = stopped(facts) or refused(facts)
    if standing_in_the_way is not None:
        return standing_in_the_way
    if case.observed or facts.mode is Mode.OBSERVE:
        return _would_remove(case, facts, rules, now)
    return unapproved(case, facts, rules, now, first=False) or _remove(case, facts, rules, now)


def _remove(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """The methods, then the group."""
    if facts.methods is None:
        return Look(Fact.METHODS)
    if isinstance(facts.methods, NoAccount):
        return Advance(gone(case, rules, now))
    return (
        remove_all(case, facts.methods, facts, rules, now, impact=Impact.OFFBOARD)
        or leave_group(case, facts, rules, now)
        or Advance(complete(case, now, detail="Two lists agree that no method is left."))
    )


def _would_remove(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Tell the rest of the story of a case that only observes, without waiting for anybody."""
    if facts.methods is None:
        return Look(Fact.METHODS)
    if isinstance(facts.methods, NoAccount):
        return Advance(gone(case, rules, now))
    left = removable(facts.methods)
    unknown = unremovable(facts.methods)
    kept = f" Could not remove {listed(unknown)}." if unknown else ""
    group = (
        ""
        if rules.sspr_group is None
        else " Would leave the group for password reset, if they belong to it."
    )
    detail = f"Would remove {listed(left) or 'no method'}.{kept}{group} MFA stays as it is."
    return Advance(complete(replace(case, observed=True), now, detail=detail))


def _is_overdue(case: Case, now: datetime) -> bool:
    """Whether it is to be told that nobody has disabled the account."""
    if case.state is not CaseState.WAITING_DISABLED or case.deadline is None:
        return False
    return now >= case.deadline


def _wait_for_disabled(case: Case, rules: Rules, now: datetime) -> Transition:
    again = next_look(case.waiting_since or now, now, rules)
    deadline = case.deadline
    if not _is_overdue(case, now):
        if case.state is CaseState.WAITING_DISABLED and deadline is not None:
            again = min(again, deadline)
        # What was proven of a disabled account says nothing of one that is enabled again.
        waiting = replace(case, cleared_since=None, wait_until=again, attempts=0, updated_at=now)
        return Transition(case=waiting)
    return record(
        replace(move(case, CaseState.OVERDUE), wait_until=again, attempts=0),
        now,
        action="wait-for-disabled",
        outcome=StepOutcome.WAITING,
        detail="The person has left, and the account is still enabled. Methods are kept until it "
        "is disabled.",
        event=EventType.OVERDUE,
    )
