"""What the ledger of app passwords shows, as people read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

import msgspec

from shared.domain.alive import Alive, LedgerTime, Shown
from shared.domain.posture.exposure import in_words
from shared.domain.posture.judging import Door
from shared.domain.sweep.breakdowns import exposed_surely, ledger_of
from shared.domain.sweep.totals import Totals


class PersonLedgerView(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """How many app passwords a person has, by the ledger.

    Attributes:
        shown: what it shows: that some are `alive`, that `none` is left, or neither.
        alive: so many are known to be alive, and with a doubt there may be more; null where that
            is unknown.
        doubt: why not all is known; null where the ledger knows all of the account's life.
        summary: the same in one sentence, for people, and whether they let anybody in.
    """

    shown: Shown
    alive: int | None
    doubt: str | None
    summary: str

    @classmethod
    def of(cls, door: Door, alive: Alive) -> Self:
        """The view of what is known.

        Args:
            door: whether old clients get in with an app password.
            alive: how many are alive.
        """
        return cls(
            shown=alive.shown,
            alive=None if alive.shown is Shown.UNKNOWN else alive.least,
            doubt=None if alive.doubt is None else alive.doubt.reason,
            summary=in_words(door, alive),
        )


class RunLedgerView(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The ledger of app passwords in a run.

    Attributes:
        known_since: since when it has every line of the audit log; null where nothing of it counts.
        known_until: until when; what was done later, the next run tells.
        unknown: why nothing of it counts; null where it does.
        people: of how many people it shows that some are `alive`, that `none` is left, or neither.
        exposed_surely: how many people are exposed of whom some are known to be alive.
    """

    known_since: datetime | None
    known_until: datetime | None
    unknown: str | None
    people: Mapping[Shown, int]
    exposed_surely: int

    @classmethod
    def of(cls, time: LedgerTime, totals: Totals) -> Self:
        """The view of it.

        Args:
            time: of what time the run has read it.
            totals: what the run found so far.
        """
        span = time.span
        return cls(
            known_since=None if span is None else span.since,
            known_until=None if span is None else span.until,
            unknown=time.unknown or None,
            people=ledger_of(totals),
            exposed_surely=exposed_surely(totals),
        )
