"""Blocking an account, and lifting the block."""

from dataclasses import dataclass
from typing import ClassVar, Final

from shared.domain.accounts import NoAccount
from shared.domain.authentication import Unknown
from shared.domain.facts import Fact, Facts
from shared.domain.people.rulings import Impact

_BLOCKED: Final = "blocked"
_OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class BlockSignIn:
    """Nobody signs in to the account any more (Graph: `accountEnabled`)."""

    action: ClassVar = "block-sign-in"
    target: ClassVar = _BLOCKED
    impact: ClassVar = Impact.CONTAIN
    proof: ClassVar = Fact.SIGN_IN

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        return _seen(facts)

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == _BLOCKED


@dataclass(frozen=True, slots=True)
class UnblockSignIn:
    """The account is let in again. Only a block of the case's own is lifted."""

    action: ClassVar = "unblock-sign-in"
    target: ClassVar = _OPEN
    impact: ClassVar = Impact.READMIT
    proof: ClassVar = Fact.SIGN_IN

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        return _seen(facts)

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == _OPEN


def _seen(facts: Facts) -> str | Unknown | None:
    match facts.sign_in:
        case None:
            return None
        case NoAccount():
            return Unknown("The directory does not show the person.")
        case sign_in:
            return _OPEN if sign_in.open else _BLOCKED
