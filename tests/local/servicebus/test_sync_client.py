"""The synchronous official client drives the same broker."""

from datetime import timedelta

import pytest
from azure.servicebus import (
    AutoLockRenewer,
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusReceiveMode,
    ServiceBusSubQueue,
)
from azure.servicebus.exceptions import MessagingEntityNotFoundError, ServiceBusAuthenticationError

from tests.local.servicebus.exchange import LONG_ENOUGH, SHORT, bodies
from tests.stands.servicebus import KEY, ServiceBusProcess


def test_a_message_through_its_whole_life(broker: ServiceBusProcess, queue: str) -> None:
    """Send, batch, schedule, cancel, receive, renew, settle in every way, peek."""
    with (
        ServiceBusClient.from_connection_string(broker.connection_string, retry_total=0) as client,
        client.get_queue_sender(queue) as sender,
        client.get_queue_receiver(queue) as receiver,
        AutoLockRenewer() as renewer,
    ):
        sender.send_messages(ServiceBusMessage("to complete"))
        sender.send_messages(
            [ServiceBusMessage(f"to {what}") for what in ("abandon", "bury", "defer")]
        )
        due = broker.stack_now() + timedelta(hours=1)
        sender.schedule_messages(ServiceBusMessage("scheduled"), due)
        sender.cancel_scheduled_messages(
            sender.schedule_messages(ServiceBusMessage("cancelled"), due)
        )
        messages = receiver.receive_messages(10, max_wait_time=LONG_ENOUGH)
        assert bodies(messages) == ["to complete", "to abandon", "to bury", "to defer"]
        complete, abandon, bury, defer = messages
        renewer.register(receiver, complete)
        receiver.renew_message_lock(complete)
        receiver.complete_message(complete)
        receiver.dead_letter_message(bury, reason="why", error_description="because")
        receiver.defer_message(defer)
        receiver.abandon_message(abandon)
        (again,) = receiver.receive_messages(10, max_wait_time=LONG_ENOUGH)
        assert (str(again), again.delivery_count) == ("to abandon", 1)
        receiver.complete_message(again)
        peeked = receiver.peek_messages(10, sequence_number=1)
        assert bodies(peeked) == ["to defer", "scheduled"]
        assert defer.sequence_number is not None
        (deferred,) = receiver.receive_deferred_messages(defer.sequence_number)
        receiver.complete_message(deferred)
        broker.advance(3600)
        (scheduled,) = receiver.receive_messages(10, max_wait_time=LONG_ENOUGH)
        receiver.complete_message(scheduled)
        assert receiver.receive_messages(1, max_wait_time=SHORT) == []
        with client.get_queue_receiver(
            queue,
            sub_queue=ServiceBusSubQueue.DEAD_LETTER,
            receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE,
        ) as dead:
            (buried,) = dead.receive_messages(10, max_wait_time=LONG_ENOUGH)
            assert (str(buried), buried.dead_letter_reason) == ("to bury", "why")


def test_streaming_from_a_subscription(broker: ServiceBusProcess, topic: str) -> None:
    """Iterating over a receiver gives the messages until none came for a while."""
    with ServiceBusClient.from_connection_string(broker.connection_string) as client:
        with client.get_topic_sender(topic) as sender:
            sender.send_messages([ServiceBusMessage(str(number)) for number in range(3)])
        with client.get_subscription_receiver(topic, "siem", max_wait_time=1) as receiver:
            received = []
            for message in receiver:
                received.append(str(message))
                receiver.complete_message(message)
        assert received == ["0", "1", "2"]


def test_refusals(broker: ServiceBusProcess, queue: str) -> None:
    """An unknown queue and a wrong key give the same errors as with the other client."""
    with (
        ServiceBusClient.from_connection_string(broker.connection_string, retry_total=0) as client,
        pytest.raises(MessagingEntityNotFoundError),
        client.get_queue_sender("no-such-queue") as sender,
    ):
        sender.send_messages(ServiceBusMessage("lost"))
    wrong = broker.connection_string.replace(KEY, "wrong")
    with (
        ServiceBusClient.from_connection_string(wrong, retry_total=0) as client,
        pytest.raises(ServiceBusAuthenticationError),
        client.get_queue_receiver(queue) as receiver,
    ):
        receiver.receive_messages(1, max_wait_time=SHORT)
