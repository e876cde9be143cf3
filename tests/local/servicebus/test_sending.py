"""Sending to queues and topics with the official client."""

import asyncio
from datetime import timedelta

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusMessageBatch
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.amqp import AmqpAnnotatedMessage, AmqpMessageBodyType
from azure.servicebus.exceptions import (
    MessageSizeExceededError,
    MessagingEntityNotFoundError,
    ServiceBusError,
)

from tests.local.servicebus.exchange import bodies, nothing_comes, send, take
from tests.stands.servicebus import ServiceBusProcess


async def test_message_keeps_everything(client: ServiceBusClient, queue: str) -> None:
    """Every property, annotation and byte of the body arrives as it was sent."""
    sent = ServiceBusMessage(
        b"\x00\xff body",
        message_id="m-1",
        correlation_id="c-1",
        content_type="application/json",
        subject="subject",
        to="to",
        reply_to="reply",
        time_to_live=timedelta(minutes=5),
        application_properties={"text": "ä", "number": 7, "flag": True},
    )
    async with client.get_queue_sender(queue) as sender:
        await sender.send_messages(sent)
    async with client.get_queue_receiver(queue) as receiver:
        (message,) = await take(receiver)
        assert b"".join(message.body) == b"\x00\xff body"
        assert message.message_id == "m-1"
        assert message.correlation_id == "c-1"
        assert message.content_type == "application/json"
        assert (message.subject, message.to, message.reply_to) == ("subject", "to", "reply")
        assert message.time_to_live == timedelta(minutes=5)
        assert message.application_properties == {
            b"text": "ä".encode(),
            b"number": 7,
            b"flag": True,
        }
        assert message.delivery_count == 0
        await receiver.complete_message(message)


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (AmqpAnnotatedMessage(value_body={b"key": [1, 2]}), AmqpMessageBodyType.VALUE),
        (AmqpAnnotatedMessage(sequence_body=[[b"a", 1], [b"b", 2]]), AmqpMessageBodyType.SEQUENCE),
        (AmqpAnnotatedMessage(data_body=[b"one", b"two"]), AmqpMessageBodyType.DATA),
    ],
)
async def test_every_body_type_survives(
    client: ServiceBusClient, queue: str, sent: AmqpAnnotatedMessage, kind: AmqpMessageBodyType
) -> None:
    """An AMQP value, a sequence and several data sections come out as they went in."""
    sent.annotations = {"x-custom": "kept"}
    async with client.get_queue_sender(queue) as sender:
        await sender.send_messages(sent)
    async with client.get_queue_receiver(queue) as receiver:
        (message,) = await take(receiver)
        received = message.raw_amqp_message
        assert message.body_type == kind
        if kind is AmqpMessageBodyType.VALUE:
            assert received.body == sent.body
        else:
            assert list(received.body) == list(sent.body)
        assert received.annotations is not None
        assert received.annotations[b"x-custom"] == b"kept"


async def test_batch_becomes_messages(client: ServiceBusClient, queue: str) -> None:
    """A batch arrives as its messages, in order, with numbers that go up."""
    async with client.get_queue_sender(queue) as sender:
        batch: ServiceBusMessageBatch = await sender.create_message_batch()
        for number in range(5):
            batch.add_message(ServiceBusMessage(f"batched-{number}", message_id=f"b-{number}"))
        await sender.send_messages(batch)
        await sender.send_messages([ServiceBusMessage("listed-0"), ServiceBusMessage("listed-1")])
    async with client.get_queue_receiver(queue) as receiver:
        messages = await take(receiver, 7)
        assert bodies(messages) == [f"batched-{n}" for n in range(5)] + ["listed-0", "listed-1"]
        assert [message.message_id for message in messages[:5]] == [f"b-{n}" for n in range(5)]
        numbers = [message.sequence_number for message in messages]
        assert numbers == list(range(1, 8))


async def test_topic_copies_to_every_subscription(client: ServiceBusClient, topic: str) -> None:
    """Each subscription gets its own copy; settling one leaves the other."""
    async with client.get_topic_sender(topic) as sender:
        await sender.send_messages([ServiceBusMessage("one"), ServiceBusMessage("two")])
    async with client.get_subscription_receiver(topic, "all") as receiver:
        for message in await take(receiver, 2):
            await receiver.complete_message(message)
        assert await nothing_comes(receiver)
    async with client.get_subscription_receiver(topic, "siem") as receiver:
        assert bodies(await take(receiver, 2)) == ["one", "two"]


