"""How far a run has compared Entra's audit log with our own records."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.ledger import LINES_LAG, MARGIN, Span
from shared.domain.sweep.reconciling import CLOCKS_DIFFER

FIRST: Final = timedelta(days=1)
"""How far the first run looks back, which has none before it."""

LONGEST: Final = timedelta(hours=2)
"""For how long a run reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """What came of comparing them.

    Attributes:
        since: from when on lines are read.
        until: until when.
        page: the address of the next page; None for the first.
        reached: up to when every line is on a page that was read; None where no page told.
        done: whether nothing more is read.
        failed: why not everything was read; empty where it was.
        changes: how many changes our identities made, as far as they were read.
        misuse: how many of them no case of ours had made.
        unknown: of how many nobody can tell.
        counted: the lines of these two, with their times, so that no run counts them again.
    """

    since: datetime
    until: datetime
    page: str | None = None
    reached: datetime | None = None
    done: bool = False
    failed: str = ""
    changes: int = 0
    misuse: int = 0
    unknown: int = 0
    counted: Mapping[str, datetime] = field(default_factory=dict, hash=False)

    @property
    def covered(self) -> datetime:
        """Up to when every line was read; lines come late, so the last of them are read again."""
        is_whole = self.done and not self.failed
        reached = self.until if is_whole else self.reached or self.since
        return max(self.since, min(reached, self.until - LINES_LAG))

    @property
    def settled(self) -> Span:
        """The time of which every line has come, whatever the clocks differ."""
        since = self.since + CLOCKS_DIFFER
        return Span(since, max(since, self.until - LINES_LAG))

    def is_late(self, now: datetime) -> bool:
        """Whether a run has read for as long as it may: its verdicts wait for that."""
        return now - self.until >= LONGEST

    def after_page(self, following: str | None, reached: datetime | None) -> "Reconciliation":
        """The same after a page; what is read never again need not be known any longer."""
        after = replace(
            self, page=following, done=following is None, reached=reached or self.reached
        )
        return replace(after, counted=_known(after.counted, after.covered))

    def after_failure(self, why: str) -> "Reconciliation":
        """The same where the rest can't be read; the next run goes on from there."""
        return replace(self, page=None, done=True, failed=why)


def _known(counted: Mapping[str, datetime], since: datetime) -> Mapping[str, datetime]:
    return {line: at for line, at in counted.items() if at >= since}


def begun(previous: Reconciliation | None, now: datetime, retention: timedelta) -> Reconciliation:
    """What a run is about to read.

    Args:
        previous: the last one before it; None where nothing was ever read.
        now: the time.
        retention: how far back the log reaches.
    """
    if previous is None:
        return Reconciliation(since=now - FIRST, until=now)
    since = max(previous.covered, now - retention + MARGIN)
    known = _known(previous.counted, since)
    return Reconciliation(since=since, until=now, counted=known)


def gap(previous: Reconciliation | None, following: Reconciliation) -> Span | None:
    """The time whose lines were gone before anybody read them; None where there is none."""
    if previous is None or previous.covered >= following.since:
        return None
    return Span(previous.covered, following.since)
