"""Tickets that are put off, over the Service Bus queue that they came on."""

from typing import Any

from azure.servicebus import ServiceBusMessage

from shared.adapters.servicebus.group_sender import GroupSender
from shared.contracts.envelopes import Envelope

ATTEMPT = "attempt"
"""The application property that counts how often a ticket was put off."""


class ServiceBusTickets:
    """The `Tickets` port on a Service Bus queue.

    Args:
        sender: to the queue of tickets.
    """

    def __init__(self, sender: GroupSender) -> None:
        self._sender = sender

    async def send(self, body: bytes, envelope: Envelope) -> None:
        """Send a ticket, to come into the queue at the envelope's moment."""
        properties: dict[str | bytes, Any] = {ATTEMPT: envelope.attempt}
        properties.update(envelope.properties)
        await self._sender.send(
            ServiceBusMessage(
                body,
                message_id=envelope.message_id,
                content_type="application/json",
                application_properties=properties,
                scheduled_enqueue_time_utc=envelope.enqueued_at,
            )
        )
