"""Several tickets about one person: one of them does the work, the others are answered with it.

A reset carries another one's work where it takes away at least as much, and has not begun to before
the other was asked for. So nobody is told "done" of what was done before they asked.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.actions import Action, Advance, Look
from shared.domain.cases import ENDED, SETTLED_RESETS, Case, CaseState, EventType, StepOutcome
from shared.domain.facts import Fact, Facts
from shared.domain.plans import ResetPlan
from shared.domain.reset.tickets import strength
from shared.domain.schedules import Rules, next_look
from shared.domain.transitions import Transition, move, record

_AT_WORK: Final = frozenset(CaseState) - SETTLED_RESETS - {CaseState.PARKED}


def carrier(case: Case, others: Iterable[Case]) -> Case | None:
    """The reset that does this one's work too; None where this one does its own."""
    carriers = [other for other in others if _carries(other, case)]
    return min(carriers, key=_rank, default=None)


def join(case: Case, other: Case, rules: Rules, now: datetime) -> Transition:
    """The case, waiting for the end of the one that does its work."""
    return record(
        replace(
            move(case, CaseState.JOINED),
            reset=replace(case.reset, joined=other.case_id),
            deadline=None,
            waiting_since=now,
            wait_until=next_look(now, now, rules),
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
        again = next_look(case.waiting_since or now, now, rules)
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
    return (
        isinstance(ours, ResetPlan)
        and isinstance(theirs, ResetPlan)
        and strength(ours.reason) >= strength(theirs.reason)
        and set(ours.actions) >= set(theirs.actions)
    )
