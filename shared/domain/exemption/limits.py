"""How long a person may be exempt: at once, and in a year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.domain.errors.exemptions import ExemptionLimitReached
from shared.domain.errors.requests import InvalidRequest
from shared.domain.ids import CaseId

YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionLimits:
    """The settings about exemptions.

    Attributes:
        longest: how long one may last.
        yearly: how long all of a person's within a year may last together.
        notice: how long before its end it is announced.
    """

    longest: timedelta = timedelta(days=30)
    yearly: timedelta = timedelta(days=60)
    notice: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A time for which a person was exempt, or is to be."""

    begins: datetime
    ends: datetime

    def within(self, begins: datetime, ends: datetime) -> timedelta:
        """How much of it lies between two moments."""
        return max(min(self.ends, ends) - max(self.begins, begins), timedelta(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionRecord:
    """What is kept of a person's exemptions. Whoever replaces it grants the next one.

    Attributes:
        case_id: the last one that was granted; it may be over by now.
        spent: the times of those before it.
    """

    case_id: CaseId | None = None
    spent: tuple[Span, ...] = ()


def check_limits(
    asked: Span, spent: Iterable[Span], limits: ExemptionLimits, now: datetime
) -> None:
    """Refuse a time that is over, too long, or too much for one year.

    Args:
        asked: from now to the end that is asked for.
        spent: the person's earlier times.
        limits: the settings.
        now: the time.

    Raises:
        InvalidRequest: it ends in the past, or lasts longer than one may.
        ExemptionLimitReached: together with the earlier ones it is too much for a year.
    """
    if asked.ends <= now:
        raise InvalidRequest("endsAt has passed.")
    if asked.ends - asked.begins > limits.longest:
        raise InvalidRequest(f"An exemption lasts {_days(limits.longest)} days at most.")
    year = asked.ends - YEAR
    used = sum((span.within(year, asked.ends) for span in spent), timedelta(0))
    if used + (asked.ends - asked.begins) > limits.yearly:
        raise ExemptionLimitReached(
            f"The person was exempt for {_days(used)} of the {_days(limits.yearly)} days that they"
            " may be in a year."
        )


def recent(spent: Iterable[Span], now: datetime) -> tuple[Span, ...]:
    """The times that still count."""
    return tuple(span for span in spent if span.ends > now - YEAR)


def _days(time: timedelta) -> str:
    return f"{time / timedelta(days=1):.4g}"
