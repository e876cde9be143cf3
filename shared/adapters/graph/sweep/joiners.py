"""Who could make themselves belong to a group, from Microsoft Graph."""

from typing import Final

import msgspec

from shared.adapters.graph.answers import GroupAnswer, HolderAnswer, ObjectAnswer, Page, read_answer
from shared.adapters.graph.calls.sweep import GROUP, GROUP_ELIGIBILITIES, GROUP_OWNERS
from shared.adapters.graph.pages import Sender, read_pages
from shared.adapters.graph.sweep.groups import (
    GROUP_TYPE,
    PEOPLE,
    GroupPeople,
    group_rows,
    holds_groups,
    is_public,
)
from shared.adapters.graph.sweep.sending import HeldRoles, Lists
from shared.application.ports.sweep import RowPage
from shared.domain.authentication import Unknown
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import (
    AccountNotVisible,
    GroupUnusable,
    PermissionMissing,
)
from shared.domain.ids import GroupId
from shared.domain.sweep.rows import Link, MemberRow

_MOST_WAYS: Final = 200
"""Groups by way of which one group is joined; their ids have to fit into the record of a run."""


class _Left(msgspec.Struct, frozen=True):
    """How far a group was read.

    Attributes:
        ways: every group by way of which somebody may come to belong to it, itself the first.
        asked: of how many of them it was asked who owns them and who may activate what there.
        inside: those whose members are still to be read, the current one first.
        link: the next page of its members.
    """

    ways: tuple[str, ...]
    asked: int = 0
    inside: tuple[str, ...] = ()
    link: str | None = None


class GroupJoiners:
    """Reads who could make themselves belong to groups.

    That is who owns the group or may activate ownership or membership of it; the same for each
    group inside it; and, where a group may activate something, everybody in that one, and who
    could join it in turn.

    Args:
        graph: sends the requests.
        groups: tells what groups are, and who belongs to them.
        held_roles: tells our own token's roles.
    """

    def __init__(self, graph: Sender, groups: GroupPeople, held_roles: HeldRoles) -> None:
        self._graph = graph
        self._groups = groups
        self._lists = Lists(graph, held_roles)

    async def page(self, group: GroupId, page: str | None) -> RowPage[MemberRow]:
        """Some of them: who joins by way of one more group, or a page of its members.

        Raises:
            AccountNotVisible: there is no such group.
            GroupUnusable: more groups lead to it than are looked at, or anybody can join one that
                does, who are not told one by one.
            LifecycleError: as `GraphClient.send`; also `MembersHidden`.
        """
        if page is None:
            left = await self._begin(group)
        else:
            left = read_answer(page.encode(), _Left)
        if left.asked < len(left.ways):
            people, left = await self._ask(left)
        elif left.inside:
            people, left = await self._look_inside(left)
        else:
            return RowPage((), None)
        if len(left.ways) > _MOST_WAYS:
            raise GroupUnusable(f"The group {group} is joined by way of too many other groups.")
        is_read = left.asked == len(left.ways) and not left.inside
        rows = group_rows(group, Link.COULD_JOIN, sorted(people))
        return RowPage(rows, None if is_read else msgspec.json.encode(left).decode())

    async def _begin(self, group: GroupId) -> _Left:
        """`GET /v1.0/groups/{id}`: what it is tells whether there can be groups in it."""
        told = read_answer(await self._graph.send(GROUP, {"group": group}), GroupAnswer)
        if is_public(told):
            raise GroupUnusable(f"The group {group} is public: anybody can join it.")
        ways = (group.lower(),)
        if not holds_groups(told):
            return _Left(ways)
        await self._groups.check(told)
        return _Left(ways, inside=ways)

    async def _ask(self, left: _Left) -> tuple[set[str], _Left]:
        """`GET /v1.0/groups/{id}/owners` and who is eligible, of one group.

        `GET /v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances`.
        """
        asked = msgspec.structs.replace(left, asked=left.asked + 1)
        group = left.ways[left.asked]
        try:
            owners = await read_pages(
                self._graph, GROUP_OWNERS, {"group": group}, Page[ObjectAnswer]
            )
        except AccountNotVisible:
            if left.asked == 0:
                raise
            # It is gone since, and nobody joins by way of it.
            return set(), asked
        eligible = await self._lists.read_licensed(
            GROUP_ELIGIBILITIES, Page[HolderAnswer], group=group
        )
        if isinstance(eligible, Unknown):
            raise PermissionMissing(eligible.reason)
        principals = {one.principal_id.lower() for one in eligible} - set(left.ways)
        groups = await self._groups_among(left.ways[0], principals)
        people = {one.id.lower() for one in owners} | (principals - set(groups))
        return people, msgspec.structs.replace(
            asked, ways=(*left.ways, *groups), inside=(*left.inside, *groups)
        )

    async def _look_inside(self, left: _Left) -> tuple[set[str], _Left]:
        """A page of the members of one group; who is in the group itself need not join it."""
        group, *others = left.inside
        after = msgspec.structs.replace(left, inside=tuple(others), link=None)
        try:
            page = await self._groups.members_page(group, left.link)
        except AccountNotVisible:
            return set(), after
        if page.next_link is not None:
            after = msgspec.structs.replace(left, link=page.next_link)
        found = [(one.id.lower(), one.odata_type.lower()) for one in page.value]
        nested = (one for one, kind in found if kind == GROUP_TYPE and one not in left.ways)
        people = {one for one, kind in found if kind in PEOPLE} if group != left.ways[0] else set()
        return people, msgspec.structs.replace(after, ways=(*left.ways, *dict.fromkeys(nested)))

    async def _groups_among(self, joined: str, principals: set[str]) -> list[str]:
        """Which of these, who are eligible, are groups; the others are people."""
        found = []
        for principal, answer in (await self._groups.look_at(sorted(principals))).items():
            if isinstance(answer, AccountNotVisible):
                continue
            if isinstance(answer, LifecycleError):
                raise answer
            if is_public(answer):
                raise GroupUnusable(
                    f"The group {joined} is joined by way of the group {principal}, which is "
                    "public: anybody can join it."
                )
            found.append(principal)
        return found
