"""What makes a signing secret usable."""

import base64
import binascii
from typing import Final

LEAST_KEY_BYTES: Final = 24
"""Standard Webhooks asks for keys of 24 to 64 bytes."""

_PREFIX: Final = "whsec_"


def weakness(secret: str) -> str | None:
    """What is wrong with a secret, without repeating it; None where nothing is."""
    if not secret.startswith(_PREFIX):
        return f"must begin with {_PREFIX}"
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        return f"must be base64 behind {_PREFIX}"
    if len(key) < LEAST_KEY_BYTES:
        return f"must hold at least {LEAST_KEY_BYTES} bytes"
    return None
