"""What groups are, and who belongs to them, from Microsoft Graph."""

from collections.abc import Iterable, Sequence
from typing import Final

from shared.adapters.graph.answers import GroupAnswer, MemberAnswer, Page, read_answer
from shared.adapters.graph.calls.batched import GROUPS
from shared.adapters.graph.calls.sweep import GROUP, GROUP_PEOPLE
from shared.adapters.graph.pages import Sender, read_page
from shared.adapters.graph.sweep.batches import Batches
from shared.adapters.graph.sweep.sending import HeldRoles
from shared.application.ports.sweep import RowPage
from shared.domain.authentication import Unknown
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import MembersHidden
from shared.domain.ids import GroupId, UserId
from shared.domain.sweep.rows import Link, MemberRow

PEOPLE: Final = frozenset({"#microsoft.graph.user", "#microsoft.graph.agentuser"})
GROUP_TYPE: Final = "#microsoft.graph.group"
_HOLD_NO_GROUPS: Final = frozenset({"unified", "dynamicmembership"})
"""https://learn.microsoft.com/entra/fundamentals/how-to-manage-groups"""
_TAKES_AN_OWNER: Final = frozenset({"private", "hiddenmembership"})
"""Where nobody joins a Microsoft 365 group by themselves."""
_HIDDEN: Final = "hiddenmembership"
_SEES_HIDDEN: Final = "Member.Read.Hidden"


class GroupPeople:
    """Reads what groups are, and who belongs to them.

    Of a group that hides its members Graph answers 200 and nobody, unless our token may see them:
    so each group is asked first what it is.

    Args:
        graph: sends the requests.
        batches: sends many at once.
        held_roles: tells our own token's roles.
    """

    def __init__(self, graph: Sender, batches: Batches, held_roles: HeldRoles) -> None:
        self._graph = graph
        self._batches = batches
        self._held_roles = held_roles

    async def members(self, group: GroupId, page: str | None) -> RowPage[MemberRow]:
        """A page of the people who belong to a group."""
        if page is None:
            told = await self._graph.send(GROUP, {"group": group})
            await self.check(read_answer(told, GroupAnswer))
        found = await self.members_page(group, page)
        people = (one.id.lower() for one in found.value if one.odata_type.lower() in PEOPLE)
        return RowPage(group_rows(group, Link.MEMBER, people), found.next_link)

    async def look_at(self, groups: Sequence[str]) -> dict[str, GroupAnswer | LifecycleError]:
        """What groups are, or why nobody can tell who belongs to each: many in one request.

        Raises:
            LifecycleError: the directory is in passing trouble.
        """
        found: dict[str, GroupAnswer | LifecycleError] = {}
        for group, answer in (await self._batches.read(GROUPS, groups)).items():
            if isinstance(answer, LifecycleError):
                found[group] = answer
                continue
            told = read_answer(answer, GroupAnswer)
            try:
                await self.check(told)
            except MembersHidden as error:
                found[group] = error
            else:
                found[group] = told
        return found

    async def members_page(self, group: str, link: str | None) -> Page[MemberAnswer]:
        """A page of all who belong to a group, groups among them, without asking what it is.

        `GET /v1.0/groups/{id}/transitiveMembers`, without a cast: that reads a lagging index.
        """
        return await read_page(
            self._graph, GROUP_PEOPLE, {"group": group}, Page[MemberAnswer], link=link
        )

    async def check(self, told: GroupAnswer) -> None:
        """Check that we are told who belongs to a group.

        Raises:
            MembersHidden: Graph would answer as if nobody did.
        """
        if (told.visibility or "").lower() != _HIDDEN:
            return
        held = await self._held_roles()
        if isinstance(held, Unknown) or _SEES_HIDDEN not in held:
            raise MembersHidden(f"The group {told.id} hides its members.")


def group_rows(group: GroupId, link: Link, people: Iterable[str]) -> tuple[MemberRow, ...]:
    """A row for each of these people."""
    return tuple(MemberRow(group, UserId(person), link) for person in people)


def holds_groups(told: GroupAnswer) -> bool:
    """Whether there can be groups inside it."""
    return not (told.is_assignable_to_role or _kinds(told) & _HOLD_NO_GROUPS)


def is_public(told: GroupAnswer) -> bool:
    """Whether anybody in the organisation joins it by themselves.

    That is so of a Microsoft 365 group unless it says otherwise. One that can hold roles is
    private, and none is inside another group.

    https://learn.microsoft.com/graph/api/resources/group#group-visibility-options
    """
    kinds = _kinds(told)
    if told.is_assignable_to_role or "unified" not in kinds or "dynamicmembership" in kinds:
        return False
    return (told.visibility or "").lower() not in _TAKES_AN_OWNER


def _kinds(told: GroupAnswer) -> frozenset[str]:
    return frozenset(kind.lower() for kind in told.group_types)
