"""The ports to the broker: the fake and the Service Bus adapters keep the same promises."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusReceiveMode, ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver

from shared.adapters.servicebus.commands import ServiceBusCommands
from shared.adapters.servicebus.dead_letters import ServiceBusDeadLetters
from shared.adapters.servicebus.events import ServiceBusEvents
from shared.adapters.servicebus.namespace import Namespace
from shared.application.ports.messages import (
    Commands,
    DeadLetter,
    DeadLetters,
    Events,
    OutgoingEvent,
)
from shared.contracts.commands import AdvanceCase, decode_command
from shared.domain.errors.messages import BrokerUnavailable
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import CaseId
from shared.names import BROKER, EVENTS_TOPIC, Queue, Subscription
from tests.fakes.broker import FakeBroker
from tests.stands.servicebus import ServiceBusProcess

LIMIT = timedelta(seconds=5)
SOON = timedelta(milliseconds=300)


class World(Protocol):
    """A broker as its ports show it, and what stands behind it."""

    commands: Commands
    events: Events
    dead_letters: DeadLetters

    async def delivered(self, queue: Queue = Queue.ONBOARDING) -> list[AdvanceCase]:
        """The commands that a worker gets now, taken out of the queue."""
        ...

    async def published(self) -> list[OutgoingEvent]:
        """The events that a subscriber gets now."""
        ...

    async def give_up(self, *bodies: bytes) -> None:
        """Let the broker give messages up after too many deliveries."""
        ...

    async def given_up(self) -> int:
        """How many dead letters there are."""
        ...

    async def advance(self, by: timedelta) -> None:
        """Let time pass."""
        ...

    def now(self) -> datetime:
        """The broker's time."""
        ...


class FakeWorld:
    """The fake."""

    def __init__(self) -> None:
        self._fake = FakeBroker()
        self._now = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
        self.commands: Commands = self._fake
        self.events: Events = self._fake
        self.dead_letters: DeadLetters = self._fake

    async def delivered(self, queue: Queue = Queue.ONBOARDING) -> list[AdvanceCase]:
        """The commands in a queue that are due."""
        mine = [sent for sent in self._fake.commands if sent.command.queue is queue]
        due = [sent for sent in mine if sent.at is None or sent.at <= self._now]
        for sent in due:
            self._fake.commands.remove(sent)
        return [sent.command for sent in due]

    async def published(self) -> list[OutgoingEvent]:
        """The events."""
        return self._fake.events

    async def give_up(self, *bodies: bytes) -> None:
        """More dead letters."""
        self._fake.dead_letters += [
            DeadLetter(
                message_id=str(number),
                queue=Queue.ONBOARDING,
                body=body,
                reason="MaxDeliveryCountExceeded",
                attempts=BROKER.max_delivery_count,
            )
            for number, body in enumerate(bodies)
        ]

    async def given_up(self) -> int:
        """How many dead letters are left."""
        return len(self._fake.dead_letters)

    async def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by

    def now(self) -> datetime:
        """The time."""
        return self._now


