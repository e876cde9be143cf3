"""Blocking an account, and lifting the block."""

from dataclasses import dataclass
from typing import ClassVar, Final

from shared.domain.accounts import NoAccount
from shared.domain.authentication import Unknown
from shared.domain.facts import Fact, Facts
from shared.domain.people.rulings import Impact

_BLOCKED: Final = "blocked"
_OPEN: Final = "open"


class _SignIn:
    """What blocking and letting in have in common: the same reading proves both."""

    proof: ClassVar = Fact.SIGN_IN
    target: ClassVar[str]

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        match facts.sign_in:
            case None:
                return None
            case NoAccount():
                return Unknown("The directory does not show the person.")
            case sign_in:
                return _OPEN if sign_in.open else _BLOCKED

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == self.target


@dataclass(frozen=True)
class BlockSignIn(_SignIn):
    """Nobody signs in to the account any more (Graph: `accountEnabled`)."""

    action: ClassVar = "block-sign-in"
    target: ClassVar[str] = _BLOCKED
    impact: ClassVar = Impact.CONTAIN


@dataclass(frozen=True)
class UnblockSignIn(_SignIn):
    """The account is let in again. Only a block of the case's own is lifted."""

    action: ClassVar = "unblock-sign-in"
    target: ClassVar[str] = _OPEN
    impact: ClassVar = Impact.READMIT
