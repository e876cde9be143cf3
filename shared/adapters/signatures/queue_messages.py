"""Signatures of queue messages: Standard Webhooks over the body, in application properties."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from standardwebhooks.webhooks import Webhook

from shared.adapters.signatures.hmac_signature import TOLERANCE
from shared.contracts.envelopes import Envelope
from shared.domain.errors.requests import InvalidSignature

_ID, _TIME, _SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_SECONDS: Final = re.compile("[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class StandardQueueSignatures:
    """The port `QueueSignatures`.

    Attributes:
        secrets: the present secrets by their number.
        required: whether every ticket has to be signed.
    """

    secrets: Mapping[str, str] = field(repr=False)
    required: bool = False

    def verify(self, body: bytes, envelope: Envelope) -> str | None:
        """The number of the secret that a message was signed with; None where nobody signed it.

        Raises:
            InvalidSignature: it is signed wrongly, or not at all where it has to be.
        """
        found = {name: envelope.properties.get(name) for name in (_ID, _TIME, _SIGNATURE)}
        if not any(found.values()):
            if self.required:
                raise InvalidSignature("The message is not signed.")
            return None
        written, signatures = found[_TIME] or "", (found[_SIGNATURE] or "").split(" ")
        if not found[_ID] or found[_ID] != envelope.message_id:
            raise InvalidSignature(f"The property {_ID} is not the id of the message.")
        signed_at = _moment(written)
        if envelope.enqueued_at is None or abs(envelope.enqueued_at - signed_at) > TOLERANCE:
            # The time of work says nothing: a ticket may wait in the queue for days.
            raise InvalidSignature("It was signed more than five minutes off its enqueuing.")
        for number, secret in self.secrets.items():
            expected = _signature(secret, found[_ID] or "", signed_at, body).encode()
            if any(hmac.compare_digest(expected, one.encode()) for one in signatures):
                return number
        raise InvalidSignature("No signature of this message fits a secret of the queue.")

    def signed(self, body: bytes, envelope: Envelope, number: str) -> Envelope:
        """The envelope with a signature by the secret of this number, as of its enqueuing."""
        at = (envelope.enqueued_at or datetime.now(UTC)).replace(microsecond=0)
        signature = _signature(self.secrets[number], envelope.message_id or "", at, body)
        proof = {_ID: envelope.message_id or "", _TIME: str(int(at.timestamp()))}
        return replace(envelope, properties={**envelope.properties, **proof, _SIGNATURE: signature})


def _moment(written: str) -> datetime:
    try:
        if _SECONDS.fullmatch(written):
            return datetime.fromtimestamp(int(written), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise InvalidSignature(f"The property {_TIME} is missing or no time.")


def _signature(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    try:
        return Webhook(secret).sign(message_id, at, body.decode())
    except UnicodeDecodeError as error:
        raise InvalidSignature("The body is not UTF-8, so nobody can have signed it.") from error
