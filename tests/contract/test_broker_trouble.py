"""The Service Bus adapters when the broker dies, hangs or refuses."""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Self, cast

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusMessageBatch
from azure.servicebus.aio import ServiceBusClient, ServiceBusSender

from shared.adapters.servicebus.commands import ServiceBusCommands
from shared.adapters.servicebus.dead_letters import ServiceBusDeadLetters
from shared.adapters.servicebus.group_sender import GroupSender
from shared.adapters.servicebus.namespace import Namespace
from shared.application.ports.messages import DeadLetter
from shared.contracts.commands import AdvanceCase
from shared.domain.errors.messages import BrokerUnavailable
from shared.domain.ids import CaseId
from shared.names import Queue
from tests.stands.servicebus import ServiceBusProcess

# azure-servicebus 7.15 leaves the socket of a broken connection to the garbage collector: it sets
# the connection's state to END before `_disconnect`, which then returns at once.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")

LIMIT = timedelta(seconds=1)
"""A webhook's: the SDK takes half a second to open a connection."""
LONG_LIMIT = timedelta(seconds=10)
COMMAND = AdvanceCase(case_id=CaseId("0" * 32), queue=Queue.ONBOARDING)


@pytest.fixture(autouse=True)
async def _sockets_collected() -> AsyncIterator[None]:
    yield
    gc.collect()
    await asyncio.sleep(0)


@pytest.fixture
async def namespace(broker: ServiceBusProcess) -> AsyncIterator[Namespace]:
    """The adapters' view of the broker."""
    async with Namespace.from_connection_string(broker.connection_string) as namespace:
        yield namespace


@pytest.fixture
def sender(namespace: Namespace) -> GroupSender:
    """A sender whose callers have time for a new connection."""
    return namespace.queue_sender(Queue.ONBOARDING, limit=LONG_LIMIT)


