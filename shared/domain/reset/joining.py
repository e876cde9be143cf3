"""Several tickets about one person: one of them does the work, the others are answered with it.

A reset carries another one's work where it takes away at least as much, and has not begun to before
the other was asked for. So nobody is told "done" of what was done before they asked.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.actions import Action, Advance, Look
from shared.domain.cases import ENDED, SETTLED_RESETS, Case, CaseState, EventType, StepOutcome
from shared.domain.facts import Fact, Facts
from shared.domain.ids import CaseId, SourceName
from shared.domain.plans import ResetPlan
from shared.domain.reset.progress import Block
from shared.domain.reset.tickets import ResetAction, ResetReason, strength
from shared.domain.schedules import Rules, next_look
from shared.domain.transitions import Transition, move, record

_AT_WORK: Final = frozenset(CaseState) - SETTLED_RESETS - {CaseState.PARKED}
_FIRST_LOOK: Final = timedelta(hours=1)
"""Whoever is joined takes along those that have joined it; they look in case they were left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Untouched:
    """A reset that has done nothing yet, in as few words as tell whether it may carry another.

    Attributes:
        case_id: which.
        state: how it stands.
        source: who asked for it.
        reason: why.
        actions: what is to be done.
        accepted_at: when it was accepted.
    """

    case_id: CaseId
    state: CaseState
    source: SourceName
    reason: ResetReason
    actions: tuple[ResetAction, ...]
    accepted_at: datetime


def untouched(case: Case) -> Untouched | None:
    """What there is to know of a case that has done nothing; None where there is more to it.

    A block that it has taken over, or a registration that nobody asked for, says something to every
    other reset of the person.
    """
    progress, plan = case.reset, case.plan
    if not isinstance(plan, ResetPlan) or progress.begun_at is not None:
        return None
    if progress.block is Block.OURS or progress.suspect_since is not None:
        return None
    return Untouched(
        case_id=case.case_id,
        state=case.state,
        source=case.source,
        reason=plan.reason,
        actions=plan.actions,
        accepted_at=case.accepted_at,
    )


def carrier(case: Case, others: Iterable[Case]) -> Case | None:
    """The reset that does this one's work too; None where this one does its own."""
    carriers = [other for other in others if _carries(other, case)]
    return min(carriers, key=_rank, default=None)


def before(case: Case, waiting: Iterable[Untouched]) -> list[Untouched]:
    """Those that may carry a case, whoever goes on first before the others.

    It is `carrier` of them, as far as they can be told without being read.

    Args:
        case: a reset.
        waiting: others of the same person that have done nothing yet.
    """
    return sorted((one for one in waiting if _before(one, case)), key=_asked)


def _before(one: Untouched, case: Case) -> bool:
    if case.reset.begun_at is not None or one.source != case.source or one.state not in _AT_WORK:
        return False
    plan = case.plan
    if not isinstance(plan, ResetPlan) or not _asks_for(one, plan):
        return False
    return not _asks_for(plan, one) or _asked(one) < (case.accepted_at, case.case_id)


def _asked(one: Untouched) -> tuple[datetime, str]:
    return one.accepted_at, one.case_id


def join(case: Case, other: Case, rules: Rules, now: datetime) -> Transition:
    """The case, waiting for the end of the one that does its work."""
    return record(
        replace(
            move(case, CaseState.JOINED),
            reset=replace(case.reset, joined=other.case_id),
            deadline=None,
            waiting_since=now,
            wait_until=now + max(rules.check_first, _FIRST_LOOK),
            attempts=0,
        ),
        now,
        action="join",
        outcome=StepOutcome.WAITING,
        detail=f"Case {other.case_id} is about the same person and does at least as much.",
        event=EventType.WAITING,
    )


