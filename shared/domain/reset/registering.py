"""From `waiting-registration` to the end: the pass, the registration, or somebody else's."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.accounts import NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import AuthenticationMethod, MethodType
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.errors.resets import SuspectRegistration
from shared.domain.facts import Fact, Facts
from shared.domain.onboarding.waiting import gone
from shared.domain.plans import ResetPlan
from shared.domain.reset.blocking import block, lift
from shared.domain.reset.containing import revoke
from shared.domain.reset.endings import end
from shared.domain.reset.exposure import watch
from shared.domain.reset.guards import leaving, stopped, unapproved
from shared.domain.reset.joining import carrier, join
from shared.domain.reset.progress import Block
from shared.domain.reset.scope import Methods, registered_without
from shared.domain.reset.waiting import go_on_waiting
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, record

_NOT_REGISTERED: Final = frozenset({MethodType.PASSWORD, MethodType.TEMPORARY_ACCESS_PASS})


def register(case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Until the person has registered with a pass that somebody was given for them."""
    guarded = stopped(facts) or leaving(facts, now)
    if guarded is not None:
        return guarded
    at_work = carrier(case, facts.others or ())
    if at_work is not None:
        return Advance(join(case, at_work, rules, now))
    match facts.methods:
        case None:
            return Look(Fact.METHODS)
        case NoAccount():
            return _without_methods(case, facts, rules, now)
        case methods:
            pass
    fresh = _fresh(case, methods)
    if fresh and case.reset.collected_at is None:
        return _suspect(case, fresh, facts, rules, now)
    watched = watch(case, facts, rules, now)
    if watched is not None:
        return watched
    lifting = lift(case, plan, facts, now)
    if lifting is not None:
        return lifting
    untrusted = case.reset.doubtful
    if fresh and registered_without(methods, untrusted) and case.reset.block is not Block.OURS:
        why = f"Registered again: {', '.join(one.method_type for one in fresh)}."
        return Advance(end(case, now, detail=why))
    return _block_overdue(case, facts, now) or Advance(go_on_waiting(case, rules, now))


def _fresh(case: Case, methods: Methods) -> Methods:
    """What has appeared since all in scope was gone."""
    return tuple(
        one
        for one in methods
        if one.method_type not in _NOT_REGISTERED and str(one) not in case.reset.kept
    )


def _suspect(case: Case, fresh: Methods, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Nobody was given a pass, and yet somebody has registered: shut the door, ask a human.

    A phone has the same id whatever its number, so one that was removed is no proof of a replica
    that lags: it takes a second look.
    """
    since = case.reset.suspect_since
    if since is None:
        certain = any(str(one) not in case.reset.removed for one in fresh)
        again = None if certain else now + rules.gone_after
        noted = replace(case, reset=replace(case.reset, suspect_since=now), wait_until=again)
        return Advance(Transition(case=noted))
    if not case.reset.alerted:
        return Advance(_alert(case, fresh, now))
    asking = unapproved(case, facts, rules, now)
    if asking is not None:
        return asking
    if facts.sessions is None:
        return Look(Fact.SESSIONS)
    if not (isinstance(facts.sessions, datetime) and facts.sessions >= _second(since)):
        return revoke(case, facts, now, then=case.state)
    return block(case, facts, now) or Fail(
        SuspectRegistration(f"Appeared without a pass: {_types(fresh)}.")
    )


def _alert(case: Case, fresh: Methods, now: datetime) -> Transition:
    return record(
        replace(case, reset=replace(case.reset, alerted=True), wait_until=None),
        now,
        action="suspect-registration",
        outcome=StepOutcome.BEGUN,
        before=_types(fresh),
        detail="A method appeared, and nobody was given a pass to register it.",
        event=EventType.SUSPECT_REGISTRATION,
    )


def _block_overdue(case: Case, facts: Facts, now: datetime) -> Action | None:
    """Whoever has not registered by the deadline is blocked: the password alone opens the door."""
    if case.state is not CaseState.OVERDUE or case.reset.block is not None:
        return None
    return block(case, facts, now)


def _without_methods(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    match facts.account:
        case None:
            return Look(Fact.ACCOUNT)
        case NoAccount():
            return Advance(gone(case, rules, now))
        case _:
            return Fail(AccountNotVisible("The directory shows the account, but not its methods."))


def _types(methods: tuple[AuthenticationMethod, ...]) -> str:
    return ", ".join(one.method_type for one in methods)


def _second(moment: datetime) -> datetime:
    """In whole seconds, as Graph tells times."""
    return moment.replace(microsecond=0)
