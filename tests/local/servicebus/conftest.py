"""One broker per test module, with short limits and a fresh queue for every test."""

from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest
from azure.servicebus.aio import ServiceBusClient

from tests.stands.servicebus import SETTINGS, ServiceBusProcess, with_limits

QUEUES = [f"queue-{number}" for number in range(40)]
TOPICS = {f"topic-{number}": ["all", "siem"] for number in range(10)}

LOCK_SECONDS = 1.5
MAX_DELIVERIES = 3


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceBusProcess]:
    """A running broker that the tests of a module share."""
    settings = with_limits(
        msgspec.structs.replace(SETTINGS, queues=QUEUES, topics=TOPICS),
        lock_duration_seconds=LOCK_SECONDS,
        max_delivery_count=MAX_DELIVERIES,
    )
    process = ServiceBusProcess(tmp_path_factory.mktemp("servicebus"), settings)
    yield process.start()
    process.close()


@pytest.fixture(scope="module")
def _fresh_queues() -> list[str]:
    return list(QUEUES)


@pytest.fixture(scope="module")
def _fresh_topics() -> list[str]:
    return list(TOPICS)


@pytest.fixture
def queue(_fresh_queues: list[str]) -> str:
    """A queue that no other test of the module uses."""
    return _fresh_queues.pop()


@pytest.fixture
def topic(_fresh_topics: list[str]) -> str:
    """A topic that no other test of the module uses, with subscriptions `all` and `siem`."""
    return _fresh_topics.pop()


@pytest.fixture
async def client(broker: ServiceBusProcess) -> AsyncIterator[ServiceBusClient]:
    """The official client: it gives up at the first error."""
    async with ServiceBusClient.from_connection_string(
        broker.connection_string, retry_total=0
    ) as opened:
        yield opened
