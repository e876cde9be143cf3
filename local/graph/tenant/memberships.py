"""Who belongs to what, through any number of groups."""

from collections.abc import Iterable, Iterator

from local.graph.tenant.groups import Group
from local.graph.tenant.roles import Role


class Memberships:
    """The memberships of one moment, either as they are or as readers see them."""

    def __init__(self, groups: Iterable[Group], roles: Iterable[Role]) -> None:
        self._groups = {group.id: group for group in groups}
        self._roles = tuple(roles)

    def groups_of(self, object_id: str, *, transitive: bool = True) -> list[Group]:
        """The groups that an object is in, nearest first."""
        found: dict[str, Group] = {}
        waiting = [object_id]
        while waiting:
            key = waiting.pop(0)
            around = [group for group in self._groups.values() if key in group.members]
            new = [group for group in around if group.id not in found]
            found.update((group.id, group) for group in new)
            if not transitive:
                break
            waiting += [group.id for group in new]
        return list(found.values())

    def roles_of(self, object_id: str, *, transitive: bool = True) -> list[Role]:
        """The active roles of an object: its own and, transitively, those of its groups."""
        holders = {object_id}
        if transitive:
            holders.update(group.id for group in self.groups_of(object_id))
        return [role for role in self._roles if not holders.isdisjoint(role.members)]

    def members_of(self, group: Group, *, transitive: bool) -> list[str]:
        """The object ids in a group; transitively, those in its groups too."""
        return list(dict.fromkeys(self._members(group, {group.id}, transitive=transitive)))

    def _members(self, group: Group, visited: set[str], *, transitive: bool) -> Iterator[str]:
        yield from group.members
        for member in group.members if transitive else ():
            nested = self._groups.get(member)
            if nested is not None and nested.id not in visited:
                visited.add(nested.id)
                yield from self._members(nested, visited, transitive=True)
