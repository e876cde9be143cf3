"""From `active` to `ended`: the notice, and what is put back.

What is put back is decided when the time has come, by what is true then. It never lowers what
holds, and never touches who has left: somebody with a leaver's case whose account is blocked.
Where the account is enabled, HR may have been wrong, and putting MFA back only strengthens.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from shared.domain.accounts import Account, NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import PerUserMfaState, Unknown, is_registered
from shared.domain.cases import ENDED, Case, CaseState, EventType, StepOutcome
from shared.domain.changing import change
from shared.domain.control import Mode
from shared.domain.errors.cases import IllegalTransition
from shared.domain.errors.control import Observing, Stopped
from shared.domain.errors.directory import AccountNotVisible, StateUnknown
from shared.domain.errors.people import IdentityMismatch
from shared.domain.facts import Fact, Facts
from shared.domain.failures import back, cancelled
from shared.domain.people.rulings import Refused, ruling
from shared.domain.plans import ExemptionPlan
from shared.domain.precedence import leavers
from shared.domain.schedules import Rules, next_look
from shared.domain.transitions import Transition, move, record

RESTORABLE: Final = timedelta(days=30)
"""For so long a deleted account can come back, with the state that it had.

https://learn.microsoft.com/entra/fundamentals/users-restore
"""

_HAS_LEFT: Final = frozenset(
    {
        CaseState.SESSIONS_REVOKED,
        CaseState.WAITING_DISABLED,
        CaseState.OVERDUE,
        CaseState.COMPLETED,
    }
)
"""States of a leaver's case in which it is certain enough to have been acted on."""


