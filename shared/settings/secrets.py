"""What makes a signing secret usable."""

import base64
import binascii
from collections.abc import Mapping
from typing import Final

from shared.application.ports.sources import SchemeName

LEAST_KEY_BYTES: Final = 24
"""Standard Webhooks asks for keys of 24 to 64 bytes."""

LEAST_CHARACTERS: Final = 16
"""Of a text that a vendor made or that was typed in at the vendor; it is the key as it stands."""

_PREFIX: Final = "whsec_"
_UNRESOLVED: Final = "@Microsoft.KeyVault("
"""What an app reads where Key Vault did not answer or has no such secret; everybody can guess it:
https://learn.microsoft.com/azure/app-service/app-service-key-vault-references"""
_PUBLIC: Final = frozenset({"dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="})
"""Zendesk signs test requests with this one, and its documentation says so to everybody:
https://developer.zendesk.com/documentation/webhooks/verifying/"""


def signing_secrets(
    name: str, scheme: SchemeName, environment: Mapping[str, str], problems: list[str]
) -> dict[str, str]:
    """The secrets in the settings `<name>_1` and `<name>_2`, by their number.

    Args:
        name: what the names of the settings begin with.
        scheme: what they sign by.
        environment: where the settings stand.
        problems: what is wrong goes here.
    """
    secrets: dict[str, str] = {}
    for number in ("1", "2"):
        secret = environment.get(f"{name}_{number}", "").strip()
        if not secret:
            continue
        weak = weakness(secret, scheme)
        if weak is None:
            secrets[number] = secret
        else:
            problems.append(f"{name}_{number} is wrong: it {weak}")
    return secrets


def weakness(secret: str, scheme: SchemeName) -> str | None:
    """What is wrong with a secret of a scheme, without repeating it; None where nothing is."""
    if secret.startswith(_UNRESOLVED):
        return "is a reference to Key Vault that was not resolved"
    if scheme is SchemeName.STANDARD_WEBHOOKS:
        return _weakness_of_key(secret)
    if secret in _PUBLIC:
        return "is a secret for tests that everybody knows"
    if len(secret) < LEAST_CHARACTERS:
        return f"must have at least {LEAST_CHARACTERS} characters"
    if not secret.isprintable():
        return "holds a character that can't be printed"
    return None


def _weakness_of_key(secret: str) -> str | None:
    if not secret.startswith(_PREFIX):
        return f"must begin with {_PREFIX}"
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        return f"must be base64 behind {_PREFIX}"
    if len(key) < LEAST_KEY_BYTES:
        return f"must hold at least {LEAST_KEY_BYTES} bytes"
    return None
