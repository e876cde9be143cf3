"""A single person live, from Microsoft Graph."""

from collections.abc import Sequence
from typing import Final

import msgspec

from shared.adapters.graph.answers import GroupAnswer, GroupsAnswer, read_answer
from shared.adapters.graph.calls.groups import CHECK_GROUPS
from shared.adapters.graph.calls.person import PERSON, REGISTRATION
from shared.adapters.graph.pages import Sender
from shared.adapters.graph.sweep.answers import PersonAnswer, RegistrationAnswer
from shared.adapters.graph.sweep.groups import GroupPeople
from shared.adapters.graph.sweep.joiners import GroupJoiners
from shared.adapters.graph.sweep.rows import person_row, registration_row
from shared.application.ports.sweep import Bonds
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.directory import AccountNotVisible, MembersHidden
from shared.domain.ids import GroupId, UserId
from shared.domain.sweep.rows import Link, MemberRow, PersonRow, RegistrationRow
from shared.domain.sweep.runs import GroupToRead

_AT_ONCE: Final = 20
"""How many groups Graph checks in one request."""


class GraphOnePerson:
    """The port `OnePerson`.

    Args:
        graph: sends the requests.
        groups: tells what groups are.
        joiners: reads who could make themselves belong to groups.
    """

    def __init__(self, graph: Sender, groups: GroupPeople, joiners: GroupJoiners) -> None:
        self._graph = graph
        self._groups = groups
        self._joiners = joiners

    async def person(self, name: str) -> PersonRow | None:
        """`GET /v1.0/users/{id or userPrincipalName}`."""
        try:
            body = await self._graph.send(PERSON, {"user": name})
        except AccountNotVisible:
            return None
        return person_row(read_answer(body, PersonAnswer))

    async def bonds(self, user: UserId, groups: Sequence[GroupToRead]) -> Bonds:
        """`POST /v1.0/users/{id}/checkMemberGroups`, and who could join each of the others."""
        readable, unread = await self._readable(groups)
        asked = [one for one in readable if one.link is Link.MEMBER]
        try:
            member = await self._among(user, asked)
        except LifecycleError as error:
            if error.disposition is Disposition.DEFER:
                raise
            member = set()
            unread += asked
        rows = [MemberRow(GroupId(group), user) for group in sorted(member)]
        for one in readable:
            if one.link is not Link.COULD_JOIN:
                continue
            try:
                if await self._could_join(user, one.group_id):
                    rows.append(MemberRow(one.group_id, user, Link.COULD_JOIN))
            except AccountNotVisible:
                # It is gone since, and nobody joins it.
                continue
            except LifecycleError as error:
                if error.disposition is Disposition.DEFER:
                    raise
                unread.append(one)
        return Bonds(members=tuple(rows), unread=tuple(unread))

    async def reported(self, user: UserId) -> RegistrationRow | None:
        """`GET /v1.0/reports/authenticationMethods/userRegistrationDetails/{id}`."""
        try:
            body = await self._graph.send(REGISTRATION, {"user": user})
        except AccountNotVisible:
            return None
        return registration_row(read_answer(body, RegistrationAnswer))

    async def _readable(
        self, groups: Sequence[GroupToRead]
    ) -> tuple[list[GroupToRead], list[GroupToRead]]:
        """Those of the groups that exist and can be read, and those of which nobody can tell."""
        wanted = sorted({one.group_id for one in groups})
        answers = await self._groups.look_at(wanted)
        readable, unread = [], []
        for one in groups:
            match answers.get(one.group_id):
                case GroupAnswer():
                    readable.append(one)
                case MembersHidden() if one.link is Link.COULD_JOIN:
                    # Its owners and who is eligible are told all the same.
                    readable.append(one)
                case AccountNotVisible() | None:
                    continue
                case LifecycleError(disposition=Disposition.DEFER) as error:
                    raise error
                case _:
                    unread.append(one)
        return readable, unread

    async def _among(self, user: UserId, groups: Sequence[GroupToRead]) -> set[str]:
        found: set[str] = set()
        for start in range(0, len(groups), _AT_ONCE):
            ids = [one.group_id for one in groups[start : start + _AT_ONCE]]
            asked = msgspec.json.encode({"groupIds": ids})
            body = await self._graph.send(CHECK_GROUPS, {"user": user}, asked)
            found |= {group.casefold() for group in read_answer(body, GroupsAnswer).value}
        return found

    async def _could_join(self, user: UserId, group: GroupId) -> bool:
        page: str | None = None
        while True:
            found = await self._joiners.page(group, page)
            if any(row.user_id == user for row in found.rows):
                return True
            page = found.following
            if page is None:
                return False
