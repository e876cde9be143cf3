"""The envelope of every event that leaves us: the structured JSON format of CloudEvents 1.0."""

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from shared.domain.ids import UserId

Type = TypeVar("Type", bound=str)
Data = TypeVar("Data", bound=msgspec.Struct)


class Envelope(msgspec.Struct, Generic[Type, Data], frozen=True, omit_defaults=True):
    """What all events have. Those that are about a person have a `subject`, too.

    Attributes:
        specversion: always 1.0.
        id: the same id is the same event; also the broker's message id.
        source: this system in this tenant.
        type: what happened.
        time: when it happened.
        datacontenttype: always application/json.
        data: what the event says.
    """

    specversion: str
    id: str
    source: str
    type: Type
    time: datetime
    datacontenttype: str
    data: Data


def document(
    kind: Callable[..., Envelope[Type, Data]],
    event_id: str,
    event_type: Type,
    data: Data,
    *,
    at: datetime,
    tenant_id: str,
    subject: UserId | None = None,
) -> bytes:
    """The document of an event. It depends on its arguments alone, so a repetition is the same.

    Args:
        kind: the class of the event.
        event_id: its id.
        event_type: its type.
        data: what it says.
        at: when it happened.
        tenant_id: the tenant.
        subject: the object id of the person whom it is about, where it is about one.
    """
    about = {} if subject is None else {"subject": subject}
    return msgspec.json.encode(
        kind(
            specversion="1.0",
            id=event_id,
            source=f"/mfa-lifecycle/{tenant_id}",
            type=event_type,
            time=at,
            datacontenttype="application/json",
            data=data,
            **about,
        )
    )
