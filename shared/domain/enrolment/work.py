"""The pieces of work that an enrolment is made of, each bounded and fit to be done again."""

from dataclasses import dataclass
from enum import Enum, auto

from shared.domain.enrolment.people import Tally


class Task(Enum):
    """A piece of work."""

    LIST = auto()
    """Read who belongs to the group, and write the list down."""
    EXAMINE = auto()
    """Find out what would become of the people of the next part."""
    COUNT = auto()
    """Mark repetitions, and count the whole list."""
    OPEN = auto()
    """Open the cases of the next part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWritten:
    """The list is written down.

    Attributes:
        edition: which writing it is.
        parts: in how many parts.
        people: how many are on it.
    """

    edition: int
    parts: int
    people: int


@dataclass(frozen=True, slots=True)
class Examined:
    """Everybody of a part was looked at.

    Attributes:
        number: which part.
    """

    number: int


@dataclass(frozen=True, slots=True)
class Opened:
    """Cases of a part were opened.

    Attributes:
        number: which part.
        left: whether there is somebody left in it.
        day_is_full: whether they have to wait for tomorrow.
    """

    number: int
    left: bool
    day_is_full: bool = False


Result = ListWritten | Examined | Tally | Opened
"""What a piece of work came to."""
