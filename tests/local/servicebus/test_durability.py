"""`kill -9` at any moment loses nothing: what was acknowledged is on disk."""

import asyncio
import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusMessageState, ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import ServiceBusError

from shared.names import Queue
from tests.local.servicebus.exchange import LONG_ENOUGH, SHORT, bodies, opened, take
from tests.stands.servicebus import SETTINGS, ServiceBusProcess, with_limits

QUEUE = Queue.ONBOARDING.value
LOCK_SECONDS = 5.0


# The official client leaves its socket to the garbage collector when its peer is killed.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(autouse=True)
def _collect_what_the_client_left() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[ServiceBusProcess]:
    """A broker of the test's own, to be killed."""
    settings = with_limits(SETTINGS, lock_duration_seconds=LOCK_SECONDS, max_delivery_count=1000)
    process = ServiceBusProcess(tmp_path, settings)
    yield process.start()
    process.close()


async def test_everything_is_there_after_a_kill(mortal: ServiceBusProcess) -> None:
    """Every state a message can be in, its count, its schedule and its id survive the kill."""
    async with ServiceBusClient.from_connection_string(mortal.connection_string) as client:
        async with opened(client, QUEUE) as (sender, receiver):
            names = ["complete", "bury", "defer", "abandon", "untouched"]
            await sender.send_messages([ServiceBusMessage(n, message_id=n) for n in names])
            due = mortal.stack_now() + timedelta(hours=1)
            await sender.schedule_messages(ServiceBusMessage("scheduled"), due)
            complete, bury, defer, abandon = await take(receiver, 4)
            await receiver.complete_message(complete)
            await receiver.dead_letter_message(bury, reason="why")
            await receiver.defer_message(defer)
            await receiver.abandon_message(abandon)
            mortal.restart()
        async with opened(client, QUEUE) as (sender, receiver):
            peeked = await receiver.peek_messages(10, sequence_number=1)
            assert [(str(one), one.state, one.delivery_count) for one in peeked] == [
                ("defer", ServiceBusMessageState.DEFERRED, 0),
                ("abandon", ServiceBusMessageState.ACTIVE, 1),
                ("untouched", ServiceBusMessageState.ACTIVE, 0),
                ("scheduled", ServiceBusMessageState.SCHEDULED, 0),
            ]
            await sender.send_messages(ServiceBusMessage("duplicate", message_id="complete"))
            assert bodies(await take(receiver, 2)) == ["abandon", "untouched"]
            mortal.advance(3600)
            (scheduled,) = await take(receiver)
            assert str(scheduled) == "scheduled"
            assert scheduled.sequence_number == 8
        async with client.get_queue_receiver(
            QUEUE, sub_queue=ServiceBusSubQueue.DEAD_LETTER
        ) as dead:
            assert [(str(m), m.dead_letter_reason) for m in await take(dead)] == [("bury", "why")]


async def test_a_lock_survives_the_kill(mortal: ServiceBusProcess) -> None:
    """A message locked before the kill stays with its holder, who can settle it afterwards."""
    async with (
        ServiceBusClient.from_connection_string(mortal.connection_string) as client,
        opened(client, QUEUE) as (sender, receiver),
    ):
        await sender.send_messages([ServiceBusMessage("mine"), ServiceBusMessage("lost")])
        mine, lost = await take(receiver, 2)
        mortal.restart()
        await receiver.complete_message(mine)
        (returned,) = await take(receiver)
        assert (str(returned), returned.delivery_count) == ("lost", 1)
        assert returned.lock_token != lost.lock_token


async def test_a_clean_stop_is_clean(mortal: ServiceBusProcess) -> None:
    """SIGTERM ends the broker with code 0, and the messages are there at the next start."""
    async with (
        ServiceBusClient.from_connection_string(mortal.connection_string) as client,
        opened(client, QUEUE) as (sender, receiver),
    ):
        await sender.send_messages(ServiceBusMessage("kept"))
        assert mortal.stop() == 0
        mortal.start()
        assert bodies(await take(receiver)) == ["kept"]


@dataclass
class Ledger:
    """What the clients were told, to hold against what the broker has."""

    acknowledged: set[str] = field(default_factory=set)
    attempted: set[str] = field(default_factory=set)
    completed: set[str] = field(default_factory=set)
    resurrected: set[str] = field(default_factory=set)


async def _keep_sending(who: int, broker: ServiceBusProcess, ledger: Ledger) -> None:
    number = 0
    while True:
        async with _impatient(broker) as client:
            try:
                async with client.get_queue_sender(QUEUE) as sender:
                    while True:
                        number += 1
                        name = f"{who}-{number}"
                        await sender.send_messages(ServiceBusMessage(name, message_id=name))
                        ledger.acknowledged.add(name)
            except (ServiceBusError, ValueError):
                continue


async def _keep_receiving(broker: ServiceBusProcess, ledger: Ledger) -> None:
    while True:
        async with _impatient(broker) as client:
            try:
                async with client.get_queue_receiver(QUEUE) as receiver:
                    while True:
                        for message in await receiver.receive_messages(5, max_wait_time=SHORT):
                            name = str(message)
                            if name in ledger.completed:
                                ledger.resurrected.add(name)
                            ledger.attempted.add(name)
                            await receiver.complete_message(message)
                            ledger.completed.add(name)
            except (ServiceBusError, ValueError):
                continue


def _impatient(broker: ServiceBusProcess) -> ServiceBusClient:
    return ServiceBusClient.from_connection_string(broker.connection_string, retry_total=0)


async def _progress(counted: set[str], more: int) -> None:
    goal = len(counted) + more
    async with asyncio.timeout(60):
        while len(counted) < goal:  # noqa: ASYNC110 - the clients know of no event
            await asyncio.sleep(0.01)


async def test_killed_while_busy(mortal: ServiceBusProcess) -> None:
    """Killed three times under load: no acknowledged message lost, no completed one back."""
    ledger = Ledger()
    clients = [
        *(asyncio.create_task(_keep_sending(who, mortal, ledger)) for who in range(3)),
        *(asyncio.create_task(_keep_receiving(mortal, ledger)) for _ in range(2)),
    ]
    for _ in range(3):
        await _progress(ledger.acknowledged, 40)
        await _progress(ledger.completed, 20)
        await asyncio.to_thread(mortal.restart)
    for task in clients:
        task.cancel()
    results = await asyncio.gather(*clients, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results), results

    found: set[str] = set()
    async with _impatient(mortal) as client, client.get_queue_receiver(QUEUE) as receiver:
        first = 1
        while peeked := await receiver.peek_messages(200, sequence_number=first):
            found |= set(bodies(peeked))
            assert peeked[-1].sequence_number is not None
            first = peeked[-1].sequence_number + 1
    unsure = ledger.attempted - ledger.completed
    assert ledger.resurrected == set()
    assert found & ledger.completed == set()
    assert ledger.acknowledged - ledger.completed - unsure - found == set()
    assert len(ledger.acknowledged) >= 120


async def test_receiver_recovers_by_itself(mortal: ServiceBusProcess) -> None:
    """A client with its usual retries goes on over a kill without being opened anew."""
    async with (
        ServiceBusClient.from_connection_string(mortal.connection_string) as client,
        opened(client, QUEUE) as (sender, receiver),
    ):
        waiting = asyncio.create_task(receiver.receive_messages(1, max_wait_time=LONG_ENOUGH))
        mortal.restart()
        await sender.send_messages(ServiceBusMessage("after"))
        assert bodies(await waiting) == ["after"]
