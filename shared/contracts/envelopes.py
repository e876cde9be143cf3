"""What stands around the body of a queue message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a queue message says beside its body.

    Attributes:
        message_id: the broker's id of it, which its sender may choose.
        enqueued_at: when it came into the queue, or is to.
        properties: its application properties that are texts or whole numbers, as text.
        attempt: how often a ticket was put off.
    """

    message_id: str | None = None
    enqueued_at: datetime | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    attempt: int = 0