async def test_entity_names_ignore_case(client: ServiceBusClient, queue: str) -> None:
    """A path in other letters leads to the same queue, as it does in Azure."""
    await send(client, queue.upper(), "hello")
    async with client.get_queue_receiver(queue) as receiver:
        assert bodies(await take(receiver)) == ["hello"]


async def test_unknown_entity_is_not_found(client: ServiceBusClient, topic: str) -> None:
    """A queue, topic or subscription that does not exist is `amqp:not-found`."""
    with pytest.raises(MessagingEntityNotFoundError):
        await send(client, "no-such-queue", "lost")
    with pytest.raises(MessagingEntityNotFoundError):
        async with client.get_subscription_receiver(topic, "no-such-subscription") as receiver:
            await receiver.receive_messages(1, max_wait_time=1)


@pytest.mark.parametrize("path", ["/subscriptions/all", "/subscriptions/all/$deadletterqueue"])
async def test_send_to_subscription_is_refused(
    client: ServiceBusClient, topic: str, path: str
) -> None:
    """Only queues and topics take messages."""
    with pytest.raises(ServiceBusError, match="not-allowed"):
        await send(client, topic + path, "lost")


async def test_receive_from_topic_is_refused(client: ServiceBusClient, topic: str) -> None:
    """A topic gives no messages, its subscriptions do."""
    with pytest.raises(ServiceBusError, match="not-allowed"):
        async with client.get_queue_receiver(topic) as receiver:
            await receiver.receive_messages(1, max_wait_time=1)


async def test_session_receiver_is_refused(client: ServiceBusClient, queue: str) -> None:
    """An entity without sessions refuses a receiver that asks for one."""
    with pytest.raises(ServiceBusError, match="not-allowed"):
        async with client.get_queue_receiver(queue, session_id="s-1") as receiver:
            await receiver.receive_messages(1, max_wait_time=1)


async def test_too_large_message_is_refused(client: ServiceBusClient, queue: str) -> None:
    """256 KiB pass, a byte too many is refused, and the link still works afterwards."""
    overhead = 100
    async with client.get_queue_sender(queue) as sender:
        await sender.send_messages(ServiceBusMessage(b"x" * (256 * 1024 - overhead)))
        with pytest.raises(MessageSizeExceededError):
            await sender.send_messages(ServiceBusMessage(b"x" * (256 * 1024 + 1)))
        await sender.send_messages(ServiceBusMessage(b"small"))
    async with client.get_queue_receiver(queue) as receiver:
        sizes = [len(b"".join(message.body)) for message in await take(receiver, 2)]
        assert sizes == [256 * 1024 - overhead, 5]


async def test_client_learns_the_batch_limit(client: ServiceBusClient, queue: str) -> None:
    """The link tells the client how large a batch may be, so that it refuses before sending."""
    async with client.get_queue_sender(queue) as sender:
        batch = await sender.create_message_batch()
        assert batch.max_size_in_bytes == 256 * 1024


async def test_senders_side_by_side(client: ServiceBusClient, queue: str) -> None:
    """Messages of many senders at once all arrive, each once."""
    expected = [[f"{who}-{number}" for number in range(10)] for who in range(5)]
    await asyncio.gather(*(send(client, queue, *names) for names in expected))
    async with client.get_queue_receiver(queue) as receiver:
        received = bodies(await take(receiver, 50))
        assert sorted(received) == sorted(name for names in expected for name in names)


async def test_messages_are_numbered_and_dated(
    client: ServiceBusClient, queue: str, broker: ServiceBusProcess
) -> None:
    """A message carries the stack's time at which it was enqueued and when it will expire."""
    before = broker.stack_now() - timedelta(milliseconds=1)
    await send(client, queue, "dated")
    async with client.get_queue_receiver(queue) as receiver:
        (message,) = await take(receiver)
        assert message.enqueued_time_utc is not None
        assert before <= message.enqueued_time_utc <= broker.stack_now()
        assert message.expires_at_utc == message.enqueued_time_utc + timedelta(days=14)
        assert message.enqueued_sequence_number == message.sequence_number == 1