@contextmanager
def frozen(broker: ServiceBusProcess) -> Iterator[None]:
    """The broker takes connections and answers nothing."""
    os.kill(broker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(broker.pid, signal.SIGCONT)


async def count(broker: ServiceBusProcess) -> int:
    """How many messages the queue holds, by the official client."""
    async with (
        ServiceBusClient.from_connection_string(broker.connection_string) as client,
        client.get_queue_receiver(Queue.ONBOARDING) as receiver,
    ):
        return len(await receiver.peek_messages(max_message_count=250))


async def send_until_taken(commands: ServiceBusCommands, attempts: int) -> int:
    """Send until the broker takes it; how many attempts failed."""
    for failed in range(attempts):
        try:
            await commands.send(COMMAND)
        except BrokerUnavailable:
            continue
        return failed
    raise AssertionError(f"Not taken in {attempts} attempts.")


async def test_dead_broker_is_named_and_its_return_is_noticed(
    broker: ServiceBusProcess, sender: GroupSender
) -> None:
    """While the broker is dead each send says so; the next one after its return goes through."""
    commands = ServiceBusCommands({Queue.ONBOARDING: sender})
    await commands.send(COMMAND)
    broker.kill()
    for _ in range(2):
        with pytest.raises(BrokerUnavailable):
            await commands.send(COMMAND)
    broker.start()
    await commands.send(COMMAND)
    assert await count(broker) == 2


async def test_restart_between_two_sends_goes_unnoticed(
    broker: ServiceBusProcess, sender: GroupSender
) -> None:
    """A connection that died while nobody sent costs no error."""
    commands = ServiceBusCommands({Queue.ONBOARDING: sender})
    await commands.send(COMMAND)
    broker.restart()
    await commands.send(COMMAND)
    assert await count(broker) == 2


async def test_broker_that_was_never_there_is_named(
    sender: GroupSender, broker: ServiceBusProcess
) -> None:
    """The first send of all finds no broker, says so, and harms no later one."""
    broker.kill()
    commands = ServiceBusCommands({Queue.ONBOARDING: sender})
    with pytest.raises(BrokerUnavailable):
        await commands.send(COMMAND)
    broker.start()
    await commands.send(COMMAND)
    assert await count(broker) == 1


async def test_what_a_caller_gave_up_on_still_leaves(
    broker: ServiceBusProcess, namespace: Namespace
) -> None:
    """A first connection that outlasts its caller delays the command, and does not lose it."""
    commands = ServiceBusCommands(
        {Queue.ONBOARDING: namespace.queue_sender(Queue.ONBOARDING, limit=LIMIT)}
    )
    with frozen(broker), pytest.raises(BrokerUnavailable):
        await commands.send(COMMAND)
    async with (
        ServiceBusClient.from_connection_string(broker.connection_string) as client,
        client.get_queue_receiver(Queue.ONBOARDING) as receiver,
    ):
        patience = 10 * LIMIT.total_seconds()
        assert len(await receiver.receive_messages(max_wait_time=patience)) == 1


async def test_silent_broker_is_named_in_time(
    broker: ServiceBusProcess, namespace: Namespace
) -> None:
    """A broker that hangs costs each caller its limit and no more; afterwards sends work again."""
    commands = ServiceBusCommands(
        {Queue.ONBOARDING: namespace.queue_sender(Queue.ONBOARDING, limit=LIMIT)}
    )
    await commands.send(COMMAND)
    with frozen(broker):
        outcomes = await asyncio.wait_for(
            asyncio.gather(*(commands.send(COMMAND) for _ in range(20)), return_exceptions=True),
            timeout=5 * LIMIT.total_seconds(),
        )
        assert {type(outcome) for outcome in outcomes} == {BrokerUnavailable}
    await send_until_taken(commands, 30)


async def test_transfer_that_hangs_is_given_up(broker: ServiceBusProcess) -> None:
    """A transfer that outlasts our patience is given up; a later send takes a new link."""
    patience = timedelta(seconds=2)
    opened: list[ServiceBusSender] = []
    async with ServiceBusClient.from_connection_string(broker.connection_string) as client:

        def open_sender() -> ServiceBusSender:
            opened.append(client.get_queue_sender(Queue.ONBOARDING))
            return opened[-1]

        sender = GroupSender(open_sender, LONG_LIMIT, patience)
        await sender.send(ServiceBusMessage(b"1"))
        with frozen(broker), pytest.raises(BrokerUnavailable):
            await sender.send(ServiceBusMessage(b"2"))
        await sender.send(ServiceBusMessage(b"3"))
        await sender.close()
    assert len(opened) == 2


async def test_every_acknowledged_command_survives_the_brokers_death(
    broker: ServiceBusProcess, sender: GroupSender
) -> None:
    """Of concurrent sends around a kill, each one that returned is in the queue afterwards."""
    commands = ServiceBusCommands({Queue.ONBOARDING: sender})
    await commands.send(COMMAND)
    sends = [asyncio.create_task(commands.send(COMMAND)) for _ in range(100)]
    done, _ = await asyncio.wait(sends, return_when=asyncio.FIRST_COMPLETED)
    assert done
    broker.restart()
    outcomes = await asyncio.gather(*sends, return_exceptions=True)
    taken = sum(outcome is None for outcome in outcomes)
    assert taken + sum(isinstance(outcome, BrokerUnavailable) for outcome in outcomes) == 100
    assert await count(broker) >= 1 + taken


async def test_oversized_message_fails_alone(
    broker: ServiceBusProcess, sender: GroupSender
) -> None:
    """A message that is too large for the broker fails its own caller and nobody else."""
    large = ServiceBusMessage(b"x" * 2_000_000)
    outcomes = await asyncio.gather(
        sender.send(ServiceBusMessage(b"1")),
        sender.send(large),
        sender.send(ServiceBusMessage(b"2")),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), BrokerUnavailable, type(None)]
    assert await count(broker) == 2


