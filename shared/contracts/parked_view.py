"""Parked messages as operators read them."""

from datetime import datetime

import msgspec

from shared.domain.ids import CaseId
from shared.names import Queue


class ParkedView(msgspec.Struct, frozen=True, rename="camel"):
    """A parked message.

    Attributes:
        id: its id, to replay it by.
        queue: where it came from.
        reason: the code of the error.
        detail: what happened.
        attempts: how often it was tried.
        message: its body, redacted.
        case_id: its case; without one it can't be replayed.
        at: when it was parked.
        ticket_id: the ticket that it is about, as far as that could be read.
    """

    id: str
    queue: Queue
    reason: str
    detail: str
    attempts: int
    message: str
    case_id: CaseId | None
    at: datetime
    ticket_id: str | None = None


class ParkedList(msgspec.Struct, frozen=True, rename="camel"):
    """A page of parked messages, newest first."""

    value: tuple[ParkedView, ...]
    next_link: str | None = None


class Replayed(msgspec.Struct, frozen=True, rename="camel"):
    """The answer to a replay that was taken.

    Attributes:
        case_id: the case that goes on.
    """

    case_id: CaseId
