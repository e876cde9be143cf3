"""The port to whether people can sign in."""

from datetime import datetime
from typing import Protocol

from shared.domain.accounts import BlockedBy, NoAccount, SignInState
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.answers import LegacyAccess
from shared.domain.ids import UserId


class SignIns(Protocol):
    """Whether people can sign in, and by whose doing they can't."""

    async def state(self, user: UserId) -> SignInState | NoAccount:
        """Whether the person can sign in, and when their password was last changed, live."""
        ...

    async def blocked_by(
        self, user: UserId, since: datetime, until: datetime | None = None
    ) -> BlockedBy | Unknown:
        """Who has blocked the account since then, by the directory's audit log.

        `Unknown` where the log can't be read.

        Args:
            user: whose account.
            since: from when on.
            until: till when; None for all that the log has.
        """
        ...


class RegistrationGuards(Protocol):
    """Whether registering takes more than the password."""

    async def guarded(self, user: UserId) -> bool | Unknown:
        """Whether policies keep who merely holds the person's password from registering.

        True only where that is demonstrably so for every way to register, trusted locations aside.
        """
        ...


class LegacyClients(Protocol):
    """Whether old clients get in."""

    async def access(self, user: UserId) -> LegacyAccess | Unknown:
        """Whether a client that knows a name and an app password gets in as this person.

        `BLOCKED` only where that is demonstrably so everywhere.
        """
        ...
