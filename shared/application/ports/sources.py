"""The ports to who may send us events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from shared.domain.ids import SourceName

Item = TypeVar("Item", covariant=True)  # noqa: PLC0105  (the one name that it has everywhere)
"""What a source tells of: HR events, or tickets."""


class SchemeName(StrEnum):
    """How a source proves that a webhook is its own."""

    STANDARD_WEBHOOKS = "standard-webhooks"
    BAMBOOHR = "bamboohr"
    HIBOB = "hibob"
    PERSONIO = "personio"
    HUB_SIGNATURE = "x-hub-signature"
    """GitHub, Jira Cloud, and whoever follows them."""
    ZENDESK = "zendesk"
    ENTRA_PRINCIPAL = "entra-principal"
    """No signature: a token of Entra ID, checked by App Service Authentication."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A webhook that is its source's own.

    Attributes:
        by: what proved it: `secret` and the number of the one that it was signed with, or
            `principal` and who called.
        signed_at: when it was signed; None where the scheme signs no time.
    """

    by: str
    signed_at: datetime | None = None


class SignatureScheme(Protocol):
    """How a source signs."""

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Verified:
        """Check a signature over the raw bytes.

        Raises:
            InvalidSignature: it is missing, wrong, or more than five minutes old.
        """
        ...


class Volumes(Protocol):
    """How many new events each source has sent in a day."""

    async def take(self, source: SourceName, day: date, most: int) -> bool:
        """Count one more event of the source on this day.

        It may count an event twice whose answer was lost or that could not be stored after it, and
        never passes over one.

        Returns:
            False where the day has had `most` of them; then nothing is counted.

        Raises:
            StoreUnavailable: it could not be counted.
        """
        ...


class Reader(Protocol[Item]):
    """Reads the bodies of a source."""

    def read(self, body: bytes, signed_at: datetime | None) -> tuple[Item, ...]:
        """The items of a body; none where the vendor tells of something that is none of ours.

        Args:
            body: the raw body.
            signed_at: when it was signed, where the scheme signs a time.

        Raises:
            InvalidEvent: the body is nothing that this source may send.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Generic[Item]):
    """A system that may send webhooks.

    Attributes:
        name: its name in the webhook's address.
        scheme: how it proves who it is.
        reader: reads its bodies.
        daily_volume: how many new items it may send in a day (UTC); None where any number.
        domains: those in which it may have accounts touched, in small letters; empty where any
            will do.
    """

    name: SourceName
    scheme: SignatureScheme
    reader: Reader[Item]
    daily_volume: int | None = None
    domains: frozenset[str] = frozenset()
