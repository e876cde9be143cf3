"""From the ticket to `contained`: the lost device opens no new session any more."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.actions import Action, Advance, Look
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.changing import change
from shared.domain.control import Mode
from shared.domain.effects.methods import RemoveMethods
from shared.domain.facts import Fact, Facts
from shared.domain.listing import shown
from shared.domain.people.rulings import Impact
from shared.domain.plans import ResetPlan
from shared.domain.removing import listed, removable
from shared.domain.reset.blocking import block
from shared.domain.reset.guards import (
    expired,
    identified,
    leaving,
    refused,
    stopped,
    suspected,
    unapproved,
    unverified,
)
from shared.domain.reset.joining import carrier, join
from shared.domain.reset.observing import tell
from shared.domain.reset.revoking import revoke
from shared.domain.reset.scope import doubtful, preference_among, scope
from shared.domain.reset.tickets import ResetAction, ResetReason
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, move, record

_SESSIONS_FIRST: Final = frozenset({ResetReason.STOLEN, ResetReason.COMPROMISED})


def contain(case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From the ticket to `contained`."""
    guarded = (
        stopped(case, facts)
        or expired(case, now)
        or identified(case, facts, now)
        or unverified(case, plan, facts, rules, now)
        or leaving(facts, now)
    )
    if guarded is not None:
        return guarded
    at_work = carrier(case, facts.others or ())
    if at_work is not None:
        return Advance(join(case, at_work, rules, now))
    guarded = (
        suspected(plan, facts)
        or refused(case, plan, facts, rules, now)
        or unapproved(case, facts, rules, now)
    )
    if guarded is not None:
        return guarded
    if facts.mode is Mode.OBSERVE:
        return tell(case, plan, facts, now)
    if _waits_for_collection(case, plan):
        return Advance(_wait_for_collection(case, rules, now))
    case = replace(case, reset=replace(case.reset, begun_at=case.reset.begun_at or now))
    return (
        _revoke_first(case, plan, facts, now)
        or _block_first(case, plan, facts, rules, now)
        or _remove(case, plan, facts, now)
        or _revoke_last(case, plan, facts, now)
    )


def _waits_for_collection(case: Case, plan: ResetPlan) -> bool:
    """Whether the person has the old device still and nobody has come for a pass yet."""
    return (
        plan.reason is ResetReason.REPLACED
        and ResetAction.METHODS in plan.actions
        and case.reset.called_for_at is None
    )


def contained(case: Case, plan: ResetPlan, now: datetime) -> Transition:
    """A list showed nothing in scope any more, and the revocation was read back.

    Subscribers are told only where both was asked for: with methods left, or sessions, the device
    is not out.
    """
    out = {ResetAction.METHODS, ResetAction.SESSIONS} <= set(plan.actions)
    return record(
        replace(case, reset=replace(case.reset, contained_at=now), wait_until=None, attempts=0),
        now,
        action="contain",
        outcome=StepOutcome.DONE,
        detail="Tokens already issued may live for up to 90 minutes more."
        if ResetAction.SESSIONS in plan.actions
        else "Sessions were left as they are.",
        event=EventType.CONTAINED if out else None,
    )


def _wait_for_collection(case: Case, rules: Rules, now: datetime) -> Transition:
    deadline = case.deadline or now + rules.reset.deadline
    return record(
        replace(
            move(case, CaseState.AWAITING_COLLECTION),
            deadline=deadline,
            waiting_since=now,
            wait_until=min(deadline, now + rules.check_most),
            attempts=0,
        ),
        now,
        action="wait-for-collection",
        outcome=StepOutcome.WAITING,
        detail="The old methods stay until somebody comes for a pass for the new device.",
        event=EventType.WAITING,
    )


def _revoke_first(case: Case, plan: ResetPlan, facts: Facts, now: datetime) -> Action | None:
    if plan.reason not in _SESSIONS_FIRST or ResetAction.SESSIONS not in plan.actions:
        return None
    if facts.sessions is None:
        return Look(Fact.SESSIONS)
    asked_at = case.accepted_at.replace(microsecond=0)
    if isinstance(facts.sessions, datetime) and facts.sessions >= asked_at:
        return None
    return revoke(case, facts, now, then=CaseState.ACCEPTED)


def _block_first(
    case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime
) -> Action | None:
    compromised = plan.reason is ResetReason.COMPROMISED and ResetAction.METHODS in plan.actions
    if not compromised or not rules.reset.block_compromised:
        return None
    # Whoever is not to register again gets no pass, so nobody would let them in.
    return block(case, facts, now)


def _remove(case: Case, plan: ResetPlan, facts: Facts, now: datetime) -> Action | None:
    """Remove what is in scope, all in one change that one list proves."""
    if ResetAction.METHODS not in plan.actions:
        return None
    methods = shown(facts)
    if not isinstance(methods, tuple):
        return methods
    going = removable(scope(methods, plan.reason))
    if not going:
        kept = tuple(map(str, methods))
        if kept == case.reset.kept:
            return None
        return Advance(_keep(case, kept, tuple(map(str, doubtful(methods, plan.reason))), now))
    left = tuple(one for one in methods if one not in going)
    effect = RemoveMethods(going, Impact.CONTAIN, preference_among(left))
    removed = tuple(dict.fromkeys((*case.reset.removed, *map(str, going))))
    noted = replace(case, reset=replace(case.reset, removed=removed))
    return change(noted, facts, effect, now, before=listed(going), then=case.state)


def _keep(
    case: Case, kept: tuple[str, ...], in_doubt: tuple[str, ...], now: datetime
) -> Transition:
    """The case with what a list first showed that had nothing in scope; what comes later is new."""
    noted = replace(case, reset=replace(case.reset, kept=kept, doubtful=in_doubt), wait_until=None)
    if not in_doubt or in_doubt == case.reset.doubtful:
        return Transition(case=noted)
    warning = f"Kept, though they may be in the device: {', '.join(in_doubt)}."
    return record(
        replace(noted, warnings=(*case.warnings, warning)),
        now,
        action="keep-methods",
        outcome=StepOutcome.SKIPPED,
        before=", ".join(in_doubt),
        detail="Nobody can tell whether they are in the device, or how to remove them.",
    )


def _revoke_last(case: Case, plan: ResetPlan, facts: Facts, now: datetime) -> Action:
    if ResetAction.SESSIONS not in plan.actions:
        return Advance(Transition(case=move(case, CaseState.CONTAINED)))
    return revoke(case, facts, now, then=CaseState.CONTAINED)
