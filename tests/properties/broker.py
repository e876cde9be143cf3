"""A broker that delivers late, twice, and in any order, and gives up what fails too often."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from shared.application.ports.messages import DeadLetter, OutgoingEvent
from shared.contracts.commands import AdvanceCase, decode_command, encode_command
from shared.domain.errors.messages import BrokerUnavailable
from shared.names import BROKER, Queue
from tests.properties.watch import Watch


@dataclass(eq=False)
class Message:
    """A message in the queue.

    Attributes:
        body: what it says.
        at: before this moment it is not delivered.
        deliveries: how often it was delivered.
    """

    body: bytes
    at: datetime | None
    deliveries: int = 0


class Broker:
    """The ports `Commands`, `Events` and `DeadLetters`.

    Attributes:
        queue: the messages that wait, in the order in which they came.
        dead: the messages that were given up.
        published: what subscribers got, by the event's id, in order.
        topic_is_full: True while it takes commands, but no events.
    """

    def __init__(self, watch: Watch) -> None:
        self.queue: list[Message] = []
        self.dead: list[DeadLetter] = []
        self.published: dict[str, OutgoingEvent] = {}
        self.topic_is_full = False
        self._watch = watch

    def deliverable(self, now: datetime) -> list[Message]:
        """The messages that may be delivered now."""
        return [message for message in self.queue if message.at is None or message.at <= now]

    def take(self, message: Message) -> None:
        """A worker locks a message."""
        self.queue.remove(message)
        message.deliveries += 1

    def give_back(self, message: Message) -> None:
        """A worker abandoned it, died, or its settlement was lost."""
        if message.deliveries < BROKER.max_delivery_count:
            self.queue.append(message)
            return
        number = f"dead-{len(self.dead)}"
        self.dead.append(
            DeadLetter(
                message_id=number,
                queue=decode_command(message.body).queue,
                body=message.body,
                reason="MaxDeliveryCountExceeded",
                attempts=message.deliveries,
            )
        )

    async def send(self, command: AdvanceCase, *, at: datetime | None = None) -> None:
        """Take a command."""
        self.queue.append(Message(encode_command(command), at))

    async def publish(self, events: tuple[OutgoingEvent, ...]) -> None:
        """Take events; a repetition is dropped, and must say the same."""
        if self.topic_is_full:
            raise BrokerUnavailable("The topic is full.")
        for event in events:
            known = self.published.setdefault(event.event_id, event)
            self._watch.expect(known == event, f"event {event.event_id} says two things")

    async def drain(self, queue: Queue, keep: Callable[[DeadLetter], Awaitable[None]]) -> int:
        """Hand every dead letter to `keep`; remove each when it returns."""
        mine = [letter for letter in self.dead if letter.queue == queue.value]
        for letter in mine:
            await keep(letter)
            self.dead.remove(letter)
        return len(mine)
