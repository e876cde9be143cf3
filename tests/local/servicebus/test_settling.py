"""What becomes of a message after it was received, with the official client."""

import asyncio
import copy
from datetime import UTC, datetime, timedelta

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusReceiveMode, ServiceBusSubQueue
from azure.servicebus.aio import AutoLockRenewer, ServiceBusClient
from azure.servicebus.exceptions import MessageLockLostError, MessageNotFoundError, ServiceBusError

from tests.local.servicebus.conftest import LOCK_SECONDS, MAX_DELIVERIES
from tests.local.servicebus.exchange import (
    LONG_ENOUGH,
    bodies,
    nothing_comes,
    opened,
    send,
    take,
)
from tests.stands.servicebus import ServiceBusProcess


async def test_completed_message_is_gone(client: ServiceBusClient, queue: str) -> None:
    """A completed message can't be received, peeked or settled again."""
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("done"))
        (message,) = await take(receiver)
        again = copy.copy(message)
        await receiver.complete_message(message)
        assert await receiver.peek_messages(10, sequence_number=1) == []
        with pytest.raises(MessageLockLostError):
            await receiver.complete_message(again)
        with pytest.raises(MessageLockLostError):
            await receiver.renew_message_lock(again)


async def test_abandoned_message_comes_back_counted(client: ServiceBusClient, queue: str) -> None:
    """An abandoned message is received again at once, with one more delivery on its count."""
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("again"))
        (first,) = await take(receiver)
        await receiver.abandon_message(first)
        (second,) = await take(receiver)
        assert (first.delivery_count, second.delivery_count) == (0, 1)
        assert second.sequence_number == first.sequence_number
        assert second.lock_token != first.lock_token


async def test_too_many_deliveries_end_in_the_dead_letter_queue(
    client: ServiceBusClient, queue: str
) -> None:
    """After the last allowed delivery the message is dead-lettered, with Azure's reason."""
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("poison", message_id="p-1"))
        for _ in range(MAX_DELIVERIES):
            (message,) = await take(receiver)
            await receiver.abandon_message(message)
        assert await nothing_comes(receiver)
    async with client.get_queue_receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER) as dead:
        (buried,) = await take(dead)
        assert buried.message_id == "p-1"
        assert buried.delivery_count == MAX_DELIVERIES
        assert buried.dead_letter_reason == "MaxDeliveryCountExceeded"
        assert buried.dead_letter_error_description == (
            f"Message could not be consumed after {MAX_DELIVERIES} delivery attempts."
        )
        for _ in range(MAX_DELIVERIES + 1):
            await dead.abandon_message(buried)
            (buried,) = await take(dead)
        with pytest.raises(ServiceBusError, match="not-allowed"):
            await dead.dead_letter_message(copy.copy(buried))


async def test_dead_lettered_message_tells_why(client: ServiceBusClient, topic: str) -> None:
    """Reason and description travel with a message into the dead-letter queue of its source."""
    async with client.get_topic_sender(topic) as sender:
        await sender.send_messages(ServiceBusMessage("bad", application_properties={"kept": "yes"}))
    async with client.get_subscription_receiver(topic, "all") as receiver:
        (message,) = await take(receiver)
        await receiver.dead_letter_message(message, reason="why", error_description="because")
    async with client.get_subscription_receiver(
        topic, "all", sub_queue=ServiceBusSubQueue.DEAD_LETTER
    ) as dead:
        (buried,) = await take(dead)
        assert (buried.dead_letter_reason, buried.dead_letter_error_description) == (
            "why",
            "because",
        )
        assert buried.application_properties is not None
        assert buried.application_properties[b"kept"] == b"yes"
        await dead.complete_message(buried)
        assert await nothing_comes(dead)


async def test_deferred_message_waits_for_its_number(client: ServiceBusClient, queue: str) -> None:
    """A deferred message is received by its number only, and completed it is gone."""
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("later"))
        (message,) = await take(receiver)
        number = message.sequence_number
        assert number is not None
        await receiver.defer_message(message)
        assert await nothing_comes(receiver)
        (deferred,) = await receiver.receive_deferred_messages([number])
        assert str(deferred) == "later"
        await receiver.abandon_message(deferred)
        (deferred,) = await receiver.receive_deferred_messages([number])
        assert deferred.delivery_count == 1
        await receiver.complete_message(deferred)
        with pytest.raises(MessageNotFoundError):
            await receiver.receive_deferred_messages([number])


