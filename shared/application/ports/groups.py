"""The port to who belongs to the groups that settings name."""

from typing import Protocol

from shared.domain.groups import Memberships
from shared.domain.ids import UserId


class Groups(Protocol):
    """Reads of membership."""

    async def memberships(self, user: UserId) -> Memberships:
        """Which of the groups the person belongs to, directly or through another group.

        A group that can't be used (it is gone, role-assignable, dynamic, synchronised, or hides
        its members) is `Unknown` with the reason.

        Raises:
            AccountNotVisible: the directory does not know the object id (any more, or here yet).
        """
        ...
