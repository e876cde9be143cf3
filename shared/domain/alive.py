"""How many of a person's app passwords are alive, by what the ledger knew when it was read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.ids import UserId
from shared.domain.ledger import Coverage, Doing, LedgerEntry, Span, unmatched

FRESH: Final = timedelta(hours=3)
"""How old what the ledger knows may be. It is kept every hour, to an hour before: one may fail."""
_NOT_LOOKED: Final = "Nobody has looked into the ledger of app passwords."
_NEVER_KEPT: Final = "The ledger of app passwords was never kept."
_YOUNGER: Final = Unknown("The account is younger than what the ledger knows.")
_LATER: Final = Unknown("One was created after what the ledger knows all of.")
_AGELESS: Final = Unknown("The directory does not tell when the account was made.")


class Shown(StrEnum):
    """What the ledger shows of a person's app passwords."""

    NONE = "none"
    """It knows all of the account's life to the end of its time, and shows none that is left."""
    ALIVE = "alive"
    """It shows some that were created and not deleted."""
    UNKNOWN = "unknown"
    """It shows none, and does not know all of the account's life."""


@dataclass(frozen=True, slots=True)
class Alive:
    """How many app passwords of a person are alive.

    Attributes:
        least: so many are known to be.
        doubt: why there may be more; None where there are no more.
    """

    least: int = 0
    doubt: Unknown | None = Unknown(_NOT_LOOKED)  # noqa: RUF009  (it is frozen)

    @property
    def shown(self) -> Shown:
        """The same in a word: nothing that is not known is none."""
        if self.least:
            return Shown.ALIVE
        return Shown.NONE if self.doubt is None else Shown.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTime:
    """The time of which the ledger had every line when it was read.

    Attributes:
        span: its last part without a gap; what was deleted in a gap nobody knows. None where
            nothing of the ledger counts.
        unknown: why nothing of it does.
    """

    span: Span | None = None
    unknown: str = _NOT_LOOKED


def time_of(coverage: Coverage, now: datetime) -> LedgerTime:
    """Of what time the ledger can be believed now: of none where it was not kept for long."""
    last = coverage.last
    if last is None:
        return LedgerTime(unknown=_NEVER_KEPT)
    if now - last.until > FRESH:
        until = last.until.isoformat(timespec="minutes")
        return LedgerTime(
            unknown=f"The ledger of app passwords knows nothing after {until}: it is not kept."
        )
    return LedgerTime(span=last, unknown="")


@dataclass(frozen=True, slots=True)
class LedgerLines:
    """What the ledger has about people.

    Attributes:
        time: the time of which it has every line.
        about: the lines by person; `Unknown` for those whose lines can't be read, or for all.
    """

    time: LedgerTime = LedgerTime()
    about: Mapping[UserId, tuple[LedgerEntry, ...] | Unknown] | Unknown = Unknown(_NOT_LOOKED)  # noqa: RUF009  (it is frozen)

    def alive(self, user: UserId, made: datetime | None) -> Alive:
        """How many of a person's app passwords are alive.

        Lines from outside the known time don't count: a deletion that answers to them may be
        missing. A creation after it is a doubt.

        Args:
            user: who, in small letters.
            made: when the account was made; None where the directory does not tell.
        """
        span = self.time.span
        if span is None:
            return Alive(doubt=Unknown(self.time.unknown))
        lines = self.about if isinstance(self.about, Unknown) else self.about.get(user, ())
        if isinstance(lines, Unknown):
            return Alive(doubt=lines)
        return Alive(least=unmatched(_within(span, lines)), doubt=_doubt(span, lines, made))


def _within(span: Span, lines: Iterable[LedgerEntry]) -> Iterable[LedgerEntry]:
    return (line for line in lines if span.since <= line.at <= span.until)


def _doubt(span: Span, lines: Iterable[LedgerEntry], made: datetime | None) -> Unknown | None:
    """Why there may be more than the lines of a time show."""
    if made is None:
        return _AGELESS
    if made < span.since:
        return _older(span.since)
    if made > span.until:
        return _YOUNGER
    later = any(line.doing is Doing.CREATED and line.at > span.until for line in lines)
    return _LATER if later else None


@lru_cache(maxsize=4)
def _older(since: datetime) -> Unknown:
    """The same for everybody, so that it stands once."""
    told = since.isoformat(timespec="minutes")
    return Unknown(f"The account is older than what the ledger knows: all since {told}.")
