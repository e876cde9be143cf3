"""The ports to the broker."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.contracts.commands import AdvanceCase
from shared.contracts.envelopes import Envelope
from shared.names import Queue


class Commands(Protocol):
    """Sends commands to our own workers."""

    async def send(self, command: AdvanceCase, *, at: datetime | None = None) -> None:
        """Send a command to the queue of its kind, now or to be delivered at a moment.

        Raises:
            BrokerUnavailable: the broker did not take it; the case's due row makes it good.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingEvent:
    """An event as it leaves us.

    Attributes:
        event_id: its id, which is the broker's message id too.
        event_type: its type, repeated as a property to filter on.
        kind: the kind of case it is about, likewise.
        body: the CloudEvents document.
        ticket_id: the ticket that it answers, likewise.
        ticket_system: the system that sent that ticket, likewise.
    """

    event_id: str
    event_type: str
    kind: str
    body: bytes
    ticket_id: str | None = None
    ticket_system: str | None = None


class Events(Protocol):
    """Publishes events to whoever subscribed."""

    async def publish(self, events: tuple[OutgoingEvent, ...]) -> None:
        """Publish these events in order; a repetition is dropped by duplicate detection.

        Raises:
            BrokerUnavailable: the broker did not take them; they stay pending.
        """
        ...


class Tickets(Protocol):
    """Sends tickets to their queue once more."""

    async def send(self, body: bytes, envelope: Envelope) -> None:
        """Send a ticket, to come into the queue at the envelope's moment.

        Raises:
            BrokerUnavailable: the broker did not take it.
        """
        ...


class QueueSignatures(Protocol):
    """How senders of tickets on the queue sign."""

    def verify(self, body: bytes, envelope: Envelope) -> str | None:
        """The number of the secret that a message was signed with; None where nobody signed it.

        Raises:
            InvalidSignature: it is signed wrongly, or not at all where it has to be.
        """
        ...

    def signed(self, body: bytes, envelope: Envelope, number: str) -> Envelope:
        """The envelope with a signature by the secret of this number, as of its enqueuing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that the broker gave up.

    Attributes:
        message_id: the broker's id of it.
        queue: where it was to be worked on.
        body: its body.
        reason: why the broker gave it up.
        attempts: how often it was delivered.
    """

    message_id: str
    queue: Queue
    body: bytes
    reason: str
    attempts: int


class DeadLetters(Protocol):
    """Drains dead-letter queues."""

    async def drain(self, queue: Queue, keep: Callable[[DeadLetter], Awaitable[None]]) -> int:
        """Hand every dead letter there is now to `keep`; remove it when `keep` returns.

        Returns:
            How many were kept.

        Raises:
            BrokerUnavailable: the broker did not answer; what `keep` returned for is kept.
        """
        ...
