"""What an error does to the case it struck, by the error's disposition."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from shared.domain.cases import ENDED, Case, CaseState, EventType, StepOutcome
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.budgets import BudgetExhausted
from shared.domain.errors.cases import AttemptsUsedUp, IllegalTransition
from shared.domain.errors.resets import ResetExpired
from shared.domain.holds import hold
from shared.domain.plans import ResetPlan
from shared.domain.remains import what_stays
from shared.domain.reset.rules import PARKED_LASTS
from shared.domain.schedules import Rules, next_attempt, next_taking_up
from shared.domain.transitions import Transition, move, record

HELD_PAUSE: Final = timedelta(seconds=30)
"""How long to wait before trying again what is held back without using up an attempt."""


def after_failure(case: Case, error: LifecycleError, rules: Rules, now: datetime) -> Transition:
    """The case after an error.

    Raises:
        LifecycleError: the error itself, where its disposition is to redeliver the message.
    """
    if error.disposition is not Disposition.REDELIVER and case.state in ENDED:
        return _left_unverified(case, error, now)
    match error.disposition:
        case Disposition.REDELIVER:
            raise error
        case Disposition.DEFER if isinstance(error, BudgetExhausted):
            return hold(case, error, now)
        case Disposition.DEFER:
            return _defer(case, error, rules, now)
        case Disposition.PARK:
            return _park(case, error, rules, now)
        case Disposition.REFUSE if case.must_put_back:
            return _park(case, error, rules, now)
        case Disposition.REFUSE:
            return record(
                replace(move(case, CaseState.REFUSED), wait_until=None),
                now,
                action="refuse",
                outcome=StepOutcome.REFUSED,
                detail=error.detail,
                event=EventType.REFUSED,
                reason=error.code,
            )
        case _:
            assert_never(error.disposition)


def _left_unverified(case: Case, error: LifecycleError, now: datetime) -> Transition:
    """A cancelled case whose change could not be looked at: it says so, and that is the end."""
    return record(
        replace(case, change=None),
        now,
        action="look-again",
        outcome=StepOutcome.UNVERIFIED,
        detail=f"What the change came to is unknown. {error.code}: {error.detail}",
    )


def _defer(case: Case, error: LifecycleError, rules: Rules, now: datetime) -> Transition:
    if not error.uses_attempt:
        return Transition(case=replace(case, wait_until=now + HELD_PAUSE))
    attempt = case.attempts + 1
    if attempt > rules.attempts:
        return _park(case, AttemptsUsedUp(f"{error.code}: {error.detail}"), rules, now)
    return record(
        replace(
            case,
            attempts=attempt,
            wait_until=next_attempt(attempt, now, error.retry_after, rules),
        ),
        now,
        action="try-again",
        outcome=StepOutcome.DEFERRED,
        detail=f"{error.code}: {error.detail}",
    )


def _park(case: Case, error: LifecycleError, rules: Rules, now: datetime) -> Transition:
    again = _taken_up_again(case, rules, now) if case.must_put_back else None
    return record(
        replace(move(case, CaseState.PARKED), parked_from=case.state, wait_until=again),
        now,
        action="park",
        outcome=StepOutcome.PARKED,
        detail=error.detail,
        event=EventType.PARKED,
        reason=error.code,
    )


def _taken_up_again(case: Case, rules: Rules, now: datetime) -> datetime:
    """When a case is tried again that has to put somebody back: by its end, and again after it."""
    due = case.deadline or now
    if due <= now:
        return next_taking_up(due, now, rules)
    return min(due, next_taking_up(case.accepted_at, now, rules))


def replayed(case: Case, by: str, now: datetime) -> Transition:
    """A parked case that a person has taken up again.

    Raises:
        IllegalTransition: the case is not parked.
        ResetExpired: it is a ticket that was parked for too long.
    """
    if isinstance(case.plan, ResetPlan) and now - case.updated_at > PARKED_LASTS:
        raise ResetExpired(f"The ticket was parked more than {PARKED_LASTS.days} days ago.")
    return record(
        replace(back(case), actors=case.actors | {by}),
        now,
        action="replay",
        outcome=StepOutcome.DONE,
        detail=f"Asked for by {by}.",
    )


def resumed(case: Case, now: datetime) -> Transition:
    """One that is taken up again by itself: whom it has changed must be put back."""
    return record(
        # Where attempts were used up there is one more, and not all of them again.
        replace(back(case), attempts=case.attempts),
        now,
        action="take-up-again",
        outcome=StepOutcome.DONE,
        detail="What was changed has to be put back, so it is tried until it succeeds.",
    )


def back(case: Case) -> Case:
    """A parked case where it was parked, with all its attempts.

    Raises:
        IllegalTransition: the case is not parked.
    """
    return replace(
        move(case, case.parked_from or case.state),
        parked_from=None,
        change=None if case.change is None else replace(case.change, reads=0),
        wait_until=None,
        attempts=0,
    )


def cancelled(case: Case, by: str, now: datetime) -> Transition:
    """A case that somebody has stopped. It undoes nothing, and says what stays.

    Args:
        case: which.
        by: the object id of who stops it.
        now: the time.

    Raises:
        IllegalTransition: the case is over already, or has to put somebody back first.
    """
    return ended_early(replace(case, called_off_by=by), f"Asked for by {by}.", now)


def ended_early(case: Case, why: str, now: datetime) -> Transition:
    """A case that goes no further, whoever wants that.

    Raises:
        IllegalTransition: the case is over already, or has to put somebody back first.
    """
    if case.must_put_back:
        raise IllegalTransition(
            "An exemption in force is not cancelled but ended: DELETE /api/exemptions/{caseId}."
        )
    return record(
        replace(move(case, CaseState.CANCELLED), wait_until=None),
        now,
        action="cancel",
        outcome=StepOutcome.DONE,
        detail=f"{why} {what_stays(case)}",
        event=EventType.CANCELLED,
    )
