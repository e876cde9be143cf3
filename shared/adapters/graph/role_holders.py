"""Who holds directory roles or could come to, from Microsoft Graph: the whole tenant at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shared.adapters.graph.answers import (
    GroupAnswer,
    HolderAnswer,
    MemberAnswer,
    ObjectAnswer,
    Page,
)
from shared.adapters.graph.calls.call import Call
from shared.adapters.graph.calls.groups import LIST_GROUP_OWNERS, LIST_GROUP_PEOPLE
from shared.adapters.graph.calls.roles import (
    LIST_GROUP_ELIGIBILITIES,
    LIST_ROLE_ASSIGNMENTS,
    LIST_ROLE_ELIGIBILITIES,
    LIST_ROLE_GROUPS,
)
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.pages import read_pages
from shared.adapters.graph.sweep.groups import GROUP_TYPE, GroupPeople, holds_groups, is_public
from shared.domain.authentication import Unknown
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import AccountNotVisible, LicenceMissing, MembersHidden

_MOST_PAGES: Final = 100
_MOST_LEADING: Final = 200
"""Groups that lead to a role without holding one; each costs two requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHolders:
    """Who holds roles in this tenant or could come to, people and groups alike.

    Attributes:
        assigned: who holds a role now.
        eligible: who may activate one, or membership or ownership of one of the groups.
        groups: by way of which people come to a role: the groups that hold one or may activate it,
            those that may activate membership or ownership of any of these, and those inside.
        owners: who owns one of these groups.
        doubt: why others could come to a role as well; None where they could not.
        proving_nothing: the application roles of the reads that found nothing; such a read proves
            something only if our token holds them.
    """

    assigned: frozenset[str]
    eligible: frozenset[str]
    groups: frozenset[str]
    owners: frozenset[str]
    doubt: Unknown | None
    proving_nothing: frozenset[str]


async def read_role_holders(client: GraphClient, groups: GroupPeople) -> RoleHolders:
    """Role assignments and eligibilities, and every group by way of which one is reached.

    Raises:
        AccountNotVisible: a group that is just being deleted.
        LifecycleError: as `GraphClient.send`.
    """
    lists = _Lists(client)
    assigned = await lists.principals(LIST_ROLE_ASSIGNMENTS)
    eligible = await lists.eligible(LIST_ROLE_ELIGIBILITIES)
    holding = await lists.objects(LIST_ROLE_GROUPS) & (assigned | eligible)
    ways = _Ways(lists, groups)
    await ways.follow(holding)
    return RoleHolders(
        assigned=assigned,
        eligible=eligible | ways.eligible,
        groups=frozenset(ways.groups),
        owners=frozenset(ways.owners),
        doubt=ways.doubt,
        proving_nothing=frozenset(lists.proving_nothing),
    )


class _Ways:
    """Follows the ways to a role backwards: who could put themselves into which group.

    Attributes:
        groups: by way of which people come to a role.
        owners: who owns one of them.
        eligible: who may activate membership or ownership of one of them, groups included.
        doubt: why there may be others.
    """

    def __init__(self, lists: "_Lists", groups: GroupPeople) -> None:
        self._lists = lists
        self._groups = groups
        self.groups: set[str] = set()
        self.owners: set[str] = set()
        self.eligible: set[str] = set()
        self.doubt: Unknown | None = None

    async def follow(self, holding: frozenset[str]) -> None:
        """Begin with the groups that hold a role or may activate it; no groups are inside them."""
        nearest = set(holding)
        while nearest:
            self.groups |= nearest
            if len(self.groups) - len(holding) > _MOST_LEADING:
                self.doubt = Unknown("More groups lead to roles than are looked at.")
                return
            principals: set[str] = set()
            for group in sorted(nearest):
                self.owners |= await self._lists.objects(LIST_GROUP_OWNERS, group=group)
                principals |= await self._lists.eligible(LIST_GROUP_ELIGIBILITIES, group=group)
            unseen = principals - self.eligible - self.groups
            self.eligible |= principals
            nearest = await self._groups_among(unseen) - self.groups

    async def _groups_among(self, principals: set[str]) -> set[str]:
        """Those who are groups, and the groups inside them; the others are people or apps."""
        found: set[str] = set()
        for group, told in (await self._groups.look_at(sorted(principals))).items():
            match told:
                case AccountNotVisible():
                    continue
                case MembersHidden():
                    self.doubt = Unknown(f"{told.detail} It leads to a role.")
                case GroupAnswer() if is_public(told):
                    self.doubt = Unknown(f"The public group {group} leads to a role.")
                case GroupAnswer() if holds_groups(told):
                    found |= await self._lists.groups_inside(group)
                case LifecycleError():
                    raise told
            found.add(group)
        return found


class _Lists:
    """Reads lists of ids, and keeps in mind which of them were empty.

    Attributes:
        proving_nothing: the application roles of the reads that found nothing.
    """

    def __init__(self, client: GraphClient) -> None:
        self._client = client
        self.proving_nothing: set[str] = set()

    async def objects(self, call: Call, **values: str) -> frozenset[str]:
        """The objects in a list."""
        found = await read_pages(self._client, call, values, Page[ObjectAnswer], most=_MOST_PAGES)
        return self._ids(call, (one.id for one in found))

    async def principals(self, call: Call, **values: str) -> frozenset[str]:
        """Whom the lines of a list are about."""
        found = await read_pages(self._client, call, values, Page[HolderAnswer], most=_MOST_PAGES)
        return self._ids(call, (one.principal_id for one in found))

    async def eligible(self, call: Call, **values: str) -> frozenset[str]:
        """The same where it takes a licence; without it there is surely nobody."""
        try:
            return await self.principals(call, **values)
        except LicenceMissing:
            return frozenset()

    async def groups_inside(self, group: str) -> frozenset[str]:
        """The groups that belong to a group, through however many others."""
        call = LIST_GROUP_PEOPLE
        found = await read_pages(
            self._client, call, {"group": group}, Page[MemberAnswer], most=_MOST_PAGES
        )
        groups = (one.id for one in found if one.odata_type.casefold() == GROUP_TYPE)
        return self._ids(call, (one.id for one in found)) & frozenset(map(str.casefold, groups))

    def _ids(self, call: Call, ids: Iterable[str]) -> frozenset[str]:
        folded = frozenset(one.casefold() for one in ids)
        if not folded:
            self.proving_nothing.add(call.role)
        return folded
