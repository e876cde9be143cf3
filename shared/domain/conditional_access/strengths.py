"""Authentication strengths: which combinations of methods reach one.

https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy
"""

from dataclasses import dataclass, field
from typing import Final

SINGLE_FACTORS: Final = frozenset(
    {
        "password",
        "sms",
        "voice",
        "email",
        "softwareoath",
        "hardwareoath",
        "qrcodepin",
        "microsoftauthenticatorpush",
        "x509certificatesinglefactor",
        "federatedsinglefactor",
    }
)
"""Combinations, in small letters, of which a strength is no MFA, whatever else it allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """An authentication strength.

    Attributes:
        strength_id: Graph's id of it.
        name: what people call it.
        combinations: what reaches it, by Graph's names in small letters, the parts of each sorted.
        is_mfa: whether it satisfies a requirement of MFA, as Graph says; None where it does not
            say, or says something new.
        doubtful: those of the combinations that reach it with some people's methods only (such as
            certificates of certain issuers), so that nobody can tell.
        keys: the only models of passkey (AAGUIDs, in small letters) that reach it; None for any.
    """

    strength_id: str
    name: str
    combinations: frozenset[frozenset[str]]
    is_mfa: bool | None
    doubtful: frozenset[frozenset[str]] = frozenset()
    keys: frozenset[str] | None = field(default=None)

    @property
    def is_proven_mfa(self) -> bool:
        """Whether Graph says that it is MFA, and nothing that it allows is a single factor."""
        return self.is_mfa is True and not any(
            len(combination) == 1 and combination <= SINGLE_FACTORS
            for combination in self.combinations
        )
