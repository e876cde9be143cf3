"""What cases know of a tenant's Conditional Access policies."""

from dataclasses import dataclass
from enum import Enum

from shared.domain.ids import GroupId


class LegacyAccess(Enum):
    """Whether an old client gets in with a name and an app password."""

    BLOCKED = "blocked"
    """Policies block it for the person everywhere, or security defaults do."""
    OPEN = "open"
    """Nothing that is switched on blocks it everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MfaRequired:
    """Of whom the policies that are switched on require MFA.

    Attributes:
        of_anybody: whether one of them asks anybody for MFA, be it as one way of several.
        of_everybody: whether they require it of everybody at every sign-in to an application: with
            whatever client, under no condition, and whatever else the person is.
        of_groups: the groups of whose members they require it so, in small letters.
    """

    of_anybody: bool
    of_everybody: bool = False
    of_groups: frozenset[GroupId] = frozenset()

    def of_members(self, group: GroupId) -> bool:
        """Whether they require it of every member of a group, at every sign-in."""
        return self.of_everybody or group.casefold() in self.of_groups
