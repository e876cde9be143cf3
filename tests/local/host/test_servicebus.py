"""Service Bus triggers, against the stand-in over AMQP, sent to by the official client."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient

from tests.local.host.broker_process import (
    LOCK_SECONDS,
    MAX_DELIVERY_COUNT,
    Broker,
    running_broker,
)
from tests.local.host.host_process import MASTER_KEY, RunningHost, running, wait_for

APP = "tests.local.host.bus_app:app"
TRIGGERS = 4
LOST = "broker not reachable; trying on"
FOUND = "broker reachable again"


def _environment(broker: Broker) -> dict[str, str]:
    return {"BUS": broker.connection_string, "WORK_QUEUE": "work"}


def _options(**service_bus: object) -> dict[str, object]:
    return {"extensions": {"serviceBus": service_bus}}


@asynccontextmanager
async def _client(broker: Broker) -> AsyncIterator[ServiceBusClient]:
    async with ServiceBusClient.from_connection_string(broker.connection_string) as client:
        yield client


async def _send(broker: Broker, queue: str, *messages: ServiceBusMessage) -> None:
    async with _client(broker) as client, client.get_queue_sender(queue) as sender:
        await sender.send_messages(list(messages))


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One broker that no test kills."""
    with running_broker(tmp_path_factory.mktemp("broker")) as started:
        yield started


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory, broker: Broker) -> Iterator[RunningHost]:
    """One host on that broker."""
    with running(
        tmp_path_factory.mktemp("bus"),
        APP,
        host_file=_options(maxConcurrentCalls=2, maxAutoLockRenewalDuration="00:05:00"),
        environment=_environment(broker),
    ) as started:
        yield started


async def test_message_arrives_as_the_worker_gives_it(host: RunningHost, broker: Broker) -> None:
    """Body, properties and metadata are those of the .NET extension, naive times included."""
    await _send(
        broker,
        "work",
        ServiceBusMessage(
            "plain text",
            message_id="m-1",
            correlation_id="c-1",
            subject="greeting",
            content_type="text/plain",
            application_properties={"text": "ü", "number": 7, "flag": True},
        ),
    )
    (run,) = [run for run in await host.seen_by("worker", 1) if run["messageId"] == "m-1"]
    assert run["body"] == "plain text"
    assert (run["correlationId"], run["subject"], run["contentType"]) == (
        "c-1",
        "greeting",
        "text/plain",
    )
    assert run["properties"] == {"text": "ü", "number": 7, "flag": True}
    assert run["deliveryCount"] == 1
    assert run["sequenceNumber"] >= 1
    assert run["lockToken"]
    assert run["enqueuedNaive"]
    age = datetime.now(UTC) - datetime.fromisoformat(run["enqueued"]).replace(tzinfo=UTC)
    assert timedelta() <= age < timedelta(minutes=1)
    assert {"ExpiresAtUtc", "EnqueuedTime", "UserProperties", "Label"} <= set(run["metadata"])


async def test_fields_of_a_json_body_hide_metadata(host: RunningHost, broker: Broker) -> None:
    """Azure lays the top-level fields of a JSON body over the metadata, whatever their case."""
    body = json.dumps({"MESSAGEID": "from the body", "list": [1], "extra": {"a": 1}})
    await _send(broker, "work", ServiceBusMessage(body, message_id="m-2"))
    await asyncio.to_thread(wait_for, lambda: "from the body" in _seen_text(host))
    run = next(run for run in await host.seen() if run.get("messageId") == "from the body")
    assert "extra" in run["metadata"]
    assert "list" not in run["metadata"]


async def test_a_body_too_deep_to_read_hides_no_metadata(host: RunningHost, broker: Broker) -> None:
    """It is for the function to refuse; the trigger does not fall over it."""
    await _send(broker, "work", ServiceBusMessage("[" * 10_000, message_id="m-7"))
    await asyncio.to_thread(wait_for, lambda: '"m-7"' in _seen_text(host))


