"""From the acceptance to `sessions-revoked`: the moment, the person, an approval, the sessions."""

from dataclasses import replace
from datetime import datetime

from shared.domain.accounts import Account, NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import Unknown
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.changing import change
from shared.domain.dates import implausible_date
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.errors.directory import StateUnknown
from shared.domain.errors.people import AccountNotFound, IdentityMismatch
from shared.domain.facts import Fact, Facts
from shared.domain.leaver.endings import gone
from shared.domain.leaver.guards import another_person, refused, stopped, unapproved
from shared.domain.pinning import pin
from shared.domain.plans import LeaverPlan
from shared.domain.precedence import gives_way
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, move, record


def leave(case: Case, plan: LeaverPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From the acceptance to `sessions-revoked`."""
    mistake = implausible_date(plan, case.accepted_at)
    # A person who replays the case has looked at the date.
    if mistake is not None and not case.actors:
        return Fail(mistake)
    if now < plan.effective_at:
        return Advance(_wait_until_effective(case, plan, now))
    match facts.account:
        case None:
            return stopped(facts) or Look(Fact.ACCOUNT)
        case NoAccount() if case.user_id is None and plan.user_principal_name is None:
            # That nobody bears the number does not show that the person is gone.
            return Fail(AccountNotFound("No account bears the event's employee id."))
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
    refusal = stopped(facts) or refused(facts)
    if refusal is not None:
        return refusal
    if case.user_id is None:
        return Advance(pin(case, account, now))
    if facts.others is None:
        return Look(Fact.OTHERS)
    way = gives_way(case, facts.others, rules, now)
    if way is not None:
        return Advance(way)
    return unapproved(case, facts, rules, now, first=True) or _revoke(case, facts, now)


def _revoke(case: Case, facts: Facts, now: datetime) -> Action:
    match facts.sessions:
        case None:
            return Look(Fact.SESSIONS)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case datetime() as valid_from:
            revoke = RevokeSessions(now.replace(microsecond=0))
            return change(
                case,
                facts,
                revoke,
                now,
                before=f"valid from {valid_from.isoformat()}",
                then=CaseState.SESSIONS_REVOKED,
            )


def _wait_until_effective(case: Case, plan: LeaverPlan, now: datetime) -> Transition:
    waiting = replace(case, wait_until=plan.effective_at, waiting_since=now)
    if case.state is CaseState.WAITING_EFFECTIVE:
        return Transition(case=waiting)
    return record(
        move(waiting, CaseState.WAITING_EFFECTIVE),
        now,
        action="wait-until-effective",
        outcome=StepOutcome.WAITING,
        event=EventType.WAITING,
    )
