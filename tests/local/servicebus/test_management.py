"""Requests and outcomes that the official client never sends, other clients do."""

from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from proton import Condition, Delivery, Message
from proton.utils import SendException

from tests.local.servicebus.exchange import bodies, opened, take
from tests.stands.raw_amqp import RawClient
from tests.stands.servicebus import ServiceBusProcess


@pytest.fixture
def raw(broker: ServiceBusProcess, queue: str) -> Iterator[RawClient]:
    """A raw client with a token for the test's queue."""
    client = RawClient(broker.port, queue)
    yield client
    client.close()


@pytest.mark.parametrize(
    ("operation", "body", "answer"),
    [
        ("no-such-operation", {}, (501, "amqp:not-implemented")),
        ("peek-message", None, (400, "amqp:decode-error")),
        ("peek-message", {"from-sequence-number": "1"}, (400, "amqp:decode-error")),
        (
            "peek-message",
            {"from-sequence-number": 1, "message-count": -1},
            (204, "com.microsoft:no-messages"),
        ),
        ("schedule-message", {"messages": [{"message": b"\x00\x53"}]}, (400, "amqp:decode-error")),
        ("schedule-message", {"messages": [7]}, (400, "amqp:decode-error")),
        (
            "schedule-message",
            {"messages": [{"message": bytes(Message(body="no time").encode())}]},
            (400, "amqp:decode-error"),
        ),
        (
            "schedule-message",
            {"messages": [{"message": bytes(256 * 1024 + 1)}]},
            (400, "amqp:link:message-size-exceeded"),
        ),
        ("renew-lock", {"lock-tokens": ["x"]}, (400, "amqp:decode-error")),
        ("renew-lock", {"lock-tokens": [uuid4()]}, (410, "com.microsoft:message-lock-lost")),
        (
            "update-disposition",
            {"disposition-status": "completed", "lock-tokens": [uuid4()]},
            (410, "com.microsoft:message-lock-lost"),
        ),
        (
            "receive-by-sequence-number",
            {"sequence-numbers": [1], "receiver-settle-mode": 1},
            (404, "com.microsoft:message-not-found"),
        ),
        ("cancel-scheduled-message", {"sequence-numbers": 1}, (400, "amqp:decode-error")),
        ("get-message-sessions", {"skip": 0, "top": 1}, (501, "amqp:not-implemented")),
    ],
)
def test_bad_request_is_answered(
    raw: RawClient, queue: str, operation: str, body: object, answer: tuple[int, str]
) -> None:
    """A request that can't be carried out is answered with a status and a condition."""
    assert raw.manage(queue, operation, body) == answer


def test_malformed_message_is_rejected(
    raw: RawClient, queue: str, broker: ServiceBusProcess
) -> None:
    """Bytes that are no AMQP message are rejected, and the link stays open for the next."""
    sender = raw.connection.create_sender(queue)
    for payload in (b"\x00\x53\x75\xa0\xff", b"no message", b"\x00\x53\x73\x40"):
        delivery = sender.link.delivery(sender.link.delivery_tag())
        sender.link.send(payload)
        sender.link.advance()
        raw.connection.wait(partial(_is_settled, delivery))
        assert delivery.remote_state == Delivery.REJECTED
        assert isinstance(delivery.remote.condition, Condition)
        assert delivery.remote.condition.name == "amqp:decode-error"
    with pytest.raises(SendException):
        sender.send(Message(body=b"x" * (256 * 1024 + 1)))
    sender.send(Message(body="good"))
    assert broker.events("crashed") == []


def _is_settled(delivery: Delivery) -> bool:
    return delivery.settled


async def test_abandon_changes_properties(
    raw: RawClient, client: ServiceBusClient, queue: str
) -> None:
    """A `modified` outcome carries application properties to change, as .NET sends it."""
    receiver = raw.connection.create_receiver(queue, credit=1)
    async with opened(client, queue) as (sender, other):
        await sender.send_messages(
            ServiceBusMessage("try me", application_properties={"kept": 1, "tries": 0})
        )
        assert receiver.receive().body == b"try me"
        assert receiver.fetcher is not None
        delivery = receiver.fetcher.unsettled.popleft()
        delivery.local.failed = True
        delivery.local.annotations = {"tries": 1}
        delivery.update(Delivery.MODIFIED)
        raw.connection.wait(partial(_is_settled, delivery))
        delivery.settle()
        receiver.close()  # type: ignore[no-untyped-call] # proton has no type for it
        (message,) = await take(other)
        assert message.application_properties == {b"kept": 1, b"tries": 1}
        assert message.delivery_count == 1
        token = message.lock_token
        change = {"lock-tokens": [token], "properties-to-modify": {"tries": 2}}
        assert (
            raw.manage(queue, "update-disposition", change | {"disposition-status": "?"})[0] == 400
        )
        assert raw.manage(
            queue, "update-disposition", change | {"disposition-status": "abandoned"}
        ) == (200, None)
        (message,) = await take(other)
        assert message.application_properties == {b"kept": 1, b"tries": 2}


async def test_gone_receiver_gets_no_more(
    raw: RawClient, client: ServiceBusClient, queue: str
) -> None:
    """The credit of a receiver that went without a word is void: others get the messages."""
    raw.connection.create_receiver(queue, credit=5)
    raw.close()
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages([ServiceBusMessage("one"), ServiceBusMessage("two")])
        messages = await take(receiver, 2)
        assert [message.delivery_count for message in messages] == [0, 0]


async def test_message_that_looks_like_a_batch(client: ServiceBusClient, queue: str) -> None:
    """Text that merely begins like AMQP stays one message."""
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage(b"\x00\x53\x75 is no section"))
        assert bodies(await take(receiver)) == ["\x00\x53\x75 is no section"]
