"""Shared access signatures, and what a connection may reach with those it was given.

The form of the token is that of
https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas
"""

import hmac
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qsl, unquote_plus

from local.servicebus.refusals import UnauthorizedError
from local.servicebus.topology import entity_path

_SCHEME = "SharedAccessSignature "


@dataclass(frozen=True)
class Key:
    """The one rule of the namespace. It grants everything, to whoever holds its key."""

    name: str
    secret: str


def check_token(token: str, audience: str, key: Key, *, real_now: float) -> float:
    """Check that a token was signed with the key, is in date and covers the audience.

    Returns:
        When the token expires, in seconds since the epoch.

    Raises:
        UnauthorizedError: it is none of these, and the message says which.
    """
    if not token.startswith(_SCHEME):
        raise UnauthorizedError("MalformedToken: The token is no shared access signature.")
    fields = _raw_fields(token.removeprefix(_SCHEME))
    values = {name: unquote_plus(raw) for name, raw in fields.items()}
    if set(values) != {"sr", "sig", "se", "skn"} or not values["se"].isdigit():
        raise UnauthorizedError("MalformedToken: The token lacks sr, sig, se or skn.")
    signature = _sign(f"{fields['sr']}\n{fields['se']}", key.secret)
    if values["skn"] != key.name or not hmac.compare_digest(
        signature.encode(), values["sig"].encode()
    ):
        raise UnauthorizedError("InvalidSignature: The token has an invalid signature.")
    expires = float(values["se"])
    if expires <= real_now:
        raise UnauthorizedError("ExpiredToken: The token is expired.")
    if not _covers(entity_path(values["sr"]), entity_path(audience)):
        raise UnauthorizedError("InvalidAudience: The token does not cover the audience.")
    return expires


class Claims:
    """What one connection may reach, and until when."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def grant(self, audience: str, until: float) -> None:
        """Note that a valid token for this audience was put, in date until then."""
        self._until[entity_path(audience)] = until

    def require(self, path: str, *, real_now: float) -> None:
        """Make sure that a token in date covers this entity.

        Raises:
            UnauthorizedError: none does.
        """
        if not any(
            until > real_now and _covers(scope, path) for scope, until in self._until.items()
        ):
            raise UnauthorizedError(
                "Unauthorized access. 'Send,Listen' claim(s) are required to perform this "
                f"operation. Resource: '{path}'."
            )


def _raw_fields(text: str) -> dict[str, str]:
    """The fields with their values still quoted, as they were signed."""
    parsed = dict(parse_qsl(text, keep_blank_values=True))
    raw = dict(pair.split("=", 1) for pair in text.split("&") if "=" in pair)
    return raw if raw.keys() == parsed.keys() else {}


def _sign(text: str, secret: str) -> str:
    return b64encode(hmac.digest(secret.encode(), text.encode(), sha256)).decode()


def _covers(scope: str, path: str) -> bool:
    return not scope or path == scope or path.startswith(f"{scope}/")
