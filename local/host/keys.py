"""Function keys: who may call what, at the levels anonymous, function and admin."""

import hmac
from dataclasses import dataclass
from enum import StrEnum


class AuthLevel(StrEnum):
    """What a caller must hold; the names of the HTTP trigger's `authLevel`."""

    ANONYMOUS = "anonymous"
    FUNCTION = "function"
    ADMIN = "admin"


def _same(given: str, expected: str) -> bool:
    # A header may hold bytes that are no text; they match no key.
    return hmac.compare_digest(given.encode(errors="surrogateescape"), expected.encode())


@dataclass(frozen=True)
class Keys:
    """The two keys of the local host.

    Args:
        function: opens functions of level `function`.
        master: opens everything.
    """

    function: str
    master: str

    def open(self, level: AuthLevel, given: str) -> bool:
        """Whether this key opens this level. Takes equally long for any wrong key of a length."""
        is_master = _same(given, self.master)
        is_function = _same(given, self.function)
        match level:
            case AuthLevel.ANONYMOUS:
                return True
            case AuthLevel.FUNCTION:
                return is_master or is_function
            case AuthLevel.ADMIN:
                return is_master
