"""Vendors' signatures, made as their documentation tells."""

import base64
import hmac
from datetime import UTC, datetime

from shared.application.ports.sources import SchemeName

OLD, NEW = "the-old-secret-of-tests", "the-new-secret-of-tests"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
BODY = '{"type": "joiner", "userPrincipalName": "zoë@contoso.example"}'.encode()


def signed(
    name: SchemeName, body: bytes = BODY, *, secret: str = OLD, at: datetime = NOW
) -> dict[str, str]:
    """The headers of a webhook, as the vendor's documentation tells to make them."""
    if name is SchemeName.BAMBOOHR:
        time = str(int(at.timestamp()))
        digest = hmac.digest(secret.encode(), body + time.encode(), "sha256").hex()
        return {"x-bamboohr-signature": digest, "x-bamboohr-timestamp": time}
    if name is SchemeName.ZENDESK:
        time = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        digest = base64.b64encode(
            hmac.digest(secret.encode(), time.encode() + body, "sha256")
        ).decode()
        return {
            "x-zendesk-webhook-signature": digest,
            "x-zendesk-webhook-signature-timestamp": time,
        }
    if name is SchemeName.HIBOB:
        raw = hmac.digest(secret.encode(), body, "sha512")
        return {"bob-signature": base64.b64encode(raw).decode()}
    digest = hmac.digest(secret.encode(), body, "sha256").hex()
    header = "x-personio-signature" if name is SchemeName.PERSONIO else "x-hub-signature-256"
    return {header: f"sha256={digest}"}