class ServiceBusWorld:
    """The adapters on the stand-in, read by the official client."""

    def __init__(
        self, process: ServiceBusProcess, namespace: Namespace, reader: AsyncExitStack
    ) -> None:
        self._process = process
        self._reader = reader
        self._receivers: dict[Queue, ServiceBusReceiver] = {}
        self._client = ServiceBusClient.from_connection_string(process.connection_string)
        reader.push_async_exit(self._client)
        queues = {queue: namespace.queue_sender(queue, limit=LIMIT) for queue in Queue}
        topic = namespace.topic_sender(EVENTS_TOPIC, limit=LIMIT)
        self.commands: Commands = ServiceBusCommands(queues)
        self.events: Events = ServiceBusEvents(topic)
        self.dead_letters: DeadLetters = ServiceBusDeadLetters(
            namespace, {Queue.ONBOARDING: Queue.ONBOARDING}, empty_after=SOON
        )

    async def _worker(self, queue: Queue = Queue.ONBOARDING) -> ServiceBusReceiver:
        if queue not in self._receivers:
            receiver = self._client.get_queue_receiver(queue)
            self._receivers[queue] = await self._reader.enter_async_context(receiver)
        return self._receivers[queue]

    async def delivered(self, queue: Queue = Queue.ONBOARDING) -> list[AdvanceCase]:
        """The commands in a queue."""
        found: list[AdvanceCase] = []
        worker = await self._worker(queue)
        while messages := await worker.receive_messages(100, max_wait_time=0.3):
            for message in messages:
                command = decode_command(b"".join(message.body))
                assert message.content_type == "application/json"
                assert message.application_properties == {b"caseId": command.case_id.encode()}
                found.append(command)
                await worker.complete_message(message)
        return found

    async def published(self) -> list[OutgoingEvent]:
        """The events in one subscription."""
        found: list[OutgoingEvent] = []
        async with self._client.get_subscription_receiver(
            EVENTS_TOPIC, Subscription.SIEM, receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE
        ) as events:
            while messages := await events.receive_messages(100, max_wait_time=0.3):
                for message in messages:
                    properties = message.application_properties or {}
                    event_type, kind = properties[b"type"], properties[b"kind"]
                    ticket = properties.get(b"ticketId")
                    system = properties.get(b"ticketSystem")
                    assert isinstance(event_type, bytes)
                    assert isinstance(kind, bytes)
                    assert message.content_type == "application/cloudevents+json"
                    found.append(
                        OutgoingEvent(
                            event_id=message.message_id or "",
                            event_type=event_type.decode(),
                            kind=kind.decode(),
                            body=b"".join(message.body),
                            ticket_id=ticket.decode() if isinstance(ticket, bytes) else None,
                            ticket_system=system.decode() if isinstance(system, bytes) else None,
                        )
                    )
        return found

    async def give_up(self, *bodies: bytes) -> None:
        """Deliver messages in vain until the broker has enough of them."""
        async with self._client.get_queue_sender(Queue.ONBOARDING) as sender:
            await sender.send_messages([ServiceBusMessage(body) for body in bodies])
        worker = await self._worker()
        for _ in range(BROKER.max_delivery_count * len(bodies)):
            for message in await worker.receive_messages(1, max_wait_time=5):
                await worker.abandon_message(message)

    async def given_up(self) -> int:
        """How many dead letters are left, locked ones included."""
        async with self._client.get_queue_receiver(
            Queue.ONBOARDING, sub_queue=ServiceBusSubQueue.DEAD_LETTER
        ) as receiver:
            return len(await receiver.peek_messages(100))

    async def advance(self, by: timedelta) -> None:
        """Move the stack clock."""
        self._process.advance(by.total_seconds())

    def now(self) -> datetime:
        """The stack's time."""
        return self._process.stack_now()


