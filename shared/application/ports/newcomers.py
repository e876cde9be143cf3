"""The port to what tells an account that nobody has used yet."""

from typing import Protocol

from shared.domain.authentication import Unknown
from shared.domain.contacts import Newcomer
from shared.domain.ids import UserId


class Newcomers(Protocol):
    """Reads that only preparation needs."""

    async def newcomer(self, user: UserId) -> Newcomer | Unknown:
        """How old the account is, whose, and whether anybody ever signed in to it.

        `Unknown` where the tenant's licence or our permissions do not let anybody tell.

        Raises:
            AccountNotVisible: the directory does not know the object id (any more, or here yet).
        """
        ...

    async def own_domains(self) -> frozenset[str] | Unknown:
        """The tenant's own verified domains; an hour old at most."""
        ...