async def test_receive_and_delete_settles_at_once(client: ServiceBusClient, queue: str) -> None:
    """A message received in that mode is gone when it arrives, and has no lock."""
    await send(client, queue, "taken")
    async with client.get_queue_receiver(
        queue, receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE
    ) as receiver:
        (message,) = await take(receiver)
        assert message.locked_until_utc is None
        assert await receiver.peek_messages(10, sequence_number=1) == []


async def test_lock_that_runs_out_gives_the_message_back(
    client: ServiceBusClient, queue: str, broker: ServiceBusProcess
) -> None:
    """Locks hold for real time, whatever the stack clock does; then the delivery is counted."""
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("held"))
        (message,) = await take(receiver)
        assert message.locked_until_utc is not None
        left = message.locked_until_utc - datetime.now(UTC)
        assert timedelta(0) < left <= timedelta(seconds=LOCK_SECONDS)
        broker.advance(60)
        await receiver.renew_message_lock(message)
        (returned,) = await take(receiver)
        assert returned.delivery_count == 1
        with pytest.raises(MessageLockLostError):
            await receiver.renew_message_lock(message)
        late = copy.copy(message)
        # The client refuses by its own clock first; what counts is the broker's answer.
        late._expiry = datetime.now(UTC) + timedelta(hours=1)  # noqa: SLF001 - no other way
        with pytest.raises(MessageLockLostError):
            await receiver.complete_message(late)
        await receiver.complete_message(returned)


async def test_renewed_lock_holds(client: ServiceBusClient, queue: str) -> None:
    """While its lock is renewed a message stays with its receiver beyond the lock duration."""
    async with opened(client, queue) as (sender, receiver), AutoLockRenewer() as renewer:
        await sender.send_messages(ServiceBusMessage("long work"))
        (message,) = await take(receiver)
        first_end = message.locked_until_utc
        assert first_end is not None
        renewer.register(receiver, message, max_lock_renewal_duration=30)
        while datetime.now(UTC) < first_end + timedelta(seconds=LOCK_SECONDS / 2):
            assert await nothing_comes(receiver)
        await receiver.complete_message(message)


async def test_competing_receivers_share_the_work(client: ServiceBusClient, queue: str) -> None:
    """Two receivers of one queue never get the same message, and both get some."""
    names = [f"m-{number}" for number in range(40)]
    shares: list[list[str]] = [[], []]

    async def work(share: list[str]) -> None:
        async with client.get_queue_receiver(queue) as receiver:
            while sum(map(len, shares)) < len(names):
                for message in await receiver.receive_messages(2, max_wait_time=0.5):
                    share.append(str(message))
                    await receiver.complete_message(message)

    await asyncio.gather(send(client, queue, *names), *(work(share) for share in shares))
    assert sorted(shares[0] + shares[1]) == sorted(names)
    assert all(shares)


async def test_credit_is_honoured(client: ServiceBusClient, queue: str) -> None:
    """A client gets as many messages as it asked for and no more."""
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages([ServiceBusMessage(str(number)) for number in range(20)])
        asked = await receiver.receive_messages(6, max_wait_time=LONG_ENOUGH)
        assert bodies(asked) == [str(number) for number in range(6)]
        async with client.get_queue_receiver(queue) as other:
            assert bodies(await take(other, 14)) == [str(number) for number in range(6, 20)]


async def test_waiting_receiver_is_served_at_once(client: ServiceBusClient, queue: str) -> None:
    """A receiver that waits on an empty queue gets the next message sent."""
    async with opened(client, queue) as (sender, receiver):
        waiting = asyncio.create_task(receiver.receive_messages(1, max_wait_time=LONG_ENOUGH))
        assert await receiver.peek_messages(1) == []
        await sender.send_messages(ServiceBusMessage("news"))
        assert bodies(await waiting) == ["news"]


async def test_closing_receiver_releases_uncounted(client: ServiceBusClient, queue: str) -> None:
    """Messages that a closing client never handed to its caller come back uncounted, at once."""
    await send(client, queue, "prefetched-1", "prefetched-2", "prefetched-3")
    async with client.get_queue_receiver(queue, prefetch_count=10) as greedy:
        (message,) = await take(greedy)
        await greedy.complete_message(message)
    async with client.get_queue_receiver(queue) as receiver:
        back = await take(receiver, 2)
        assert bodies(back) == ["prefetched-2", "prefetched-3"]
        assert [message.delivery_count for message in back] == [0, 0]
