"""Events to whoever subscribed, over a Service Bus topic."""

from typing import Any

from azure.servicebus import ServiceBusMessage

from shared.adapters.servicebus.group_sender import GroupSender
from shared.application.ports.messages import OutgoingEvent


class ServiceBusEvents:
    """The `Events` port on a Service Bus topic: CloudEvents 1.0, structured mode.

    The event's id is the broker's message id, so that duplicate detection drops a repetition.
    """

    def __init__(self, sender: GroupSender) -> None:
        self._sender = sender

    async def publish(self, events: tuple[OutgoingEvent, ...]) -> None:
        """Publish these events, in order, in one batch where they fit."""
        if events:
            await self._sender.send(*map(_message, events))


def _message(event: OutgoingEvent) -> ServiceBusMessage:
    properties: dict[str | bytes, Any] = {"type": event.event_type, "kind": event.kind}
    if event.ticket_id is not None:
        properties["ticketId"] = event.ticket_id
    if event.ticket_system is not None:
        properties["ticketSystem"] = event.ticket_system
    return ServiceBusMessage(
        event.body,
        message_id=event.event_id,
        content_type="application/cloudevents+json",
        application_properties=properties,
    )