async def test_a_binary_body_hides_no_metadata(host: RunningHost, broker: Broker) -> None:
    """Who takes bytes is told what the broker knows, whatever fields a JSON body has."""
    body = json.dumps({"messageId": "x", "enqueuedTimeUtc": "x", "applicationProperties": {}})
    message = ServiceBusMessage(body, message_id="m-6", application_properties={"signed": "yes"})
    await _send(broker, "binary", message)
    await asyncio.to_thread(wait_for, lambda: '"m-6"' in _seen_text(host))
    (run,) = [run for run in await host.seen() if run.get("messageId") == "m-6"]
    assert run["properties"] == {"signed": "yes"}
    assert datetime.fromisoformat(run["enqueued"]).year > 2000


def _seen_text(host: RunningHost) -> str:
    return json.dumps(asyncio.run(host.seen()))


async def test_failures_are_redelivered_then_dead_lettered(
    host: RunningHost, broker: Broker
) -> None:
    """A raise abandons: at once again, and after the entity's last delivery to the dead letters."""
    await _send(broker, "work", ServiceBusMessage("fail, please", message_id="m-3"))
    async with (
        _client(broker) as client,
        client.get_queue_receiver("work", sub_queue=ServiceBusSubQueue.DEAD_LETTER) as dead,
    ):
        (letter,) = await dead.receive_messages(max_wait_time=20)
        await dead.complete_message(letter)
    assert letter.message_id == "m-3"
    assert letter.dead_letter_reason == "MaxDeliveryCountExceeded"
    counts = [run["deliveryCount"] for run in await host.seen() if run.get("messageId") == "m-3"]
    assert counts == list(range(1, MAX_DELIVERY_COUNT + 1))


async def test_completed_message_is_gone(host: RunningHost, broker: Broker) -> None:
    """A return completes: nothing is left to peek at, and nothing came twice."""
    await _send(broker, "work", ServiceBusMessage("good", message_id="m-4"))
    await asyncio.to_thread(wait_for, lambda: '"m-4"' in _seen_text(host))
    async with _client(broker) as client, client.get_queue_receiver("work") as receiver:
        deadline = asyncio.get_running_loop().time() + 10
        while await receiver.peek_messages(sequence_number=1):
            assert asyncio.get_running_loop().time() < deadline
    counts = [run["deliveryCount"] for run in await host.seen() if run.get("messageId") == "m-4"]
    assert counts == [1]


async def test_value_without_a_binding_is_a_failure(host: RunningHost, broker: Broker) -> None:
    """The worker refuses a value where there is no `$return`; so the message comes again."""
    async with _client(broker) as client, client.get_topic_sender("news") as sender:
        await sender.send_messages(ServiceBusMessage("news"))
    runs = await host.seen_by("returning", MAX_DELIVERY_COUNT)
    assert [run["deliveryCount"] for run in runs] == list(range(1, MAX_DELIVERY_COUNT + 1))


async def test_text_trigger_refuses_binary_bodies(host: RunningHost, broker: Broker) -> None:
    """A body that is not UTF-8 never reaches a function that takes text; bytes are for binary."""
    body = b"\xff\xfe\x00"
    await _send(broker, "work", ServiceBusMessage(body, message_id="m-5"))
    await _send(broker, "binary", ServiceBusMessage(body))
    runs = await host.seen_by("blocking", 1)
    assert body in {bytes.fromhex(run["body"]) for run in runs}
    await asyncio.to_thread(
        wait_for, lambda: any(line["message"] == "message not readable" for line in host.lines())
    )
    assert "m-5" not in _seen_text_of(await host.seen())


def _seen_text_of(runs: object) -> str:
    return json.dumps(runs)


async def test_administrator_sends_a_message_by_hand(host: RunningHost) -> None:
    """`POST /admin/functions/{name}` runs a queue function on the given text."""
    status, _, _ = await host.call(
        "POST",
        "/admin/functions/worker",
        key=MASTER_KEY,
        headers={"Content-Type": "application/json"},
        data='{"input": "by hand"}',
    )
    assert status == 202
    await asyncio.to_thread(wait_for, lambda: '"by hand"' in _seen_text(host))