@pytest.fixture(params=["fake", "service-bus"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The fake, then the real adapters."""
    if request.param == "fake":
        yield FakeWorld()
        return
    process: ServiceBusProcess = request.getfixturevalue("broker")
    async with (
        Namespace.from_connection_string(process.connection_string) as namespace,
        AsyncExitStack() as reader,
    ):
        yield ServiceBusWorld(process, namespace, reader)


def command(number: int) -> AdvanceCase:
    """A command for a case of its own."""
    return AdvanceCase(case_id=CaseId(f"{number:032x}"), queue=Queue.ONBOARDING)


def event(number: int, size: int = 10) -> OutgoingEvent:
    """An event with an id of its own."""
    return OutgoingEvent(
        event_id=f"case-{number:04d}",
        event_type="mfa.case.accepted",
        kind="onboarding",
        body=b"x" * size,
        ticket_id=f"INC-{number} ü" if number % 2 else None,
        ticket_system="security" if number % 2 else None,
    )


async def test_command_arrives(world: World) -> None:
    """A command that was sent is delivered, as it was."""
    sent = AdvanceCase(
        case_id=CaseId("0" * 32), queue=Queue.ONBOARDING, wake=world.now(), attempt=3
    )
    await world.commands.send(sent)
    assert await world.delivered() == [sent]


async def test_command_travels_on_the_queue_of_its_kind(world: World) -> None:
    """What needs the powers of another app goes to that app, and to no other."""
    sent = AdvanceCase(case_id=CaseId("0" * 32), queue=Queue.RESETS)
    await world.commands.send(sent)
    assert await world.delivered() == []
    assert await world.delivered(Queue.RESETS) == [sent]


async def test_same_command_twice_arrives_twice(world: World) -> None:
    """Duplicate detection swallows no command: a scheduled copy equals its original."""
    await world.commands.send(command(1))
    await world.commands.send(command(1))
    assert await world.delivered() == [command(1), command(1)]


async def test_scheduled_command_arrives_at_its_time(world: World) -> None:
    """A scheduled command is delivered when its moment has come, and not before."""
    await world.commands.send(command(1), at=world.now() + timedelta(days=14))
    await world.commands.send(command(2))
    assert await world.delivered() == [command(2)]
    await world.advance(timedelta(days=14, seconds=1))
    assert await world.delivered() == [command(1)]


async def test_concurrent_commands_all_arrive(world: World) -> None:
    """Any number of concurrent callers send at once; nothing is lost or doubled."""
    commands = [command(number) for number in range(200)]
    await asyncio.gather(*(world.commands.send(each) for each in commands))
    assert sorted(each.case_id for each in await world.delivered()) == [
        each.case_id for each in commands
    ]


async def test_events_arrive_in_order(world: World) -> None:
    """Events of one publication reach a subscriber in their order, unchanged."""
    events = tuple(event(number) for number in range(5))
    await world.events.publish(events)
    assert await world.published() == list(events)


async def test_events_that_fill_several_batches_arrive_in_order(world: World) -> None:
    """Events that do not fit into one batch arrive all the same, in their order."""
    events = tuple(event(number, size=100_000) for number in range(7))
    await world.events.publish(events)
    assert await world.published() == list(events)


async def test_repeated_event_arrives_once(world: World) -> None:
    """An event that is published again is dropped by its id."""
    await world.events.publish((event(1), event(2)))
    await world.events.publish((event(2), event(3)))
    assert await world.published() == [event(1), event(2), event(3)]


async def test_no_events_are_no_work(world: World) -> None:
    """Publishing nothing is no error."""
    await world.events.publish(())
    assert await world.published() == []


async def test_dead_letters_are_kept_then_removed(world: World) -> None:
    """Each dead letter is handed over once, with why it was given up, and is then gone."""
    bodies = [b"\x00\xff", b"{}", b"not json"]
    await world.give_up(*bodies)
    kept: list[DeadLetter] = []

    async def keep(letter: DeadLetter) -> None:
        kept.append(letter)

    assert await world.dead_letters.drain(Queue.ONBOARDING, keep) == 3
    assert await world.given_up() == 0
    assert [letter.body for letter in kept] == bodies
    assert {letter.reason for letter in kept} == {"MaxDeliveryCountExceeded"}
    assert {letter.queue for letter in kept} == {Queue.ONBOARDING}
    assert len({letter.message_id for letter in kept}) == 3
    assert {letter.attempts for letter in kept} == {BROKER.max_delivery_count}


async def test_dead_letter_that_was_not_kept_stays(world: World) -> None:
    """Where keeping fails, the error goes up and the message stays for the next drain."""
    await world.give_up(b"1", b"2")
    kept: list[bytes] = []
    trouble = [StoreUnavailable("The store is down.")]

    async def keep(letter: DeadLetter) -> None:
        if letter.body == b"2" and trouble:
            raise trouble.pop()
        kept.append(letter.body)

    with pytest.raises(StoreUnavailable):
        await world.dead_letters.drain(Queue.ONBOARDING, keep)
    assert kept == [b"1"]
    assert await world.dead_letters.drain(Queue.ONBOARDING, keep) == 1
    assert kept == [b"1", b"2"]


async def test_broker_that_is_down_is_named() -> None:
    """A fake that is down fails as the real one does."""
    fake = FakeBroker(down=True)
    with pytest.raises(BrokerUnavailable):
        await fake.send(command(1))
    with pytest.raises(BrokerUnavailable):
        await fake.publish((event(1),))
