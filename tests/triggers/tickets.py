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
        Received(body, dict(properties or {}), message_id, enqueued_at)
    )


class Received(ServiceBusMessage):
    """A message as the library hands it to a function: without offsets in its times."""

    def __init__(
        self, body: bytes, properties: dict[str, Any], message_id: str, enqueued_at: datetime
    ) -> None:
        super().__init__(body=body)
        self._properties, self._id, self._at = properties, message_id, enqueued_at

    @property
    def delivery_count(self) -> int:
        """The first delivery."""
        return 1

    @property
    def message_id(self) -> str:
        """What the sender chose."""
        return self._id

    @property
    def application_properties(self) -> dict[str, Any]:
        """What the sender added."""
        return self._properties

    @property
    def enqueued_time_utc(self) -> datetime:
        """When it came."""
        return self._at.replace(tzinfo=None)
