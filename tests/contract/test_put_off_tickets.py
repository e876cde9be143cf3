"""Tickets that are put off, over the broker: as they were, at their moment."""

from datetime import timedelta

from azure.servicebus.aio import ServiceBusClient

from shared.adapters.servicebus.namespace import Namespace
from shared.adapters.servicebus.tickets import ServiceBusTickets
from shared.contracts.envelopes import Envelope
from shared.names import Queue
from tests.stands.servicebus import ServiceBusProcess

BODY = b'{"ticketId":"INC-1"}'


async def test_a_ticket_comes_back_at_its_moment(broker: ServiceBusProcess) -> None:
    """With its own id and properties, and with the number of the attempt."""
    connection, at = broker.connection_string, broker.stack_now() + timedelta(hours=1)
    sent = Envelope(
        message_id="copy-1", enqueued_at=at, properties={"webhook-id": "copy-1"}, attempt=2
    )
    async with Namespace.from_connection_string(connection) as namespace:
        sender = namespace.queue_sender(Queue.RESETS, limit=timedelta(seconds=20))
        await ServiceBusTickets(sender).send(BODY, sent)
    async with (
        ServiceBusClient.from_connection_string(connection) as client,
        client.get_queue_receiver(Queue.RESETS) as queue,
    ):
        assert await queue.receive_messages(1, max_wait_time=0.5) == []
        broker.advance(3601)
        (message,) = await queue.receive_messages(1, max_wait_time=20)
        await queue.complete_message(message)
    assert (message.message_id, b"".join(message.body)) == ("copy-1", BODY)
    assert message.application_properties == {b"webhook-id": b"copy-1", b"attempt": 2}
    assert message.enqueued_time_utc is not None
    # Its signature is as of this moment, and may be five minutes off.
    assert abs(message.enqueued_time_utc - at) < timedelta(minutes=1)
