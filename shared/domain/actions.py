"""What a policy may ask for."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.cases import Change
from shared.domain.enrolment.work import Task
from shared.domain.errors import LifecycleError
from shared.domain.facts import Fact
from shared.domain.ids import CaseId
from shared.domain.transitions import Transition


@dataclass(frozen=True, slots=True)
class Look:
    """Read this fact, then ask again."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Write:
    """Write this change to the directory, then ask again."""

    change: Change


@dataclass(frozen=True, slots=True)
class Advance:
    """Store this transition, then ask again."""

    transition: Transition


@dataclass(frozen=True, slots=True)
class Cancel:
    """Store this announcement, then cancel another case about the same person, then ask again."""

    other: CaseId
    announcement: Transition


@dataclass(frozen=True, slots=True)
class Do:
    """Do a bounded part of the work of an enrolment, then ask again."""

    task: Task


@dataclass(frozen=True, slots=True)
class Fail:
    """Treat this error by its disposition."""

    error: LifecycleError


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait on the spot until this moment, a second at most, then ask again.

    What was read is not read again: nothing is waited for but the time itself.
    """

    until: datetime


@dataclass(frozen=True, slots=True)
class Rest:
    """There is nothing to do now."""


Action = Look | Write | Advance | Cancel | Do | Fail | Pause | Rest
