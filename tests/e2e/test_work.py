"""What the tests wait for is told by the queues, and not guessed."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from shared.names import Queue
from tests.e2e.side_by_side import side_by_side
from tests.e2e.work import Work
from tests.stands.servicebus import SETTINGS, ServiceBusProcess

MANY = 260
"""More than a broker shows at once."""


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceBusProcess]:
    """A broker with the app's queues."""
    process = ServiceBusProcess(tmp_path_factory.mktemp("servicebus"), SETTINGS)
    yield process.start()
    process.close()


@pytest.fixture
async def work(broker: ServiceBusProcess) -> AsyncIterator[Work]:
    """What the queues hold."""
    held = Work(broker.connection_string)
    yield held
    await held.close()


@pytest.mark.parametrize("queue", list(Queue))
async def test_a_message_is_work_until_it_is_settled(
    broker: ServiceBusProcess, work: Work, queue: Queue
) -> None:
    """On any queue: before a worker has it, and while it is locked."""
    now = datetime.now(UTC)
    assert not await work.is_left(now)
    async with (
        ServiceBusClient.from_connection_string(broker.connection_string) as client,
        client.get_queue_sender(queue) as sender,
        client.get_queue_receiver(queue) as receiver,
    ):
        await sender.send_messages(ServiceBusMessage("now"))
        assert await work.is_left(now)
        (locked,) = await receiver.receive_messages(1)
        assert await work.is_left(now)
        await receiver.complete_message(locked)
        assert not await work.is_left(now)


async def test_what_is_scheduled_is_work_when_its_time_has_come(
    broker: ServiceBusProcess, work: Work
) -> None:
    """Behind however many that are not due; also for several who ask at once."""
    now = datetime.now(UTC)
    soon, later = now + timedelta(hours=1), now + timedelta(days=1)
    async with (
        ServiceBusClient.from_connection_string(broker.connection_string) as client,
        client.get_queue_sender(Queue.ONBOARDING) as sender,
    ):
        await sender.schedule_messages([ServiceBusMessage("later")] * MANY, later)
        await sender.schedule_messages(ServiceBusMessage("soon"), soon)
    assert not await work.is_left(soon - timedelta(seconds=1))
    assert await side_by_side(*(work.is_left(soon) for _ in range(8))) == [True] * 8


async def test_a_broker_that_is_away_tells_of_nothing_until_it_is_back(
    broker: ServiceBusProcess, work: Work
) -> None:
    """Killed and started anew, it is asked again."""
    now = datetime.now(UTC)
    async with (
        ServiceBusClient.from_connection_string(broker.connection_string) as client,
        client.get_queue_sender(Queue.RESETS) as sender,
    ):
        await sender.send_messages(ServiceBusMessage("now"))
    assert await work.is_left(now)
    broker.kill()
    assert not await work.is_left(now)
    broker.start()
    assert await work.is_left(now)
