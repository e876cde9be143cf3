"""Who belongs to a group, from Microsoft Graph."""

from typing import Final

from shared.adapters.graph.answers import GroupAnswer, MemberAnswer, Page, read_answer
from shared.adapters.graph.calls.groups import LIST_GROUP_PEOPLE, READ_GROUP
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.pages import read_pages
from shared.domain.enrolment.people import MOST_PEOPLE
from shared.domain.errors.directory import AccountNotVisible, GroupUnusable
from shared.domain.ids import GroupId, UserId

_USER: Final = "#microsoft.graph.user"
_HIDDEN: Final = "HiddenMembership"
_PAGES: Final = 50
"""Of 999 rows each: groups hold devices and other groups beside people."""


class GraphGroupMembers:
    """The port `GroupMembers`.

    Args:
        client: talks to Graph.
        most: how many people a group may have.
    """

    def __init__(self, client: GraphClient, *, most: int = MOST_PEOPLE) -> None:
        self._client = client
        self._most = most

    async def people_of(self, group: GroupId) -> tuple[UserId, ...]:
        """`GET /v1.0/groups/{id}`, then `GET /v1.0/groups/{id}/transitiveMembers?$top=999`.

        Without `Member.Read.Hidden` Graph answers 200 and nobody for a group that hides its
        members, so the group is asked what it is first.
        """
        try:
            body = await self._client.send(READ_GROUP, {"group": group})
            if read_answer(body, GroupAnswer).visibility == _HIDDEN:
                raise GroupUnusable(f"The group {group} hides its members.")
            found = await read_pages(
                self._client,
                LIST_GROUP_PEOPLE,
                {"group": group},
                Page[MemberAnswer],
                most=_PAGES,
            )
        except AccountNotVisible:
            raise GroupUnusable(f"There is no group {group}.") from None
        people = dict.fromkeys(UserId(one.id.lower()) for one in found if one.odata_type == _USER)
        if len(people) > self._most:
            raise GroupUnusable(f"The group {group} has more than {self._most} people.")
        return tuple(people)
