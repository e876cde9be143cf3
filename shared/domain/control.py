"""Whether a capability may change the directory (safety rule S6)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Capability(StrEnum):
    """What can be started and stopped on its own."""

    ONBOARDING = "onboarding"


class Mode(StrEnum):
    """How far a capability may go."""

    OBSERVE = "observe"
    """Tell what would be done; change nothing. A new deployment begins so."""
    ACT = "act"
    STOP = "stop"
    """Do nothing, lose nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlEntry:
    """The control row of a capability.

    Attributes:
        mode: what holds now.
        changed_by: object id of the person who set it; None on a new deployment.
        changed_at: when it was set.
        requested_by: the first of the two people who must agree before it acts.
    """

    mode: Mode = Mode.OBSERVE
    changed_by: str | None = None
    changed_at: datetime | None = None
    requested_by: str | None = None
