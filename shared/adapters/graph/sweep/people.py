"""Everybody, from Microsoft Graph: who they are, and what they have registered."""

from collections.abc import Sequence
from typing import Final, TypeVar

from shared.adapters.graph.answers import Page
from shared.adapters.graph.calls.call import Call
from shared.adapters.graph.calls.sweep import (
    PEOPLE,
    PEOPLE_WITHOUT_STATE,
    REGISTRATIONS,
    REGISTRATIONS_AS_THEY_COME,
)
from shared.adapters.graph.pages import read_page
from shared.adapters.graph.sweep.answers import PersonAnswer, RegistrationAnswer
from shared.adapters.graph.sweep.groups import GroupPeople
from shared.adapters.graph.sweep.joiners import GroupJoiners
from shared.adapters.graph.sweep.rows import person_row, registration_row
from shared.adapters.graph.sweep.sending import PacedGraph
from shared.application.ports.sweep import RowPage
from shared.domain.errors.directory import (
    LicenceMissing,
    MalformedAnswer,
    PermissionMissing,
    RequestRejected,
)
from shared.domain.ids import GroupId
from shared.domain.sweep.rows import Link, MemberRow, PersonRow, RegistrationRow

Item = TypeVar("Item")

_PEOPLE: Final = (PEOPLE, PEOPLE_WITHOUT_STATE)
_REGISTRATIONS: Final = (REGISTRATIONS, REGISTRATIONS_AS_THEY_COME)


class GraphPeople:
    """The port `PeopleSource`: one request for every 999 people and list.

    The first page of a list finds out how Graph lets itself be asked; the addresses of the others
    go on in the same way.

    Args:
        graph: sends the requests.
        groups: reads who belongs to groups.
        joiners: reads who could make themselves do so.
    """

    def __init__(self, graph: PacedGraph, groups: GroupPeople, joiners: GroupJoiners) -> None:
        self._graph = graph
        self._groups = groups
        self._joiners = joiners

    async def people(self, page: str | None) -> RowPage[PersonRow]:
        """`GET /v1.0/users?$select=...&$top=999`."""
        found = await self._page(_PEOPLE, page, Page[PersonAnswer])
        if page is None and not found.value and found.next_link is None:
            raise MalformedAnswer("Graph knows nobody at all, and there is no such tenant.")
        return RowPage(tuple(map(person_row, found.value)), found.next_link)

    async def registrations(self, page: str | None) -> RowPage[RegistrationRow]:
        """`GET /v1.0/reports/authenticationMethods/userRegistrationDetails`."""
        found = await self._page(_REGISTRATIONS, page, Page[RegistrationAnswer])
        # Who is told of by halves is not told of: nothing is known of what they have registered.
        rows = (row for row in map(registration_row, found.value) if row is not None)
        return RowPage(tuple(rows), found.next_link)

    async def linked(self, group: GroupId, link: Link, page: str | None) -> RowPage[MemberRow]:
        """The people who are bound to a group, through other groups, too."""
        match link:
            case Link.MEMBER:
                return await self._groups.members(group, page)
            case Link.COULD_JOIN:
                return await self._joiners.page(group, page)

    async def _page(
        self, ways: Sequence[Call], page: str | None, page_type: type[Page[Item]]
    ) -> Page[Item]:
        best, plain = ways
        try:
            return await read_page(self._graph, best, {}, page_type, link=page)
        except LicenceMissing:
            raise
        except (RequestRejected, PermissionMissing):
            if page is not None:
                raise
            return await read_page(self._graph, plain, {}, page_type)
