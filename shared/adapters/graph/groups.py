"""Membership of the groups that settings name, read from and written to Microsoft Graph."""

from collections.abc import Iterable
from typing import Final

import msgspec

from shared.adapters.graph.answers import GroupAnswer, GroupsAnswer, read_answer
from shared.adapters.graph.calls.groups import ADD_MEMBER, CHECK_GROUPS, READ_GROUP, REMOVE_MEMBER
from shared.adapters.graph.client import GraphClient
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import AccountNotVisible, GroupUnusable, RequestRejected
from shared.domain.groups import Memberships
from shared.domain.ids import GroupId, UserId
from shared.telemetry import EventLog

_DYNAMIC: Final = "DynamicMembership"
_HIDDEN: Final = "HiddenMembership"

_log = EventLog(__name__)


class GraphGroups:
    """The port `Groups`, and the writes of membership. A group is checked once, before its use.

    Args:
        client: talks to Graph.
        watched: the groups that settings name.
    """

    def __init__(self, client: GraphClient, watched: Iterable[GroupId] = ()) -> None:
        self._client = client
        self._watched = tuple(watched)
        self._usable: set[GroupId] = set()

    async def memberships(self, user: UserId) -> Memberships:
        """`POST /v1.0/users/{id}/checkMemberGroups`: transitive, and about no other group."""
        known: dict[GroupId, bool | Unknown] = {}
        for group in self._watched:
            try:
                await self.check(group)
            except GroupUnusable as error:
                known[group] = Unknown(error.detail)
        usable = [group for group in self._watched if group not in known]
        if usable:
            content = msgspec.json.encode({"groupIds": usable})
            body = await self._client.send(CHECK_GROUPS, {"user": user}, content)
            found = {group.casefold() for group in read_answer(body, GroupsAnswer).value}
            known |= {group: group.casefold() in found for group in usable}
        return Memberships(known)

    async def add(self, group: GroupId, user: UserId) -> bytes:
        """`POST /v1.0/groups/{id}/members/$ref`."""
        await self.check(group)
        member = f"{self._client.root}/v1.0/directoryObjects/{user}"
        content = msgspec.json.encode({"@odata.id": member})
        try:
            return await self._client.send(ADD_MEMBER, {"group": group}, content)
        except RequestRejected as error:
            # Graph answers 400 for who is a member already, and its code does not tell that from
            # other refusals. Whether it holds, the proof says.
            _log.warning("group.add.refused", group=group, detail=error.detail)
            return b""

    async def remove(self, group: GroupId, user: UserId) -> bytes:
        """`DELETE /v1.0/groups/{id}/members/{id}/$ref`."""
        await self.check(group)
        try:
            return await self._client.send(REMOVE_MEMBER, {"group": group, "user": user})
        except AccountNotVisible:
            # Who is no member is not found.
            return b""

    async def check(self, group: GroupId) -> None:
        """See that a group can be used. `GET /v1.0/groups/{id}`.

        Raises:
            GroupUnusable: we can't write its members, can't read them, or must not.
        """
        if group in self._usable:
            return
        try:
            body = await self._client.send(READ_GROUP, {"group": group})
        except AccountNotVisible:
            raise GroupUnusable(f"There is no group {group}.") from None
        reason = _why_not(read_answer(body, GroupAnswer))
        if reason is not None:
            raise GroupUnusable(f"The group {group} {reason}.")
        self._usable.add(group)


def _why_not(group: GroupAnswer) -> str | None:
    if group.is_assignable_to_role:
        return "can hold directory roles, and nobody gets a role by joining"
    if _DYNAMIC in group.group_types:
        return "has dynamic membership, which nobody writes"
    if group.on_premises_sync_enabled:
        return "is synchronised, and its members are written on premises"
    if group.visibility == _HIDDEN:
        return "hides its members, so that nothing about it could be read back"
    return None