class DeadlySender:
    """The SDK's sender; the broker dies just before the second transfer."""

    def __init__(self, sender: ServiceBusSender, broker: ServiceBusProcess) -> None:
        self._sender = sender
        self._broker = broker
        self._transfers = 0
        self.create_message_batch = sender.create_message_batch
        self.close = sender.close

    async def __aenter__(self) -> Self:
        await self._sender.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def send_messages(self, batch: ServiceBusMessageBatch) -> None:
        """Send a batch."""
        self._transfers += 1
        if self._transfers == 2:
            self._broker.kill()
        await self._sender.send_messages(batch)


async def test_half_a_parcel_is_not_taken(broker: ServiceBusProcess) -> None:
    """A caller whose messages fill two batches is told "taken" only after the second one."""
    connection = broker.connection_string
    async with ServiceBusClient.from_connection_string(connection, retry_total=0) as client:
        sender = GroupSender(
            lambda: cast(
                "ServiceBusSender",
                DeadlySender(client.get_queue_sender(Queue.ONBOARDING), broker),
            ),
            LONG_LIMIT,
            LONG_LIMIT,
        )
        small, large = await asyncio.gather(
            sender.send(ServiceBusMessage(b"x")),
            sender.send(*(ServiceBusMessage(b"x" * 100_000) for _ in range(4))),
            return_exceptions=True,
        )
        assert small is None
        assert isinstance(large, BrokerUnavailable)
        await sender.close()


async def test_caller_that_was_cancelled_harms_no_other(
    broker: ServiceBusProcess, sender: GroupSender
) -> None:
    """A cancelled caller takes nobody with it."""
    commands = ServiceBusCommands({Queue.ONBOARDING: sender})
    sends = [asyncio.create_task(commands.send(COMMAND)) for _ in range(10)]
    await asyncio.sleep(0)
    sends[0].cancel()
    outcomes = await asyncio.gather(*sends, return_exceptions=True)
    assert [outcome for outcome in outcomes if outcome is not None] == [outcomes[0]]
    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert await count(broker) >= 9


async def test_closing_lets_what_is_under_way_end(broker: ServiceBusProcess) -> None:
    """Sends that were under way when the app shut down were still acknowledged."""
    namespace = Namespace.from_connection_string(broker.connection_string)
    commands = ServiceBusCommands(
        {Queue.ONBOARDING: namespace.queue_sender(Queue.ONBOARDING, limit=LONG_LIMIT)}
    )
    sends = [asyncio.create_task(commands.send(COMMAND)) for _ in range(10)]
    await asyncio.sleep(0)
    await namespace.close()
    assert await asyncio.gather(*sends) == [None] * 10
    with pytest.raises(BrokerUnavailable):
        await commands.send(COMMAND)
    assert await count(broker) == 10


async def test_closing_does_not_wait_for_a_silent_broker(broker: ServiceBusProcess) -> None:
    """A shutdown while the broker hangs ends, and every caller learns that nothing was taken."""
    namespace = Namespace.from_connection_string(broker.connection_string)
    commands = ServiceBusCommands(
        {Queue.ONBOARDING: namespace.queue_sender(Queue.ONBOARDING, limit=LIMIT)}
    )
    await commands.send(COMMAND)
    with frozen(broker):
        send = asyncio.create_task(commands.send(COMMAND))
        await asyncio.sleep(0)
        await asyncio.wait_for(namespace.close(), timeout=20)
        with pytest.raises(BrokerUnavailable):
            await send


async def test_drain_names_a_dead_broker(broker: ServiceBusProcess, namespace: Namespace) -> None:
    """Dead letters that can't be read are no empty queue."""
    letters = ServiceBusDeadLetters(namespace, {Queue.ONBOARDING: Queue.ONBOARDING})
    broker.kill()

    async def keep(letter: DeadLetter) -> None:
        raise AssertionError(letter)

    with pytest.raises(BrokerUnavailable):
        await letters.drain(Queue.ONBOARDING, keep)
