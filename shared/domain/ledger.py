"""The ledger of app passwords: what the directory's audit log told, kept longer than the log is.

No interface lists app passwords. What the log showed of their making and deleting is all that can
be known of them, and only for the time in which nobody missed a line.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.ids import UserId

OVERLAP: Final = timedelta(hours=24)
"""How far each reading goes back behind the one before: lines may come late."""
LINES_LAG: Final = timedelta(hours=1)
"""How long before a reading its lines are taken to be complete; the log lags by minutes."""
MARGIN: Final = timedelta(hours=1)
"""How far from the end of the log's retention a reading stays: lines go while it reads."""


class Doing(StrEnum):
    """What was done with an app password."""

    CREATED = "created"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One line of the audit log about an app password; the log does not tell which.

    Attributes:
        entry_id: the log's id of the line.
        user_id: whose app password.
        at: when.
        doing: what was done.
    """

    entry_id: str
    user_id: UserId
    at: datetime
    doing: Doing


@dataclass(frozen=True, slots=True)
class Span:
    """A time, from a moment to another."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """The time of which every line is in the ledger.

    Attributes:
        spans: its parts, the oldest first. Between two of them lies a gap that nobody can fill any
            more.
    """

    spans: tuple[Span, ...] = ()

    @property
    def last(self) -> Span | None:
        """The part that goes on; None where nothing was ever read."""
        return self.spans[-1] if self.spans else None

    def window(self, now: datetime, retention: timedelta) -> Span:
        """What to read next, so that nothing is missed that the log still has."""
        oldest = now - retention + MARGIN
        if self.last is None:
            return Span(oldest, now)
        return Span(max(oldest, self.last.until - OVERLAP), now)

    def known_after(self, window: Span) -> Span:
        """The time without a gap that ends where a window ends, once that was read, too."""
        if self.last is None or window.since > self.last.until:
            return window
        return Span(min(self.last.since, window.since), window.until)

    def with_read(self, window: Span) -> "Coverage":
        """The same after a window was read and its lines were kept."""
        complete = Span(window.since, window.until - LINES_LAG)
        last = self.last
        if complete.until <= complete.since:
            return self
        if last is None or complete.since > last.until:
            return Coverage((*self.spans, complete))
        longer = replace(last, until=max(last.until, complete.until))
        return Coverage((*self.spans[:-1], longer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledgered:
    """What is known of a person's app passwords.

    Attributes:
        entries: the lines about them, those of the log's newest included.
        known: the time without a gap of which they are all; it ends when they were read.
    """

    entries: tuple[LedgerEntry, ...]
    known: Span

    @property
    def created(self) -> bool:
        """Whether any was ever created."""
        return any(entry.doing is Doing.CREATED for entry in self.entries)

    @property
    def alive(self) -> int:
        """How many creations no later deletion answers to."""
        return unmatched(self.entries)


def unmatched(entries: Iterable[LedgerEntry]) -> int:
    """How many creations are left when each deletion answers to one before it.

    A deletion without a creation answers to one that nobody saw, and never to a later one. At the
    same moment the deletion counts as the first: what is not proven to be gone is alive.
    """
    left = 0
    for entry in sorted(entries, key=lambda one: (one.at, one.doing is Doing.CREATED)):
        left = left + 1 if entry.doing is Doing.CREATED else max(0, left - 1)
    return left
