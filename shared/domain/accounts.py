"""What the directory says about a person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from shared.domain.ids import EmployeeId, UserId, UserPrincipalName


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account in the directory.

    Attributes:
        user_id: its object id.
        enabled: False where sign-in is blocked.
        guest: True for a guest of another organisation.
        employee_id: the HR number that the directory holds, where it holds one.
        created_at: when the account was made; None where the directory does not tell.
        service: True for an account that directory synchronisation made for itself.
        name: its sign-in name; None where nobody asked for it.
        sessions_valid_from: since when its sessions are valid; None where nobody asked for it.
    """

    user_id: UserId
    enabled: bool
    guest: bool
    employee_id: EmployeeId | None
    created_at: datetime | None = None
    service: bool = False
    name: UserPrincipalName | None = None
    sessions_valid_from: datetime | None = None

    def is_called(self, name: UserPrincipalName) -> bool:
        """Whether this is its sign-in name, which no other account bears; case does not count."""
        return self.name is not None and self.name.casefold() == name.casefold()

    def is_in(self, domains: Collection[str]) -> bool:
        """Whether its sign-in name is in one of these domains, in small letters, itself."""
        return self.name is not None and self.name.rpartition("@")[2].lower() in domains


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInState:
    """What decides whether somebody can sign in with the password.

    Attributes:
        open: False where sign-in is blocked.
        password_changed_at: when the password was last changed; None where the directory does not
            tell.
    """

    open: bool
    password_changed_at: datetime | None


class BlockedBy(Enum):
    """By whose doing an account is blocked."""

    US = "us"
    OTHERS = "others"
    """Also where we have, too."""
    NOBODY_YET = "nobody-yet"
    """The log shows nobody; it lags by minutes."""


@dataclass(frozen=True, slots=True)
class OwnIdentity:
    """Who we are to the directory.

    Attributes:
        names: the application's id and the object id of its service principal, in small letters.
    """

    names: frozenset[str]

    def is_called(self, name: str | None) -> bool:
        """Whether this is one of our ids."""
        return name is not None and name.casefold() in self.names


@dataclass(frozen=True, slots=True)
class NoAccount:
    """The directory answered, and it has no such account (yet)."""
