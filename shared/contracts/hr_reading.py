"""How a source's webhook bodies become events: its mapping, and what it may send at all."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from shared.contracts.hr_events import (
    HrEvent,
    HrEventType,
    content_hash,
    decode_hr_event,
    statement_hash,
)
from shared.contracts.hr_mapping import EventMapping
from shared.domain.contacts import ContactKind
from shared.domain.errors.requests import InvalidEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedEvent:
    """An event as a source sent it.

    Attributes:
        event: what it says.
        key: the same key is the same event, inside its source.
        meaning: SHA-256 of what it says; the same key with another meaning is a conflict.
        statement: SHA-256 of what it says of whom and from when on; the same statement is the same
            event, inside its source, under whatever key. None where it has no date.
        zone: the time zone of its calendar days.
        preparation: what contact data of its person may be registered for them.
    """

    event: HrEvent
    key: str
    meaning: str
    statement: str | None
    zone: ZoneInfo
    preparation: frozenset[ContactKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReader:
    """Reads the bodies of one source.

    Attributes:
        types: the events that it may send.
        zone: the time zone of its calendar days.
        domains: the domains that its people's sign-in names may have, in small letters; empty
            where any will do.
        mapping: what its bodies mean; None where they are canonical events.
        preparation: what contact data of its joiners is registered for them.
    """

    types: frozenset[HrEventType]
    zone: ZoneInfo
    domains: frozenset[str] = frozenset()
    mapping: EventMapping | None = None
    preparation: frozenset[ContactKind] = frozenset()

    def read(self, body: bytes, signed_at: datetime | None) -> tuple[ReceivedEvent, ...]:
        """The events in a body; none where the vendor tells of something that is none of ours.

        All of them are checked before any is returned, so a body is taken as a whole or not at
        all.

        Args:
            body: the raw body.
            signed_at: when it was signed, where the scheme signs a time; the event's default for
                `occurredAt`.

        Raises:
            InvalidEvent: the body is no event that this source may send.
        """
        numbered: Iterable[tuple[int, HrEvent]] = (
            ((0, decode_hr_event(body)),) if self.mapping is None else self.mapping.events(body)
        )
        return tuple(self._received(event, body, number, signed_at) for number, event in numbered)

    def _received(
        self, event: HrEvent, body: bytes, number: int, signed_at: datetime | None
    ) -> ReceivedEvent:
        if event.type not in self.types:
            raise InvalidEvent(f"This source may not send events of the type {event.type}.")
        if not self._is_at_home(event):
            raise InvalidEvent("userPrincipalName is in a domain that this source may not name.")
        # Without an id of its own an event is the bytes that it came in: another signing time of a
        # repeated delivery makes no other event of it. The label keeps the two kinds apart.
        digest = hashlib.sha256(body).hexdigest()
        key = f"body:{digest}:{number}" if event.id is None else f"id:{event.id}"
        dated = event if event.occurred_at else replace(event, occurred_at=signed_at)
        return ReceivedEvent(
            event=dated,
            key=key,
            meaning=content_hash(event),
            statement=statement_hash(event),
            zone=self.zone,
            preparation=self.preparation,
        )

    def _is_at_home(self, event: HrEvent) -> bool:
        if event.user_principal_name is None or not self.domains:
            return True
        return event.user_principal_name.rpartition("@")[2].lower() in self.domains
