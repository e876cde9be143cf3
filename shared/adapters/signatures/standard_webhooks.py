"""The Standard Webhooks scheme: https://github.com/standard-webhooks/standard-webhooks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from shared.application.ports.sources import Verified
from shared.domain.errors.requests import InvalidSignature


@dataclass(frozen=True, slots=True)
class StandardWebhooks:
    """Signatures by any of the source's present secrets.

    The tolerance of five minutes is the package's own, in real time: the sender's clock does not
    follow ours.

    Attributes:
        secrets: the secrets by their number.
    """

    secrets: Mapping[str, str] = field(repr=False)

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Verified:
        """Check a signature over the raw bytes.

        Raises:
            InvalidSignature: no secret fits, a header is missing or unreadable, or it is too old.
        """
        for number, secret in self.secrets.items():
            if _fits(secret, body, headers):
                # The package has read the header as a time, to the second.
                seconds = float(headers["webhook-timestamp"])
                return Verified(
                    by=f"secret {number}", signed_at=datetime.fromtimestamp(seconds, UTC)
                )
        raise InvalidSignature("No signature of this request fits a secret of this source.")


def _fits(secret: str, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError, OverflowError):
        # The package lets unreadable text, base64 and times through as ValueError.
        return False
    return True
