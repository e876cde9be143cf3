"""From the acceptance of an enrolment to the plan that somebody has to confirm."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.actions import Action, Advance, Do, Fail, Look
from shared.domain.approvals import plan_hash
from shared.domain.cases import Approval, Case, CaseState, EventType, StepOutcome
from shared.domain.control import Mode
from shared.domain.enrolment.people import Finding, Tally
from shared.domain.enrolment.work import Examined, ListWritten, Task
from shared.domain.errors.control import Stopped
from shared.domain.facts import Fact, Facts
from shared.domain.plans import EnrolmentPlan
from shared.domain.transitions import Transition, move, record

BREATH: Final = timedelta(seconds=3)
"""The pause between two parts: a scheduled message, so that a stop or a cancellation gets its turn
and no worker is at it for longer than a part takes."""
PLAN_LASTS: Final = timedelta(days=7)
"""How long a plan waits for its confirmation: too much changes about people in more."""


def make_plan(case: Case, plan: EnrolmentPlan, facts: Facts, now: datetime) -> Action:
    """Write the list down, look at everybody on it, and count."""
    refusal = stopped(facts)
    if refusal is not None:
        return refusal
    if plan.edition is None:
        match facts.result:
            case ListWritten() as written:
                return Advance(_listed(case, plan, written, now))
            case _:
                return Do(Task.LIST)
    if case.parts_done < plan.parts:
        match facts.result:
            case Examined(number) if number == case.parts_done:
                return Advance(next_part(case, plan, now))
            case _:
                return Do(Task.EXAMINE)
    match facts.result:
        case Tally() as tally:
            planned = replace(plan, findings=tally.findings, digest=tally.digest)
            return Advance(_planned(replace(case, plan=planned), planned, now))
        case _:
            return Do(Task.COUNT)


def await_confirmation(case: Case, now: datetime) -> Action:
    """Wait for somebody to confirm the plan, but not for ever."""
    lapses_at = (case.waiting_since or now) + PLAN_LASTS
    if now < lapses_at:
        waiting = replace(case, waiting_since=case.waiting_since or now, wait_until=lapses_at)
        return Advance(Transition(case=waiting))
    return Advance(
        record(
            replace(move(case, CaseState.CANCELLED), wait_until=None),
            now,
            action="cancel",
            outcome=StepOutcome.DONE,
            detail=f"Nobody confirmed the plan within {PLAN_LASTS.days} days. Nothing was changed.",
            event=EventType.CANCELLED,
        )
    )


def stopped(facts: Facts) -> Action | None:
    """What to do before anybody is asked anything: see that onboarding is not stopped."""
    if facts.mode is None:
        return Look(Fact.MODE)
    return Fail(Stopped("Onboarding is stopped.")) if facts.mode is Mode.STOP else None


def next_part(case: Case, plan: EnrolmentPlan, now: datetime) -> Transition:
    """One more part is behind the case."""
    done = case.parts_done + 1
    pause = None if done == plan.parts else now + BREATH
    return Transition(
        case=replace(case, parts_done=done, wait_until=pause, attempts=0, updated_at=now)
    )


def _listed(case: Case, plan: EnrolmentPlan, written: ListWritten, now: datetime) -> Transition:
    listed = replace(plan, edition=written.edition, parts=written.parts, people=written.people)
    return record(
        replace(case, plan=listed, attempts=0),
        now,
        action="list-people",
        outcome=StepOutcome.DONE,
        detail=f"{written.people} people.",
    )


def _planned(case: Case, plan: EnrolmentPlan, now: datetime) -> Transition:
    counted = ", ".join(f"{code} {count}" for code, count in plan.findings.items()) or "nobody"
    wanted = plan.findings.get(Finding.ENROL, 0)
    if not wanted:
        return record(
            replace(move(case, CaseState.COMPLETED), wait_until=None, attempts=0),
            now,
            action="complete",
            outcome=StepOutcome.DONE,
            detail=f"There is nobody to enrol: {counted}.",
            event=EventType.COMPLETED,
        )
    if plan.people <= plan.unasked:
        return _needs_nobody(case, plan, counted, now)
    return record(
        replace(
            move(case, CaseState.AWAITING_CONFIRMATION),
            waiting_since=now,
            wait_until=now + PLAN_LASTS,
            attempts=0,
        ),
        now,
        action="plan",
        outcome=StepOutcome.WAITING,
        detail=f"Of {plan.people} people: {counted}.",
        event=EventType.WAITING,
    )


def _needs_nobody(case: Case, plan: EnrolmentPlan, counted: str, now: datetime) -> Transition:
    """So few people that whoever asked may have them come in without a confirmation."""
    return record(
        replace(
            move(case, CaseState.ENROLLING),
            approval=Approval(plan_hash=plan_hash(case), by=case.source, at=now),
            parts_done=0,
            waiting_since=now,
            wait_until=None,
            attempts=0,
        ),
        now,
        action="plan",
        outcome=StepOutcome.DONE,
        detail=f"Of {plan.people} people: {counted}. {plan.unasked} need no confirmation.",
    )
