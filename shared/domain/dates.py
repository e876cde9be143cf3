"""Which dates of an event are believed without asking."""

from datetime import datetime, timedelta
from typing import Final

from shared.domain.errors.cases import DateImplausible

MOST_BACK: Final = timedelta(days=30)
MOST_AHEAD: Final = timedelta(days=180)
"""HR systems tell of people weeks ahead and days late; what is further away is mostly a typing
error, and the year of it."""


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
