"""How to reach a person outside of their account: what preparation registers, and then forgets."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.domain.ids import EmployeeId


class ContactKind(StrEnum):
    """What can be registered for a person before they sign in for the first time."""

    EMAIL = "email"
    """For self-service password reset only; it never satisfies MFA."""
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person's contact data. It stands in no representation, so that no log line can hold it.

    Attributes:
        mobile: a phone number in Graph's format; None where there is none that can be used.
        email: an e-mail address.
    """

    mobile: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)

    def value(self, kind: ContactKind) -> str | None:
        """What there is of a kind."""
        match kind:
            case ContactKind.MOBILE:
                return self.mobile
            case ContactKind.EMAIL:
                return self.email


@dataclass(frozen=True, slots=True)
class NoContact:
    """Nothing is kept for this case (any more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What tells an account that nobody has used yet, read at once and by object id.

    Attributes:
        created_at: when the account was made; None where the directory does not tell.
        employee_id: the HR number that the account bears.
        has_signed_in: whether anybody ever signed in, or tried to; the directory may take a day to
            tell.
        password_changed_at: when the password was made or last changed; None where the directory
            does not tell.
    """

    created_at: datetime | None
    employee_id: EmployeeId | None
    has_signed_in: bool
    password_changed_at: datetime | None


def is_within(email: str, domains: frozenset[str]) -> bool:
    """Whether a mailbox lies in one of these domains or below one of them."""
    labels = email.rpartition("@")[2].casefold().rstrip(".").split(".")
    above = {".".join(labels[start:]) for start in range(len(labels))}
    return not above.isdisjoint(domain.casefold() for domain in domains)
