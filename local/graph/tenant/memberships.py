"""Who belongs to what, through any number of groups."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from local.graph.tenant.groups import Group
from local.graph.tenant.roles import Role

Sets = dict[str, tuple[Group, frozenset[str]]]
"""The members of each group as a set, with the version of the group that has them."""


class Members:
    """The object ids in a group.

    Args:
        ids: each once, in the order in which they joined.
    """

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids = ids
        self._ordered: list[str] | None = None

    def after(self, key: str | None) -> Sequence[str]:
        """Those behind an id, or all, in the order of the ids, which no member's going changes."""
        if self._ordered is None:
            self._ordered = sorted(self.ids)
        return self._ordered[bisect_right(self._ordered, key or "") :]


class Memberships:
    """The memberships of one moment, either as they are or as readers see them.

    Args:
        sets: what an earlier moment knew; of groups that changed since it is made anew, for a
            large tenant is asked about its groups with each request.
    """

    def __init__(
        self, groups: Iterable[Group], roles: Iterable[Role], sets: Sets | None = None
    ) -> None:
        self._groups = {group.id: group for group in groups}
        self._roles = tuple(roles)
        self._sets: Sets = {} if sets is None else sets
        self._members_of: dict[tuple[str, bool], Members] = {}

    def groups_of(self, object_id: str, *, transitive: bool = True) -> list[Group]:
        """The groups that an object is in, nearest first."""
        found: dict[str, Group] = {}
        waiting = [object_id]
        while waiting:
            key = waiting.pop(0)
            around = [group for group in self._groups.values() if key in self._set(group)]
            new = [group for group in around if group.id not in found]
            found.update((group.id, group) for group in new)
            if not transitive:
                break
            waiting += [group.id for group in new]
        return list(found.values())

    def roles_of(self, object_id: str, *, transitive: bool = True) -> list[Role]:
        """The active roles of an object: its own and, transitively, those of its groups."""

        def holds(role: Role) -> bool:
            if object_id in role.members or not transitive:
                return object_id in role.members
            return any(object_id in self.everybody_in(holder) for holder in role.members)

        return [role for role in self._roles if holds(role)]

    def holders(self) -> frozenset[str]:
        """Everybody who has an active role: their own or a group's."""
        found: set[str] = set()
        for role in self._roles:
            found.update(role.members)
            for holder in role.members:
                found |= self.everybody_in(holder)
        return frozenset(found)

    def everybody_in(self, group_id: str) -> frozenset[str]:
        """The object ids in a group, transitively; nobody, where there is no such group."""
        group = self._groups.get(group_id)
        return frozenset() if group is None else frozenset(self._members(group, {group_id}))

    def members_of(self, group: Group, *, transitive: bool) -> Members:
        """The object ids in a group; transitively, those in its groups too."""
        known = self._members_of.get((group.id, transitive))
        if known is None:
            ids = self._members(group, {group.id}) if transitive else group.members
            known = Members(tuple(dict.fromkeys(ids)))
            self._members_of[group.id, transitive] = known
        return known

    def _members(self, group: Group, visited: set[str]) -> Iterator[str]:
        yield from group.members
        for nested in sorted(self._groups.keys() & self._set(group)):
            if nested not in visited:
                visited.add(nested)
                yield from self._members(self._groups[nested], visited)

    def _set(self, group: Group) -> frozenset[str]:
        known, members = self._sets.get(group.id, (None, frozenset[str]()))
        if known is not group:
            members = frozenset(group.members)
            self._sets[group.id] = group, members
        return members
