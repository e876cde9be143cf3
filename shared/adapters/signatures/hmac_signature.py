"""Signatures in a header: a keyed hash of the raw body, with or without a signed time."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from shared.application.ports.sources import Verified
from shared.domain.errors.requests import InvalidSignature

TOLERANCE: Final = timedelta(minutes=5)
"""How old a signed time may be, and how far ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedTime:
    """The time that a vendor signs with the body.

    Attributes:
        header: where it stands, in small letters.
        parse: reads it; raises ValueError or OverflowError where it is no time.
        place: where it stands in what is signed, with nothing in between.
    """

    header: str
    parse: Callable[[str], datetime]
    place: Literal["before-body", "after-body"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a vendor signs.

    Attributes:
        headers: where the signature stands, in small letters; the first one that is there counts.
        algorithm: the hash, by its name in `hashlib`.
        encoding: how the signature is written.
        prefixes: what may stand before it.
        time: the time that is signed, where there is one.
    """

    headers: tuple[str, ...]
    algorithm: Literal["sha256", "sha512"]
    encoding: Literal["hex", "base64"]
    prefixes: tuple[str, ...] = ("",)
    time: SignedTime | None = None


def _real_time() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class HmacSignature:
    """The port `SignatureScheme`, by a vendor's recipe.

    Attributes:
        recipe: how the vendor signs.
        secrets: the source's present secrets by their number.
        now: what time it is; real time, because the sender's clock does not follow ours.
    """

    recipe: Recipe
    secrets: Mapping[str, str] = field(repr=False)
    now: Callable[[], datetime] = _real_time

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Verified:
        """Check a signature over the raw bytes.

        Raises:
            InvalidSignature: no secret fits, a header is missing or unreadable, or it is too old.
        """
        given = self._signature(headers)
        signed_at, message = self._signed(body, headers)
        for number, secret in self.secrets.items():
            # Both are compared as they are written, so no second spelling of a signature is good.
            if hmac.compare_digest(self._expected(secret, message), given.encode(errors="replace")):
                return Verified(by=f"secret {number}", signed_at=signed_at)
        raise InvalidSignature("No signature of this request fits a secret of this source.")

    def _signature(self, headers: Mapping[str, str]) -> str:
        for name in self.recipe.headers:
            value = headers.get(name)
            if value is None:
                continue
            for prefix in self.recipe.prefixes:
                if value.startswith(prefix):
                    return value.removeprefix(prefix)
            raise InvalidSignature(f"The header {name} is not written as this scheme has it.")
        raise InvalidSignature(f"The header {self.recipe.headers[0]} is missing.")

    def _signed(self, body: bytes, headers: Mapping[str, str]) -> tuple[datetime | None, bytes]:
        time = self.recipe.time
        if time is None:
            return None, body
        written = headers.get(time.header, "")
        try:
            signed_at = time.parse(written)
            recent = abs(self.now() - signed_at) <= TOLERANCE
            octets = written.encode()
        except (ValueError, OverflowError) as error:
            raise InvalidSignature(f"The header {time.header} is missing or no time.") from error
        if not recent:
            raise InvalidSignature("The request was signed more than five minutes ago or ahead.")
        return signed_at, octets + body if time.place == "before-body" else body + octets

    def _expected(self, secret: str, message: bytes) -> bytes:
        digest = hmac.new(secret.encode(), message, getattr(hashlib, self.recipe.algorithm))
        if self.recipe.encoding == "hex":
            return digest.hexdigest().encode()
        return base64.b64encode(digest.digest())
