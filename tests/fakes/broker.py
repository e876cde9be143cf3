"""A broker in memory."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from shared.application.ports.messages import DeadLetter, OutgoingEvent
from shared.contracts.commands import AdvanceCase, decode_command, encode_command
from shared.contracts.envelopes import Envelope
from shared.domain.errors.messages import BrokerUnavailable
from shared.names import Queue


@dataclass(frozen=True, slots=True)
class SentCommand:
    """A command that the broker took, and when it is to be delivered; None is at once."""

    command: AdvanceCase
    at: datetime | None


@dataclass
class FakeTicketQueue:
    """The port `Tickets`.

    Attributes:
        messages: body and envelope of what was sent, in order.
        down: whether the broker is out of reach.
    """

    messages: list[tuple[bytes, Envelope]] = field(default_factory=list)
    down: bool = False

    async def send(self, body: bytes, envelope: Envelope) -> None:
        """Take a ticket."""
        if self.down:
            raise BrokerUnavailable("The fake broker is down.")
        self.messages.append((body, envelope))


@dataclass
class FakeBroker:
    """`Commands`, `Events` and `DeadLetters` in memory.

    Attributes:
        commands: what was sent, in order; commands travel as bytes, as they do in earnest.
        events: what subscribers got, in order, without repetitions.
        dead_letters: what the queues gave up, in order.
        down: whether the broker is out of reach.
    """

    commands: list[SentCommand] = field(default_factory=list)
    events: list[OutgoingEvent] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)
    down: bool = False

    async def send(self, command: AdvanceCase, *, at: datetime | None = None) -> None:
        """Take a command."""
        self._reach()
        self.commands.append(SentCommand(decode_command(encode_command(command)), at))

    async def publish(self, events: tuple[OutgoingEvent, ...]) -> None:
        """Take events; one whose id is known is dropped."""
        self._reach()
        for event in events:
            if all(known.event_id != event.event_id for known in self.events):
                self.events.append(event)

    async def drain(self, queue: Queue, keep: Callable[[DeadLetter], Awaitable[None]]) -> int:
        """Hand the queue's dead letters to `keep`; remove each when it returns."""
        self._reach()
        mine = [letter for letter in self.dead_letters if letter.queue == queue.value]
        for letter in mine:
            await keep(letter)
            self.dead_letters.remove(letter)
        return len(mine)

    def _reach(self) -> None:
        if self.down:
            raise BrokerUnavailable("The fake broker is down.")
