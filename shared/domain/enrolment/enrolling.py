"""From the confirmation of an enrolment to its end: one case each, so many a day."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from shared.domain.actions import Action, Advance, Do
from shared.domain.approvals import APPROVAL_LASTS, is_agreed, plan_hash
from shared.domain.cases import Approval, Case, CaseState, EventType, StepOutcome
from shared.domain.control import Mode
from shared.domain.enrolment.people import Tally
from shared.domain.enrolment.planning import BREATH, PLAN_LASTS, next_part, stopped
from shared.domain.enrolment.work import Opened, Task
from shared.domain.errors.cases import IllegalTransition, PlanChanged
from shared.domain.facts import Facts
from shared.domain.plans import EnrolmentPlan
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, move, record


def confirm(case: Case, seen: str, by: str, now: datetime) -> Transition:
    """The enrolment with a person's word that its plan is what they want.

    Nobody else has to agree: requiring MFA takes nothing away from anybody's safety.

    Args:
        case: which.
        seen: the hash of the plan that the person has read.
        by: their object id.
        now: the time.

    Raises:
        IllegalTransition: the case waits for no confirmation (any more).
        PlanChanged: they have read another plan than the case has.
    """
    if case.state is not CaseState.AWAITING_CONFIRMATION:
        raise IllegalTransition(f"The case is {case.state} and waits for no confirmation.")
    if seen != plan_hash(case):
        raise PlanChanged("The plan is not the one that was confirmed.")
    return record(
        replace(
            move(case, CaseState.ENROLLING),
            approval=Approval(plan_hash=seen, by=by, at=now),
            actors=case.actors | {by},
            parts_done=0,
            waiting_since=now,
            wait_until=None,
            attempts=0,
        ),
        now,
        action="confirm",
        outcome=StepOutcome.DONE,
        detail=f"Confirmed by {by}.",
    )


def open_cases(
    case: Case, plan: EnrolmentPlan, facts: Facts, rules: Rules, now: datetime
) -> Action:
    """Begin while the confirmation holds; then go through the list, day by day, to its end."""
    refusal = stopped(facts)
    if refusal is not None:
        return refusal
    if case.waiting_since is not None:
        if not is_agreed(case, now):
            return Advance(_ask_again(case, now))
        return Advance(_begin(case, facts, rules, now))
    if facts.mode is Mode.OBSERVE and not case.observed:
        return Advance(Transition(case=replace(case, observed=True)))
    if case.parts_done < plan.parts:
        match facts.result:
            case Opened(number, day_is_full=True) if number == case.parts_done:
                return Advance(_wait_for_tomorrow(case, rules, now))
            case Opened(number, left=True) if number == case.parts_done:
                again = replace(case, wait_until=now + BREATH, attempts=0, updated_at=now)
                return Advance(Transition(case=again))
            case Opened(number) if number == case.parts_done:
                return Advance(next_part(case, plan, now))
            case _:
                return Do(Task.OPEN)
    match facts.result:
        case Tally() as tally:
            return Advance(_complete(case, tally, now))
        case _:
            return Do(Task.COUNT)


def _ask_again(case: Case, now: datetime) -> Transition:
    return record(
        replace(
            move(case, CaseState.AWAITING_CONFIRMATION),
            approval=None,
            waiting_since=now,
            wait_until=now + PLAN_LASTS,
            attempts=0,
        ),
        now,
        action="confirm",
        outcome=StepOutcome.REFUSED,
        detail=f"The confirmation is older than {APPROVAL_LASTS // timedelta(hours=1)} hours and "
        "nothing was begun.",
        event=EventType.WAITING,
    )


def _begin(case: Case, facts: Facts, rules: Rules, now: datetime) -> Transition:
    return record(
        replace(case, waiting_since=None, observed=facts.mode is Mode.OBSERVE),
        now,
        action="open-cases",
        outcome=StepOutcome.BEGUN,
        detail=f"At most {rules.enrolled_a_day} people a day.",
    )


def _wait_for_tomorrow(case: Case, rules: Rules, now: datetime) -> Transition:
    tomorrow = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    return record(
        replace(case, wait_until=tomorrow, attempts=0),
        now,
        action="open-cases",
        outcome=StepOutcome.WAITING,
        detail=f"{rules.enrolled_a_day} people were enrolled today; it goes on tomorrow.",
    )


def _complete(case: Case, tally: Tally, now: datetime) -> Transition:
    late = ", ".join(f"{code} {count}" for code, count in tally.passed_over.items()) or "nobody"
    return record(
        replace(move(case, CaseState.COMPLETED), wait_until=None, attempts=0),
        now,
        action="would-complete" if case.observed else "complete",
        outcome=StepOutcome.WOULD if case.observed else StepOutcome.DONE,
        detail=f"{tally.opened} cases were opened. Passed over in the end: {late}.",
        event=EventType.COMPLETED,
    )
