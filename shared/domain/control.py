"""Whether a capability may change the directory (safety rule S6)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Capability(StrEnum):
    """What can be started and stopped on its own."""

    ONBOARDING = "onboarding"
    LEAVER = "leaver"
    EXEMPTION = "exemption"
    RESET = "reset"


class Mode(StrEnum):
    """How far a capability may go."""

    OBSERVE = "observe"
    """Tell what would be done; change nothing. A new deployment begins so."""
    ACT = "act"
    STOP = "stop"
    """Do nothing, lose nothing."""


REQUEST_LASTS: Final = timedelta(hours=8)
"""How long one person's wish to act waits for the second person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlEntry:
    """The control row of a capability or of a source.

    Attributes:
        mode: what holds now. A source acts (it is let in) or is stopped (suspended).
        changed_by: object id of the person who set it; None on a new deployment.
        changed_at: when it was set.
        requested_by: the first of the two people who must agree before it acts. Once it acts, the
            one who asked first.
        requested_at: when they asked.
    """

    mode: Mode = Mode.OBSERVE
    changed_by: str | None = None
    changed_at: datetime | None = None
    requested_by: str | None = None
    requested_at: datetime | None = None

    @property
    def pending(self) -> bool:
        """Whether somebody asked to act and nobody has agreed yet."""
        return self.requested_by is not None and self.mode is not Mode.ACT


LET_IN: Final = ControlEntry(mode=Mode.ACT)
"""The row of a source that was never suspended."""


def changed(old: ControlEntry, mode: Mode, by: str, now: datetime) -> ControlEntry:
    """The row after a person asked for a mode. Stopping takes one person, acting takes two.

    Any other wish takes a pending wish to act back.
    """
    if mode is not Mode.ACT:
        if old.mode is mode and not old.pending:
            return old
        return ControlEntry(mode=mode, changed_by=by, changed_at=now)
    if old.mode is Mode.ACT:
        return old
    fresh = old.requested_at is not None and now - old.requested_at < REQUEST_LASTS
    if fresh and old.requested_by not in {None, by}:
        return replace(old, mode=Mode.ACT, changed_by=by, changed_at=now)
    return replace(old, requested_by=by, requested_at=now)
