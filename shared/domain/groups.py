"""Who belongs to the groups that settings name."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.domain.authentication import Unknown
from shared.domain.ids import GroupId


@dataclass(frozen=True, slots=True)
class Memberships:
    """Which groups a person belongs to, directly or through another group.

    Attributes:
        known: the groups that were asked for; `Unknown` where an answer would prove nothing.
    """

    known: Mapping[GroupId, bool | Unknown]

    def of(self, group: GroupId) -> bool | Unknown:
        """Whether the person belongs to a group."""
        return self.known.get(group, Unknown(f"Nobody asked about the group {group}."))
