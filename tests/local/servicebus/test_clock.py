"""What runs on the stack clock: schedules, time to live, the duplicate-detection window."""

from datetime import timedelta

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusMessageState, ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import MessageNotFoundError

from tests.local.servicebus.exchange import bodies, nothing_comes, opened, take
from tests.stands.servicebus import ServiceBusProcess

HOUR = 3600.0


async def test_scheduled_message_comes_in_its_time(
    client: ServiceBusClient, queue: str, broker: ServiceBusProcess
) -> None:
    """A scheduled message is enqueued when the stack clock gets there, under a new number."""
    async with opened(client, queue) as (sender, receiver):
        due = broker.stack_now() + timedelta(hours=1)
        numbers = await sender.schedule_messages(
            [ServiceBusMessage("first"), ServiceBusMessage("second")], due
        )
        by_property = ServiceBusMessage("third", scheduled_enqueue_time_utc=due)
        await sender.send_messages(by_property)
        assert numbers == [1, 2]
        broker.advance(HOUR - 60)
        assert await nothing_comes(receiver)
        broker.advance(60)
        messages = await take(receiver, 3)
        assert bodies(messages) == ["first", "second", "third"]
        assert [message.sequence_number for message in messages] == [4, 5, 6]
        enqueued = messages[0].enqueued_time_utc
        assert enqueued is not None
        # The client sends whole milliseconds.
        assert due - timedelta(milliseconds=1) <= enqueued <= broker.stack_now()


async def test_schedule_in_the_past_is_now(
    client: ServiceBusClient, queue: str, broker: ServiceBusProcess
) -> None:
    """A message scheduled for a time gone by is enqueued at once."""
    async with opened(client, queue) as (sender, receiver):
        await sender.schedule_messages(
            ServiceBusMessage("late"), broker.stack_now() - timedelta(hours=1)
        )
        assert bodies(await take(receiver)) == ["late"]


async def test_cancelled_message_never_comes(
    client: ServiceBusClient, queue: str, broker: ServiceBusProcess
) -> None:
    """A cancelled message stays away; cancelling it again, or one too late, finds nothing."""
    async with opened(client, queue) as (sender, receiver):
        due = broker.stack_now() + timedelta(hours=1)
        (cancelled,) = await sender.schedule_messages(ServiceBusMessage("cancelled"), due)
        (kept,) = await sender.schedule_messages(ServiceBusMessage("kept"), due)
        await sender.cancel_scheduled_messages(cancelled)
        with pytest.raises(MessageNotFoundError):
            await sender.cancel_scheduled_messages([kept, cancelled])
        broker.advance(HOUR)
        assert bodies(await take(receiver)) == ["kept"]
        with pytest.raises(MessageNotFoundError):
            await sender.cancel_scheduled_messages(kept)


async def test_topic_schedules_for_all_subscriptions(
    client: ServiceBusClient, topic: str, broker: ServiceBusProcess
) -> None:
    """A message scheduled on a topic reaches every subscription when it is due."""
    async with client.get_topic_sender(topic) as sender:
        await sender.schedule_messages(
            ServiceBusMessage("event"), broker.stack_now() + timedelta(hours=1)
        )
    async with client.get_subscription_receiver(topic, "all") as receiver:
        assert await nothing_comes(receiver)
        broker.advance(HOUR)
        assert bodies(await take(receiver)) == ["event"]
    async with client.get_subscription_receiver(topic, "siem") as receiver:
        assert bodies(await take(receiver)) == ["event"]


async def test_peek_shows_every_state(
    client: ServiceBusClient, queue: str, broker: ServiceBusProcess
) -> None:
    """Peeking shows active, locked, deferred and scheduled messages, and changes none."""
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages([ServiceBusMessage(name) for name in ("put aside", "active")])
        (message,) = await take(receiver)
        await receiver.defer_message(message)
        await sender.schedule_messages(
            ServiceBusMessage("scheduled"), broker.stack_now() + timedelta(hours=1)
        )
        peeked = await receiver.peek_messages(10, sequence_number=1)
        assert bodies(peeked) == ["put aside", "active", "scheduled"]
        assert [message.state for message in peeked] == [
            ServiceBusMessageState.DEFERRED,
            ServiceBusMessageState.ACTIVE,
            ServiceBusMessageState.SCHEDULED,
        ]
        assert bodies(await receiver.peek_messages(1, sequence_number=2)) == ["active"]
        assert bodies(await take(receiver)) == ["active"]
        assert bodies(await receiver.peek_messages(1, sequence_number=2)) == ["active"]


async def test_expired_message_is_dropped(
    client: ServiceBusClient, queue: str, broker: ServiceBusProcess
) -> None:
    """Past its time to live, or the queue's, a message is gone, and not dead-lettered."""
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages(
            [
                ServiceBusMessage("minute", time_to_live=timedelta(minutes=1)),
                ServiceBusMessage("fortnight"),
                ServiceBusMessage("month", time_to_live=timedelta(days=30)),
            ]
        )
        broker.advance(61)
        assert bodies(await receiver.peek_messages(10, sequence_number=1)) == ["fortnight", "month"]
        broker.advance(14 * 24 * HOUR)
        assert await nothing_comes(receiver)
        assert await receiver.peek_messages(10, sequence_number=1) == []
    async with client.get_queue_receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER) as dead:
        assert await nothing_comes(dead)


async def test_dead_letters_do_not_expire(
    client: ServiceBusClient, queue: str, broker: ServiceBusProcess
) -> None:
    """Time to live is not observed in a dead-letter queue."""
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("bad", time_to_live=timedelta(minutes=1)))
        (message,) = await take(receiver)
        await receiver.dead_letter_message(message)
    broker.advance(30 * 24 * HOUR)
    async with client.get_queue_receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER) as dead:
        assert bodies(await take(dead)) == ["bad"]


async def test_duplicates_are_dropped_within_the_window(
    client: ServiceBusClient, queue: str, broker: ServiceBusProcess
) -> None:
    """A message id is taken once per window: sent, batched or scheduled; then again."""
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("original", message_id="id"))
        await sender.send_messages(ServiceBusMessage("again", message_id="id"))
        await sender.send_messages(
            [ServiceBusMessage("batched", message_id="id"), ServiceBusMessage("other")]
        )
        await sender.schedule_messages(
            ServiceBusMessage("scheduled", message_id="id"),
            broker.stack_now() + timedelta(hours=1),
        )
        messages = await take(receiver, 2)
        assert bodies(messages) == ["original", "other"]
        for message in messages:
            await receiver.complete_message(message)
        broker.advance(7 * 24 * HOUR - 60)
        await sender.send_messages(ServiceBusMessage("late duplicate", message_id="id"))
        assert await nothing_comes(receiver)
        broker.advance(61)
        await sender.send_messages(ServiceBusMessage("new window", message_id="id"))
        assert bodies(await take(receiver)) == ["new window"]


async def test_topic_detects_duplicates(client: ServiceBusClient, topic: str) -> None:
    """A repeated event reaches a subscription once, though the first was completed."""
    async with (
        client.get_topic_sender(topic) as sender,
        client.get_subscription_receiver(topic, "all") as receiver,
    ):
        await sender.send_messages(ServiceBusMessage("event", message_id="case-0001"))
        (message,) = await take(receiver)
        await receiver.complete_message(message)
        await sender.send_messages(ServiceBusMessage("event", message_id="case-0001"))
        assert await nothing_comes(receiver)
