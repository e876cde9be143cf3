"""The port to what waits for a human."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.ids import CaseId
from shared.names import Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A message that was parked.

    Attributes:
        parked_id: its id; parking the same thing again changes nothing.
        queue: where it came from.
        reason: the code of the error.
        detail: what happened, for the operator.
        attempts: how often it was tried.
        message: its body, redacted: ids stay, other values do not.
        case_id: the case it is about; None where it names none, and then it can't be replayed.
        at: when it was parked.
        ticket_id: the ticket that it is about, as far as that can be read.
        told: whether an event has told of it. The parking of a case is told by the case.
    """

    parked_id: str
    queue: Queue
    reason: str
    detail: str
    attempts: int
    message: str
    case_id: CaseId | None
    at: datetime
    ticket_id: str | None = None
    told: bool = True


class ParkedMessages(Protocol):
    """What was parked and not yet replayed."""

    async def add(self, parked: Parked) -> None:
        """Keep it; the same id again is no error."""
        ...

    async def get(self, parked_id: str) -> Parked | None:
        """The one with this id."""
        ...

    async def newest(self, token: str | None) -> tuple[tuple[Parked, ...], str | None]:
        """A page of them, and the token of the next one."""
        ...

    async def remove(self, parked_id: str) -> None:
        """Drop it; one that is gone already is no error."""
        ...


class UntoldMessages(Protocol):
    """What was parked and no event has told of yet; kept by `ParkedMessages.add`."""

    async def untold(self, most: int) -> tuple[Parked, ...]:
        """Up to `most` of them."""
        ...

    async def mark_told(self, parked: Parked) -> None:
        """Note that the broker took the event; one that is gone or noted already is no error."""
        ...
