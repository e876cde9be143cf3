"""The ports to who may send us events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from shared.contracts.hr_events import HrEventType
from shared.domain.contacts import ContactKind
from shared.domain.ids import SourceName


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A webhook whose signature is good.

    Attributes:
        secret: which of the source's secrets it was signed with.
        message_id: the signed id of the message.
    """

    secret: str
    message_id: str


class SignatureScheme(Protocol):
    """How a source signs."""

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Verified:
        """Check a signature over the raw bytes.

        Raises:
            InvalidSignature: it is missing, wrong, or more than five minutes old.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HrSource:
    """An HR system that may send events.

    Attributes:
        name: its name in the webhook's address.
        scheme: how it signs.
        types: the events that it may send.
        zone: the time zone of its calendar days.
        preparation: what contact data of its joiners is registered for them.
    """

    name: SourceName
    scheme: SignatureScheme
    types: frozenset[HrEventType]
    zone: ZoneInfo
    preparation: frozenset[ContactKind] = frozenset()
