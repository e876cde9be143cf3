"""How each vendor signs, with the source of the fact."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from shared.adapters.signatures.hmac_signature import Recipe, SignedTime
from shared.application.ports.sources import SchemeName

_SECONDS: Final = re.compile("[0-9]{1,12}")


def _unix_seconds(written: str) -> datetime:
    if not _SECONDS.fullmatch(written):
        raise ValueError("that is no number of seconds")
    return datetime.fromtimestamp(int(written), UTC)


def _rfc3339(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("that has no offset")
    return moment


RECIPES: Final[Mapping[SchemeName, Recipe]] = {
    # https://documentation.bamboohr.com/docs/webhooks: body and time, in this order.
    SchemeName.BAMBOOHR: Recipe(
        headers=("x-bamboohr-signature",),
        algorithm="sha256",
        encoding="hex",
        time=SignedTime(header="x-bamboohr-timestamp", parse=_unix_seconds, place="after-body"),
    ),
    # https://apidocs.hibob.com/docs/working-with-webhooks
    SchemeName.HIBOB: Recipe(headers=("bob-signature",), algorithm="sha512", encoding="base64"),
    # Personio's own pages describe no signature; this is what its integrators verify.
    SchemeName.PERSONIO: Recipe(
        headers=("x-personio-signature",),
        algorithm="sha256",
        encoding="hex",
        prefixes=("sha256=", ""),
    ),
    # https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
    # https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks
    # GitHub's own X-Hub-Signature is SHA-1; it is passed over where the other header is there, and
    # refused where it is not.
    SchemeName.HUB_SIGNATURE: Recipe(
        headers=("x-hub-signature-256", "x-hub-signature"),
        algorithm="sha256",
        encoding="hex",
        prefixes=("sha256=",),
    ),
    # https://developer.zendesk.com/documentation/webhooks/verifying/: time and body, in this order.
    SchemeName.ZENDESK: Recipe(
        headers=("x-zendesk-webhook-signature",),
        algorithm="sha256",
        encoding="base64",
        time=SignedTime(
            header="x-zendesk-webhook-signature-timestamp", parse=_rfc3339, place="before-body"
        ),
    ),
}