def last(case: Case, plan: ExemptionPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """While it is active: wait for the end, and tell of it in time."""
    if case.observed:
        return Advance(_would_end(case, now))
    if now >= plan.ends_at:
        return end(case, plan, facts, rules, now)
    notice_at = plan.ends_at - rules.exemption.notice
    if case.wait_until is None:
        return Advance(
            record(
                replace(
                    case,
                    waiting_since=case.waiting_since or now,
                    wait_until=notice_at if _begun_at(case) < notice_at else plan.ends_at,
                    attempts=0,
                ),
                now,
                action="wait-for-end",
                outcome=StepOutcome.WAITING,
                event=EventType.WAITING,
            )
        )
    return Advance(
        record(
            replace(case, wait_until=plan.ends_at),
            now,
            action="announce-end",
            outcome=StepOutcome.WAITING,
            event=EventType.EXEMPTION_EXPIRING,
        )
    )


def _begun_at(case: Case) -> datetime:
    """When it was agreed to. One that is over within the notice has none: nobody has forgotten."""
    return case.accepted_at if case.approval is None else case.approval.at


def end(case: Case, plan: ExemptionPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Put the person back, by what is true now."""
    match facts.mode:
        case None:
            return Look(Fact.MODE)
        case Mode.STOP | Mode.OBSERVE as mode:
            return _held(case, mode, now)
        case Mode.ACT:
            pass
    match facts.account:
        case None:
            return Look(Fact.ACCOUNT)
        case NoAccount():
            return Advance(_missing(case, plan, rules, now))
        case IdentityMismatch() as another:
            return Fail(another)
        case Account() if case.missing_since is not None:
            return Advance(Transition(case=replace(case, missing_since=None)))
        case Account(enabled=False):
            return _of_a_blocked(case, plan, facts, rules, now)
        case Account():
            pass
    return _put_back(case, plan, facts, rules, now)


def _put_back(case: Case, plan: ExemptionPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    state = rules.strategy.state(facts)
    match state:
        case None:
            return Look(rules.strategy.fact)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case PerUserMfaState.ENFORCED:
            return Advance(_ended(case, now, "Put back.", state))
        case PerUserMfaState.ENABLED | PerUserMfaState.DISABLED:
            pass
        case _:
            assert_never(state)
    match facts.methods:
        case None:
            return Look(Fact.METHODS)
        case NoAccount():
            return Fail(AccountNotVisible("The directory shows the account, but not its methods."))
        case methods:
            effect = rules.strategy.put_back(registered=is_registered(methods))
    before = str(effect.seen(facts))
    if effect.holds(before):
        return Advance(_ended(case, now, "Put back.", before))
    if facts.standing is None:
        return Look(Fact.STANDING)
    ruled = ruling(effect.impact, facts.standing)
    if isinstance(ruled, Refused):
        # The guards would refuse the write each time, and each time it would be parked and told.
        return Advance(_later(case, plan, rules, now, ruled.error.detail))
    return change(case, facts, effect, now, before=before, then=case.state)


def end_now(case: Case, by: str, now: datetime) -> Transition:
    """The case after a person has asked for its end.

    Before anything was changed, it is cancelled. Else its end is brought forward, and its worker
    puts the person back; one that is parked is taken up again.

    Raises:
        IllegalTransition: it is over already.
        TypeError: it is no exemption.
    """
    plan = case.plan
    if not isinstance(plan, ExemptionPlan):
        raise TypeError(f"A case of the kind {case.kind} does not end so.")
    if case.state in ENDED:
        raise IllegalTransition(f"The exemption is {case.state} already.")
    if case.before is None:
        return cancelled(case, by, now)
    earlier = replace(
        case,
        plan=replace(plan, ends_at=min(plan.ends_at, now)),
        deadline=min(plan.ends_at, now),
        attempts=0,
    )
    if case.state is CaseState.PARKED:
        earlier = back(earlier)
    elif case.change is None:
        earlier = replace(earlier, wait_until=None)
    return record(
        earlier,
        now,
        action="end-now",
        outcome=StepOutcome.DONE,
        before=plan.ends_at.isoformat(),
        after=min(plan.ends_at, now).isoformat(),
        detail=f"Asked for by {by}.",
    )


def _held(case: Case, mode: Mode, now: datetime) -> Action:
    """The end has come and may not be carried out: it is told once, and tried again and again."""
    if case.state is CaseState.ACTIVE:
        return Advance(_overdue(case, now, f"What exemptions may do now: {mode}."))
    if mode is Mode.STOP:
        return Fail(Stopped("Exemptions are stopped."))
    return Fail(Observing("Exemptions only observe, and this one was begun in earnest."))


def _of_a_blocked(
    case: Case, plan: ExemptionPlan, facts: Facts, rules: Rules, now: datetime
) -> Action:
    """Nobody signs in to it, and the guards let nothing be written to it.

    Who has left is not waited for; anybody else may be let in again.
    """
    if facts.others is None:
        return Look(Fact.OTHERS)
    left = leavers(facts.others, now)
    if any((one.reached) in _HAS_LEFT for one in left):
        return Advance(_ended(case, now, "The person has left: nothing is written."))
    return Advance(_later(case, plan, rules, now, "The account is blocked."))


def _missing(case: Case, plan: ExemptionPlan, rules: Rules, now: datetime) -> Transition:
    """The readings of 30 days agree before anybody is given up."""
    since = case.missing_since or now
    if now >= since + RESTORABLE:
        return _ended(case, now, "The account is gone: there is nothing to put back.")
    why = "The account is gone. For 30 days it may be restored."
    return _later(replace(case, missing_since=since), plan, rules, now, why)


def _later(case: Case, plan: ExemptionPlan, rules: Rules, now: datetime, why: str) -> Transition:
    """It can't be put back yet: that is told once, and looked at again and again."""
    again = replace(case, wait_until=next_look(plan.ends_at, now, rules), attempts=0)
    if case.state is CaseState.OVERDUE:
        return Transition(case=replace(again, updated_at=now))
    return _overdue(again, now, why)


def _overdue(case: Case, now: datetime, why: str) -> Transition:
    return record(
        move(case, CaseState.OVERDUE),
        now,
        action="end",
        outcome=StepOutcome.WAITING,
        detail=f"The end has come and nothing is put back yet. {why}",
        event=EventType.OVERDUE,
    )


def _ended(case: Case, now: datetime, why: str, after: str | None = None) -> Transition:
    return record(
        replace(move(case, CaseState.ENDED), wait_until=None, attempts=0),
        now,
        action="end",
        outcome=StepOutcome.DONE,
        before=case.before,
        after=after,
        detail=why,
        event=EventType.EXEMPTION_ENDED,
    )


def _would_end(case: Case, now: datetime) -> Transition:
    return record(
        replace(move(case, CaseState.ENDED), wait_until=None),
        now,
        action="would-end",
        outcome=StepOutcome.WOULD,
        detail="Observe mode: what would be put back is decided when the end comes.",
        event=EventType.EXEMPTION_ENDED,
    )
