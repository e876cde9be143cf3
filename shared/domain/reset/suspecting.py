"""A method that nobody was given a pass to register: shut the door, ask a human."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import MethodType
from shared.domain.cases import Case, EventType, StepOutcome
from shared.domain.errors.resets import SuspectRegistration
from shared.domain.facts import Fact, Facts
from shared.domain.reset.blocking import block
from shared.domain.reset.guards import unapproved
from shared.domain.reset.revoking import revoke
from shared.domain.reset.scope import Methods
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, record

_NOT_REGISTERED: Final = frozenset({MethodType.PASSWORD, MethodType.TEMPORARY_ACCESS_PASS})


def fresh(case: Case, methods: Methods) -> Methods:
    """What has appeared since a list first showed nothing in scope."""
    return tuple(
        one
        for one in methods
        if one.method_type not in _NOT_REGISTERED and str(one) not in case.reset.kept
    )


def suspect(case: Case, appeared: Methods, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Tell, revoke, block, and wait for a human.

    A phone has the same id whatever its number, so one that was removed is no proof of a replica
    that lags: it takes a second look.
    """
    since = case.reset.suspect_since
    if since is None:
        certain = any(str(one) not in case.reset.removed for one in appeared)
        again = None if certain else now + rules.gone_after
        noted = replace(case, reset=replace(case.reset, suspect_since=now), wait_until=again)
        return Advance(Transition(case=noted))
    if not case.reset.alerted:
        return Advance(_alert(case, appeared, now))
    asking = unapproved(case, facts, rules, now)
    if asking is not None:
        return asking
    if facts.sessions is None:
        return Look(Fact.SESSIONS)
    second = since.replace(microsecond=0)
    if not (isinstance(facts.sessions, datetime) and facts.sessions >= second):
        return revoke(case, facts, now, then=case.state)
    return block(case, facts, now, again=True) or Fail(
        SuspectRegistration(f"Appeared without a pass: {_types(appeared)}.")
    )


def unsuspected(case: Case) -> Transition | None:
    """The case when a second look shows nothing to suspect; None where nothing was, or it was told.

    What a replica showed late is no reason to keep weaker tickets off, whatever parks the case.
    """
    if case.reset.suspect_since is None or case.reset.alerted:
        return None
    return Transition(case=replace(case, reset=replace(case.reset, suspect_since=None)))


def _alert(case: Case, appeared: Methods, now: datetime) -> Transition:
    return record(
        replace(case, reset=replace(case.reset, alerted=True), wait_until=None),
        now,
        action="suspect-registration",
        outcome=StepOutcome.BEGUN,
        before=_types(appeared),
        detail="A method appeared, and nobody was given a pass to register it.",
        event=EventType.SUSPECT_REGISTRATION,
    )


def _types(methods: Methods) -> str:
    return ", ".join(one.method_type for one in methods)
