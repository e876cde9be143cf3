"""While the person has to register again: looks, reminders, the deadline."""

from dataclasses import replace
from datetime import datetime

from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.reset.window import explained_until
from shared.domain.schedules import Rules, next_look
from shared.domain.transitions import Transition, move, record


def begin_waiting(case: Case, rules: Rules, now: datetime) -> Transition:
    """Wait for the person to collect a pass and register."""
    deadline = now + rules.reset.deadline
    waiting = replace(
        move(case, CaseState.WAITING_REGISTRATION), deadline=deadline, waiting_since=now
    )
    return record(
        look_again(waiting, rules, now).case,
        now,
        action="wait-for-registration",
        outcome=StepOutcome.WAITING,
        event=EventType.WAITING,
    )


def go_on_waiting(case: Case, rules: Rules, now: datetime) -> Transition:
    """Look again later, remind, and say when it is too late."""
    deadline = case.deadline
    if case.state is CaseState.OVERDUE or deadline is None:
        return look_again(case, rules, now)
    due = sum(now >= deadline - before for before in rules.reset.reminders)
    if now < deadline and due > case.reminders:
        return record(
            look_again(replace(case, reminders=due), rules, now).case,
            now,
            action="remind",
            outcome=StepOutcome.WAITING,
            event=EventType.REMINDER,
        )
    if now < deadline:
        return look_again(case, rules, now)
    return record(
        replace(move(case, CaseState.OVERDUE), wait_until=None, attempts=0),
        now,
        action="register",
        outcome=StepOutcome.WAITING,
        detail="The deadline has passed and the person has not registered.",
        event=EventType.OVERDUE,
    )


def look_again(case: Case, rules: Rules, now: datetime) -> Transition:
    """Look again after a while, at the next reminder, or at the deadline, whatever comes first."""
    again = next_look(case.waiting_since or now, now, rules)
    deadline = case.deadline
    if case.state is CaseState.WAITING_REGISTRATION and deadline is not None:
        reminders = (deadline - before for before in rules.reset.reminders[case.reminders :])
        again = min(again, deadline, *(moment for moment in reminders if moment > now))
    looks = (explained_until(case, rules), *case.reset.log_looks())
    again = min((again, *(moment for moment in looks if moment is not None and moment > now)))
    return Transition(
        case=replace(
            case, missing_since=None, wait_until=max(now, again), attempts=0, updated_at=now
        )
    )