def follow(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Wait for the end of the case that this one has joined, and take it over."""
    if facts.others is None:
        return Look(Fact.OTHERS)
    joined = next((one for one in facts.others if one.case_id == case.reset.joined), None)
    if joined is None or joined.state in (ENDED - {CaseState.COMPLETED}) | {CaseState.PARKED}:
        # What it was to do is not done: this one does it, or joins another.
        alone = replace(move(case, CaseState.ACCEPTED), reset=replace(case.reset, joined=None))
        return Advance(
            record(
                replace(alone, wait_until=None, waiting_since=None, attempts=0),
                now,
                action="go-on-alone",
                outcome=StepOutcome.DONE,
                detail="The case that it had joined has come to nothing.",
            )
        )
    if joined.state is not CaseState.COMPLETED:
        again = max(next_look(case.waiting_since or now, now, rules), now + _FIRST_LOOK)
        return Advance(Transition(case=replace(case, wait_until=again, attempts=0)))
    taken_over = replace(
        case.reset,
        removed=joined.reset.removed,
        kept=joined.reset.kept,
        doubtful=joined.reset.doubtful,
        app_passwords=joined.reset.app_passwords,
        contained_at=joined.reset.contained_at,
    )
    done = replace(
        move(case, CaseState.COMPLETED),
        reset=taken_over,
        observed=case.observed or joined.observed,
        wait_until=None,
        attempts=0,
    )
    return Advance(
        record(
            done,
            now,
            action="would-complete" if done.observed else "complete",
            outcome=StepOutcome.WOULD if done.observed else StepOutcome.DONE,
            detail=f"Done by case {joined.case_id}.",
            event=EventType.COMPLETED,
        )
    )


def held_up(case: Case) -> CaseState | None:
    """In which state others of the person may be that this one has kept waiting.

    Who has joined was not alone, and who has come to an end may have been joined.
    """
    if not isinstance(case.plan, ResetPlan):
        return None
    if case.state is CaseState.JOINED:
        return CaseState.ACCEPTED
    over = case.state in ENDED or case.state is CaseState.PARKED
    return CaseState.JOINED if over else None


def comes_along(other: Case, case: Case, over: Collection[CaseId | None], now: datetime) -> bool:
    """Whether there is something to do about another case now that this one stands so.

    Args:
        other: another reset, as it stands.
        case: one that `held_up` told a state for.
        over: the cases that have come to an end with it.
        now: the time.
    """
    if other.subject != case.subject or other.state is not held_up(case):
        return False
    if other.state is CaseState.JOINED:
        return other.reset.joined in over
    return untouched(other) is not None and (other.wait_until is None or other.wait_until <= now)


def _carries(other: Case, case: Case) -> bool:
    if not _could_carry(other, case):
        return False
    return not _could_carry(case, other) or _rank(other) < _rank(case)


def _could_carry(one: Case, other: Case) -> bool:
    """Whether what one does is enough for the other, too."""
    begun_at = one.reset.begun_at
    if begun_at is None:
        # What has begun is not given up for what may yet come to nothing.
        # Nor is it waited for behind another source, which may be suspended.
        late_enough = other.reset.begun_at is None and one.source == other.source
    else:
        late_enough = begun_at >= other.accepted_at
    return one.state in _AT_WORK and late_enough and _covers(one, other)


def _rank(case: Case) -> tuple[bool, datetime, str]:
    """Which of two goes on that could carry each other: what has begun, then what is older."""
    return case.reset.begun_at is None, case.accepted_at, case.case_id


def _covers(one: Case, other: Case) -> bool:
    """Whether one takes away at least as much as the other."""
    ours, theirs = one.plan, other.plan
    return isinstance(ours, ResetPlan) and isinstance(theirs, ResetPlan) and _asks_for(ours, theirs)


def _asks_for(ours: ResetPlan | Untouched, theirs: ResetPlan | Untouched) -> bool:
    """Whether one asks for at least as much as the other."""
    stronger = strength(ours.reason) >= strength(theirs.reason)
    return stronger and set(ours.actions) >= set(theirs.actions)