async def test_lock_is_kept_while_the_function_works(host: RunningHost, broker: Broker) -> None:
    """Work longer than the lock is done once; no more messages at a time than host.json allows."""
    long = f"seconds={LOCK_SECONDS * 1.5}"
    await _send(broker, "slow", *map(ServiceBusMessage, (long, long, "seconds=0")))
    await host.seen_by("slow-done", 3)
    runs = [run for run in await host.seen() if run["function"] == "slow"]
    assert [run["deliveryCount"] for run in runs] == [1, 1, 1]
    assert max(run["atOnce"] for run in runs) == 2


async def test_lock_is_lost_where_renewal_is_off(tmp_path: Path) -> None:
    """`maxAutoLockRenewalDuration` 0 lets the lock lapse: the broker delivers again meanwhile."""
    with (
        running_broker(tmp_path) as broker,
        running(
            tmp_path,
            APP,
            host_file=_options(maxConcurrentCalls=2, maxAutoLockRenewalDuration="00:00:00"),
            environment=_environment(broker),
        ) as host,
    ):
        await _send(broker, "slow", ServiceBusMessage("gate"))
        runs = await host.seen_by("slow", 2)
        assert [run["deliveryCount"] for run in runs] == [1, 2]
        await host.call("GET", "/api/open")
        await host.seen_by("slow-done", 2)


async def test_message_is_left_where_completing_is_off(tmp_path: Path) -> None:
    """`autoCompleteMessages` false leaves the message locked: it comes again when the lock ends."""
    with (
        running_broker(tmp_path) as broker,
        running(
            tmp_path,
            APP,
            host_file=_options(autoCompleteMessages=False),
            environment=_environment(broker),
        ) as host,
    ):
        await _send(broker, "work", ServiceBusMessage("good"))
        runs = await host.seen_by("worker", 2)
        assert [run["deliveryCount"] for run in runs] == [1, 2]


async def test_trigger_outlives_its_broker(tmp_path: Path) -> None:
    """A killed broker is found again, one line in the log tells of it, and nothing is lost."""
    with running_broker(tmp_path) as broker:
        broker.kill()
        with running(tmp_path, APP, environment=_environment(broker)) as host:
            await asyncio.to_thread(wait_for, lambda: _said(host, LOST) == TRIGGERS)
            broker.start()
            await _send(broker, "work", ServiceBusMessage("after the start"))
            await host.seen_by("worker", 1)
            await asyncio.to_thread(wait_for, lambda: _said(host, FOUND) == TRIGGERS)
            broker.kill()
            await asyncio.to_thread(wait_for, lambda: _said(host, LOST) == 2 * TRIGGERS)
            broker.start()
            await _send(broker, "work", ServiceBusMessage("after the kill"))
            await asyncio.to_thread(wait_for, lambda: "after the kill" in _seen_text(host))
            await asyncio.to_thread(wait_for, lambda: _said(host, FOUND) == 2 * TRIGGERS)
            assert _said(host, LOST) == 2 * TRIGGERS
            assert host.stop() == 0


def _said(host: RunningHost, message: str) -> int:
    return sum(line["message"] == message for line in host.lines())


async def test_drain_settles_what_is_in_work(tmp_path: Path) -> None:
    """On SIGTERM the message in work is finished and completed, and no other is taken."""
    with (
        running_broker(tmp_path) as broker,
        running(
            tmp_path,
            APP,
            host_file=_options(maxConcurrentCalls=1),
            environment=_environment(broker),
        ) as host,
    ):
        await _send(broker, "slow", ServiceBusMessage("seconds=1"), ServiceBusMessage("gate"))
        await host.seen_by("slow", 1)
        assert await asyncio.to_thread(host.stop) == 0
        async with _client(broker) as client, client.get_queue_receiver("slow") as receiver:
            (left,) = await receiver.peek_messages(max_message_count=5)
        assert b"".join(left.body) == b"gate"
