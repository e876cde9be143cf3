"""Who is bound to groups, from Microsoft Graph."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from shared.adapters.graph.answers import (
    GroupAnswer,
    HolderAnswer,
    MemberAnswer,
    ObjectAnswer,
    Page,
    read_answer,
)
from shared.adapters.graph.calls.batched import GROUPS
from shared.adapters.graph.calls.sweep import (
    GROUP,
    GROUP_ELIGIBILITIES,
    GROUP_OWNERS,
    GROUP_PEOPLE,
)
from shared.adapters.graph.pages import Sender, read_page, read_pages
from shared.adapters.graph.sweep.batches import Batches
from shared.adapters.graph.sweep.sending import HeldRoles, Lists
from shared.application.ports.sweep import RowPage
from shared.domain.authentication import Unknown
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import AccountNotVisible, MembersHidden, PermissionMissing
from shared.domain.ids import GroupId, UserId
from shared.domain.sweep.rows import Link, MemberRow

_PEOPLE: Final = frozenset({"#microsoft.graph.user", "#microsoft.graph.agentuser"})
_HIDDEN: Final = "hiddenmembership"
_SEES_HIDDEN: Final = "Member.Read.Hidden"


class _Rest(msgspec.Struct, frozen=True):
    """Groups that are still to be read, and the next page of the first."""

    groups: tuple[str, ...]
    link: str | None = None


class GroupPeople:
    """Reads who belongs to groups, and who could make themselves do so.

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
        self._lists = Lists(graph, held_roles)

    async def members(self, group: GroupId, page: str | None) -> RowPage[MemberRow]:
        """`GET /v1.0/groups/{id}/transitiveMembers`, without a cast: that reads a lagging index."""
        if page is None:
            told = await self._graph.send(GROUP, {"group": group})
            await self._check(read_answer(told, GroupAnswer))
        return await self._people_in(group, Link.MEMBER, group, page)

    async def who_could_join(self, group: GroupId, page: str | None) -> RowPage[MemberRow]:
        """Its owners and who may activate ownership or membership, then those in groups that may.

        `GET /v1.0/groups/{id}/owners`,
        `GET /v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances`.
        """
        if page is not None:
            return await self._in_rest(group, read_answer(page.encode(), _Rest))
        await self._graph.send(GROUP, {"group": group})
        owners = await read_pages(self._graph, GROUP_OWNERS, {"group": group}, Page[ObjectAnswer])
        eligible = await self._lists.read_licensed(
            GROUP_ELIGIBILITIES, Page[HolderAnswer], group=group
        )
        if isinstance(eligible, Unknown):
            raise PermissionMissing(eligible.reason)
        principals = {one.principal_id.lower() for one in eligible}
        rest = await self._groups_among(principals)
        people = {one.id.lower() for one in owners} | (principals - set(rest))
        rows = _rows(group, Link.COULD_JOIN, sorted(people))
        return RowPage(rows, _following(_Rest(rest)))

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
                await self._check(told)
            except MembersHidden as error:
                found[group] = error
            else:
                found[group] = told
        return found

    async def _in_rest(self, group: GroupId, rest: _Rest) -> RowPage[MemberRow]:
        if not rest.groups:
            return RowPage((), None)
        first, *others = rest.groups
        after = _Rest(tuple(others))
        try:
            found = await self._people_in(group, Link.COULD_JOIN, first, rest.link)
        except AccountNotVisible:
            # It is gone since, and nobody joins through it.
            return RowPage((), _following(after))
        if found.following is not None:
            after = _Rest(rest.groups, found.following)
        return RowPage(found.rows, _following(after))

    async def _people_in(
        self, group: GroupId, link: Link, inner: str, address: str | None
    ) -> RowPage[MemberRow]:
        page = await read_page(
            self._graph, GROUP_PEOPLE, {"group": inner}, Page[MemberAnswer], link=address
        )
        people = (one.id.lower() for one in page.value if one.odata_type.lower() in _PEOPLE)
        return RowPage(_rows(group, link, people), page.next_link)

    async def _groups_among(self, principals: set[str]) -> tuple[str, ...]:
        """Which of these are groups; the others are people."""
        found = []
        for principal, answer in (await self.look_at(sorted(principals))).items():
            if isinstance(answer, AccountNotVisible):
                continue
            if isinstance(answer, LifecycleError):
                raise answer
            found.append(principal)
        return tuple(found)

    async def _check(self, told: GroupAnswer) -> None:
        if (told.visibility or "").lower() != _HIDDEN:
            return
        held = await self._held_roles()
        if isinstance(held, Unknown) or _SEES_HIDDEN not in held:
            raise MembersHidden(f"The group {told.id} hides its members.")


def _rows(group: GroupId, link: Link, people: Iterable[str]) -> tuple[MemberRow, ...]:
    return tuple(MemberRow(group, UserId(person), link) for person in people)


def _following(rest: _Rest) -> str | None:
    return msgspec.json.encode(rest).decode() if rest.groups else None
