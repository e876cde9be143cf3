"""Tickets as ticketing systems send them, and the worker that gets them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from azure.functions.servicebus import ServiceBusMessage
from standardwebhooks.webhooks import Webhook

from shared.names import FunctionName
from tests.triggers.deployment import QUEUE_SECRET, Deployment

TICKET: Final = {
    "ticketId": "INC-1",
    "userPrincipalName": "robin@contoso.example",
    "reason": "lost",
    "requestedBy": "Robin Example",
    "verification": {"by": "kim@contoso.example", "method": "callback"},
}
SENT_AT: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def ticket(**changes: object) -> bytes:
    """A ticket; a field that is changed to None is left out."""
    fields = TICKET | changes
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()


def proof(
    body: bytes, *, secret: str = QUEUE_SECRET, at: datetime = SENT_AT, message_id: str = "m-1"
) -> dict[str, Any]:
    """The application properties by which a sender signs."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
    }


async def enqueue(
    app: Deployment,
    body: bytes,
    properties: Mapping[str, Any] | None = None,
    *,
    message_id: str = "m-1",
    enqueued_at: datetime = SENT_AT,
) -> None:
    """Deliver a message to the worker of the queue, as the host would."""
    await app.functions[FunctionName.RESETS_WORKER](
        ServiceBusMessage(
            body=body,
            application_properties=dict(properties or {}),
            user_properties=dict(properties or {}),
            message_id=message_id,
            delivery_count=1,
            # The host leaves the offset out.
            enqueued_time_utc=enqueued_at.replace(tzinfo=None),
        )
    )
