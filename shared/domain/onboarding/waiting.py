"""While the person has to register: looks, reminders, the deadline, and ways out."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.errors.people import AccountNotFound
from shared.domain.plans import OnboardingPlan
from shared.domain.schedules import (
    Rules,
    next_look,
    next_reminder,
    registration_deadline,
    reminders_due,
    shortest_notice,
)
from shared.domain.transitions import Transition, move, record

_WARNING: Final = (
    "Enforced without a registration: whoever signs in next registers, and clients that know no "
    "MFA stop working."
)


def wait_for_registration(
    case: Case, plan: OnboardingPlan, rules: Rules, now: datetime
) -> Transition:
    """Wait, remind, and say when it is too late."""
    case = replace(case, missing_since=None)
    deadline = case.deadline or registration_deadline(plan, case.accepted_at, rules)
    if case.state is CaseState.ENABLED:
        return _begin(case, deadline, rules, now)
    if case.state is CaseState.OVERDUE:
        return look_again(case, rules, now)
    due = reminders_due(deadline, now, rules)
    if due > case.reminders:
        return _remind(case, deadline, due, rules, now)
    if now < deadline:
        return look_again(case, rules, now)
    return record(
        # Not None: what was read before the deadline is read again before anybody is enforced.
        replace(move(case, CaseState.OVERDUE), wait_until=now, attempts=0),
        now,
        action="register",
        outcome=StepOutcome.WAITING,
        detail="The deadline has passed and the person has not registered.",
        event=EventType.OVERDUE,
        reason=rules.when_overdue,
    )


def gone(case: Case, rules: Rules, now: datetime) -> Transition:
    """What becomes of a case whose person the directory does not know any more.

    Replicas lag, so one look proves nothing: the case ends when looks agree for as long as a change
    may stay unverified.
    """
    if case.missing_since is None:
        return record(
            replace(case, missing_since=now, wait_until=now + rules.check_first),
            now,
            action="look-for-account",
            outcome=StepOutcome.WAITING,
            detail="The directory does not know the person any more.",
        )
    if now - case.missing_since < rules.unverified_for:
        again = next_look(case.missing_since, now, rules)
        return Transition(case=replace(case, wait_until=again, attempts=0, updated_at=now))
    return record(
        replace(move(case, CaseState.CANCELLED), wait_until=None),
        now,
        action="cancel",
        outcome=StepOutcome.DONE,
        detail="The account is gone from the directory.",
        event=EventType.CANCELLED,
        reason=AccountNotFound.code,
    )


def warned(case: Case) -> Case:
    """The case with the warning that somebody unregistered is being enforced, once."""
    if _WARNING in case.warnings:
        return case
    return replace(case, warnings=(*case.warnings, _WARNING))


def put_off(case: Case, rules: Rules, *, reminded_at: datetime) -> Case:
    """The case with a deadline that leaves somebody the shortest notice from the first reminder on.

    After a downtime that may come when the deadline is near, or past.
    """
    least = reminded_at + shortest_notice(rules)
    return case if case.deadline is None else replace(case, deadline=max(case.deadline, least))


def _remind(case: Case, deadline: datetime, due: int, rules: Rules, now: datetime) -> Transition:
    reminded = replace(case, deadline=deadline, reminders=due)
    if case.reminders == 0:
        reminded = put_off(reminded, rules, reminded_at=now)
    moved = reminded.deadline != deadline
    return record(
        look_again(reminded, rules, now).case,
        now,
        action="remind",
        outcome=StepOutcome.WAITING,
        before=str(deadline) if moved else None,
        after=str(reminded.deadline) if moved else None,
        detail="The deadline is put off: no reminder could come in time." if moved else None,
        event=EventType.REMINDER,
    )


def _begin(case: Case, deadline: datetime, rules: Rules, now: datetime) -> Transition:
    begun = replace(
        move(case, CaseState.WAITING_REGISTRATION), deadline=deadline, waiting_since=now
    )
    return record(
        look_again(begun, rules, now).case,
        now,
        action="wait-for-registration",
        outcome=StepOutcome.WAITING,
        event=EventType.WAITING,
    )


def look_again(case: Case, rules: Rules, now: datetime) -> Transition:
    """Look again after a while, at the next reminder, or at the deadline, whatever comes first."""
    again = next_look(case.waiting_since or now, now, rules)
    deadline = case.deadline
    if deadline is not None and now < deadline:
        again = min(again, deadline)
    if case.state is CaseState.WAITING_REGISTRATION and deadline is not None:
        reminder = next_reminder(deadline, case.reminders, rules)
        again = min(again, deadline, reminder or deadline)
    return Transition(case=replace(case, wait_until=max(now, again), attempts=0, updated_at=now))
