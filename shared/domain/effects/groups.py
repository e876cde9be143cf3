"""Joining and leaving groups."""

from dataclasses import dataclass
from typing import ClassVar

from shared.domain.authentication import Unknown
from shared.domain.facts import Fact, Facts
from shared.domain.ids import GroupId
from shared.domain.people.rulings import Impact


@dataclass(frozen=True, slots=True)
class AddToGroup:
    """The person becomes a member of a group.

    Attributes:
        group: which.
        unregistered: True where they are enforced by it though they have no method yet.
    """

    action: ClassVar = "join-group"
    proof: ClassVar = Fact.MEMBERSHIPS

    group: GroupId
    unregistered: bool = False

    @property
    def target(self) -> str:
        """The value that it aims at, for audit entries."""
        return _member(self.group)

    @property
    def impact(self) -> Impact:
        """What it comes to for the person."""
        return Impact.ENFORCE_UNREGISTERED if self.unregistered else Impact.STRENGTHEN

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        return _membership(self.group, facts)

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == self.target


@dataclass(frozen=True, slots=True)
class RemoveFromGroup:
    """The person is no member of a group any more.

    Attributes:
        group: which.
        impact: what it comes to for the person.
    """

    action: ClassVar = "leave-group"
    proof: ClassVar = Fact.MEMBERSHIPS

    group: GroupId
    impact: Impact = Impact.WEAKEN

    @property
    def target(self) -> str:
        """The value that it aims at, for audit entries."""
        return _no_member(self.group)

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        return _membership(self.group, facts)

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == self.target


def _member(group: GroupId) -> str:
    return f"member of {group}"


def _no_member(group: GroupId) -> str:
    return f"not a member of {group}"


def is_about(value: str | None, group: GroupId) -> bool:
    """Whether a value of these effects, as audit entries have it, is about this group."""
    return value in (_member(group), _no_member(group))


def _membership(group: GroupId, facts: Facts) -> str | Unknown | None:
    if facts.memberships is None:
        return None
    match facts.memberships.of(group):
        case Unknown() as unknown:
            return unknown
        case True:
            return _member(group)
        case False:
            return _no_member(group)
