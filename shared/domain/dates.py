"""Which dates of an event are believed without asking."""

from datetime import datetime, timedelta
from typing import Final, assert_never

from shared.domain.errors.cases import DateImplausible
from shared.domain.plans import LeaverPlan, OnboardingPlan

MOST_BACK: Final = timedelta(days=30)
MOST_AHEAD: Final = timedelta(days=180)
"""HR systems tell of people weeks ahead and days late; what is further away is mostly a typing
error, and the year of it."""


def implausible_date(
    plan: OnboardingPlan | LeaverPlan, accepted_at: datetime
) -> DateImplausible | None:
    """The error to raise where a date of an event is too far away; None where all are plausible.

    Args:
        plan: what the event asks for.
        accepted_at: when it was accepted.
    """
    match plan:
        case OnboardingPlan(starts_at=starts_at, enforce_by=enforce_by):
            mistake = implausible("startDate", starts_at, accepted_at)
            if mistake is not None or enforce_by is None:
                return mistake
            return implausible("enforceBy", enforce_by, accepted_at)
        case LeaverPlan(effective_at=effective_at):
            return implausible("effectiveAt", effective_at, accepted_at)
        case _:
            assert_never(plan)


def implausible(name: str, moment: datetime, accepted_at: datetime) -> DateImplausible | None:
    """The error to raise for a date that is too far away; None where it is plausible.

    Args:
        name: the field of the event, for the operator.
        moment: what it says.
        accepted_at: when the event was accepted.
    """
    if moment < accepted_at - MOST_BACK:
        return DateImplausible(f"{name} lies more than {MOST_BACK.days} days back.")
    if moment > accepted_at + MOST_AHEAD:
        return DateImplausible(f"{name} lies more than {MOST_AHEAD.days} days ahead.")
    return None
