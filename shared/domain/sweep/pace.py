"""Keeps inside limits that the directory publishes: when the next request may go.

https://learn.microsoft.com/graph/throttling-limits
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many requests in a time, whoever sends them.

    Attributes:
        name: which; it may stand in a key.
        requests: how many.
        per: in which time.
        slack: what is waited beyond that, since requests take differently long on their way.
    """

    name: str
    requests: int
    per: timedelta
    slack: timedelta = timedelta(0)

    @property
    def window(self) -> timedelta:
        """In how long a time no more than `requests` have their turn."""
        return self.per + self.slack

    def scaled(self, scale: float) -> "Limit":
        """The same limit where time goes by so many times as slowly."""
        return replace(self, per=self.per * scale, slack=self.slack * scale)


REPORTS: Final = Limit(
    name="reports", requests=5, per=timedelta(seconds=10), slack=timedelta(seconds=0.5)
)
"""Identity and access reports, per application and tenant."""
CONDITIONAL_ACCESS: Final = Limit(
    name="conditional-access", requests=1, per=timedelta(seconds=1), slack=timedelta(seconds=0.25)
)
"""Policies and named locations, per tenant and for all applications; refusals tell no wait."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that somebody may take.

    Attributes:
        at: when the request may go.
        taken: the turns that have to be known for the next one, the earliest first.
    """

    at: datetime
    taken: tuple[datetime, ...]


def next_turn(
    limit: Limit, taken: Sequence[datetime], now: datetime, longest: timedelta
) -> Turn | timedelta:
    """The next turn within a limit.

    In no stretch of time as long as the window are there more turns than the limit has requests.
    That also keeps inside a bucket of that size which fills up evenly.

    Args:
        limit: what must be kept.
        taken: turns that were taken, in whatever order.
        now: what time it is.
        longest: how long anybody waits for a turn.

    Returns:
        The turn; or how long it would take until there is one, where that is longer.
    """
    # Nobody can have taken a turn that far ahead but by a clock that was wrong.
    latest = now + longest + limit.window
    known = sorted(moment for moment in taken if moment <= latest)[-limit.requests :]
    free = known[0] + limit.window if len(known) == limit.requests else now
    at = max(now, free)
    if at - now > longest:
        return at - now
    return Turn(at, tuple(sorted((*known, at))[-limit.requests :]))
