"""The port `SweepCommands`: the fake and the Service Bus adapter keep the same promises."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver

from shared.adapters.servicebus.namespace import Namespace
from shared.adapters.servicebus.sweep_commands import ServiceBusSweepCommands
from shared.application.ports.sweep import SweepCommands
from shared.contracts.sweep_commands import SweepCommand, decode_sweep_command
from shared.domain.errors.messages import BrokerUnavailable
from shared.domain.sweep.runs import RunId, Stage
from shared.domain.sweep.slices import Slice
from shared.names import Queue
from tests.fakes.sweep_commands import FakeSweepCommands
from tests.stands.servicebus import ServiceBusProcess

RUN = RunId("20261122T020000Z-4f9c01de")
PLAN = SweepCommand(run_id=RUN, stage=Stage.PLAN)
PARTS = [
    SweepCommand(run_id=RUN, stage=Stage.EVALUATE, part=str(Slice(number, 256)), attempt=2)
    for number in range(256)
]


class World(Protocol):
    """A queue as the port shows it, and who reads it."""

    commands: SweepCommands

    async def delivered(self) -> list[SweepCommand]:
        """The commands that a worker gets now, taken out of the queue."""
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
        self._fake = FakeSweepCommands()
        self._now = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
        self.commands: SweepCommands = self._fake

    async def delivered(self) -> list[SweepCommand]:
        """The commands that are due."""
        due = [one for one in self._fake.sent if one.at is None or one.at <= self._now]
        self._fake.sent = [one for one in self._fake.sent if one not in due]
        return [one.command for one in due]

    async def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by

    def now(self) -> datetime:
        """The time."""
        return self._now


class ServiceBusWorld:
    """The adapter on the stand-in, read by the official client."""

    def __init__(
        self, process: ServiceBusProcess, namespace: Namespace, worker: ServiceBusReceiver
    ) -> None:
        self._process = process
        self._worker = worker
        sender = namespace.queue_sender(Queue.COMPLIANCE, limit=timedelta(seconds=5))
        self.commands: SweepCommands = ServiceBusSweepCommands(sender)

    async def delivered(self) -> list[SweepCommand]:
        """The commands in the queue."""
        found: list[SweepCommand] = []
        while messages := await self._worker.receive_messages(100, max_wait_time=0.3):
            for message in messages:
                command = decode_sweep_command(b"".join(message.body))
                assert message.content_type == "application/json"
                assert message.application_properties == {b"runId": command.run_id.encode()}
                found.append(command)
                await self._worker.complete_message(message)
        return found

    async def advance(self, by: timedelta) -> None:
        """Move the stack clock."""
        self._process.advance(by.total_seconds())

    def now(self) -> datetime:
        """The stack's time."""
        return self._process.stack_now()


@pytest.fixture(params=["fake", "service-bus"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The fake, then the real adapter."""
    if request.param == "fake":
        yield FakeWorld()
        return
    process: ServiceBusProcess = request.getfixturevalue("broker")
    async with AsyncExitStack() as open_:
        namespace = Namespace.from_connection_string(process.connection_string)
        await open_.enter_async_context(namespace)
        client = ServiceBusClient.from_connection_string(process.connection_string)
        await open_.enter_async_context(client)
        worker = client.get_queue_receiver(Queue.COMPLIANCE)
        await open_.enter_async_context(worker)
        yield ServiceBusWorld(process, namespace, worker)


async def test_a_stage_arrives(world: World) -> None:
    """A command that was sent is delivered, as it was."""
    await world.commands.send([PLAN])
    assert await world.delivered() == [PLAN]


async def test_all_parts_arrive_in_order(world: World) -> None:
    """As many commands as a tenant has parts are sent at once; nothing is lost or doubled."""
    await world.commands.send(PARTS)
    assert await world.delivered() == PARTS


async def test_the_same_stage_twice_arrives_twice(world: World) -> None:
    """Duplicate detection does not swallow what the watch sends again."""
    await world.commands.send([PLAN, PLAN])
    await world.commands.send([PLAN])
    assert await world.delivered() == [PLAN, PLAN, PLAN]


async def test_a_deferred_stage_arrives_at_its_time(world: World) -> None:
    """What is sent for a moment is delivered when it has come, and not before."""
    await world.commands.send([PLAN], at=world.now() + timedelta(minutes=5))
    assert await world.delivered() == []
    await world.advance(timedelta(minutes=5, seconds=1))
    assert await world.delivered() == [PLAN]


async def test_nothing_to_send_is_no_work(world: World) -> None:
    """Sending no command is no error."""
    await world.commands.send([])
    assert await world.delivered() == []


async def test_broker_that_is_down_is_named() -> None:
    """A fake that is down fails as the real one does."""
    with pytest.raises(BrokerUnavailable):
        await FakeSweepCommands(down=True).send([PLAN])
