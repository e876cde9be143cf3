"""What people are to Conditional Access policies, from Microsoft Graph."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Final

import msgspec

from shared.adapters.graph.answers import (
    GroupAnswer,
    GroupsAnswer,
    HolderAnswer,
    ObjectAnswer,
    Page,
    read_answer,
)
from shared.adapters.graph.calls.groups import CHECK_GROUPS, LIST_GROUP_OWNERS, READ_GROUP
from shared.adapters.graph.calls.roles import LIST_GROUP_ELIGIBILITIES
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.pages import read_pages
from shared.application.ports.people import Privileges
from shared.domain.authentication import Unknown
from shared.domain.conditional_access import SignInPolicy
from shared.domain.errors.directory import (
    AccountNotVisible,
    LicenceMissing,
    PermissionMissing,
    PrivilegesUnreadable,
    RequestRejected,
)
from shared.domain.ids import UserId
from shared.domain.people.standing import Privilege
from shared.domain.policy_reach import Belonging, groups_excluded, groups_named, names_roles

_HIDDEN: Final = "HiddenMembership"
_AT_ONCE: Final = 20
"""How many groups Graph checks in one request."""
_LASTS: Final = timedelta(minutes=1)
_REFUSED = (PermissionMissing, RequestRejected)


class GraphBelongings:
    """Reads of groups and roles, as far as policies name them.

    Args:
        client: talks to Graph.
        privileges: who holds a directory role, or could.
        monotonic: seconds that never go back.
    """

    def __init__(
        self, client: GraphClient, privileges: Privileges, monotonic: Callable[[], float]
    ) -> None:
        self._client = client
        self._privileges = privileges
        self._monotonic = monotonic
        self._groups: dict[str, tuple[float, bool | Unknown]] = {}

    async def of(self, user: UserId, policies: Sequence[SignInPolicy]) -> Belonging:
        """What a person is to these policies, live; what a group is, a minute old at most.

        Raises:
            AccountNotVisible: the directory does not know the object id (any more, or here yet).
            LifecycleError: the directory is in passing trouble.
        """
        roles = await self._roles(user) if names_roles(policies) else frozenset()
        return Belonging(
            user_id=user,
            groups=await self._memberships(user, groups_named(policies)),
            could_join=await self._could_join(user, groups_excluded(policies)),
            roles=roles,
            could_hold=roles,
        )

    async def _memberships(self, user: UserId, groups: Iterable[str]) -> dict[str, bool | Unknown]:
        """`POST /v1.0/users/{id}/checkMemberGroups`: transitive."""
        known: dict[str, bool | Unknown] = {}
        for group in sorted(groups):
            readable = await self._readable(group)
            # A group that is gone has nobody, and hides nobody.
            known[group] = readable if isinstance(readable, Unknown) else False
        open_ones = [group for group, found in known.items() if found is False]
        try:
            known |= dict.fromkeys(await self._among(user, open_ones), True)
        except _REFUSED as error:
            known |= dict.fromkeys(open_ones, Unknown(error.detail))
        return known

    async def _among(self, user: UserId, groups: Sequence[str]) -> set[str]:
        """To which of the groups the person belongs."""
        found: set[str] = set()
        for start in range(0, len(groups), _AT_ONCE):
            asked = msgspec.json.encode({"groupIds": groups[start : start + _AT_ONCE]})
            body = await self._client.send(CHECK_GROUPS, {"user": user}, asked)
            found |= {group.casefold() for group in read_answer(body, GroupsAnswer).value}
        return found

    async def _readable(self, group: str) -> bool | Unknown:
        """Whether there is such a group; `Unknown` where nobody sees who is in it."""
        known = self._groups.get(group)
        now = self._monotonic()
        if known is None or now - known[0] >= _LASTS.total_seconds():
            self._groups[group] = known = now, await self._look_at(group)
        return known[1]

    async def _look_at(self, group: str) -> bool | Unknown:
        """`GET /v1.0/groups/{id}`."""
        try:
            body = await self._client.send(READ_GROUP, {"group": group})
        except AccountNotVisible:
            return False
        except _REFUSED as error:
            return Unknown(error.detail)
        if read_answer(body, GroupAnswer).visibility == _HIDDEN:
            return Unknown(f"The group {group} hides its members.")
        return True

    async def _could_join(self, user: UserId, groups: Iterable[str]) -> frozenset[str] | Unknown:
        """Which of the groups they could make themselves a member of: as owner, or by PIM."""
        joinable: set[str] = set()
        try:
            for group in sorted(groups):
                if await self._readable(group) is not True:
                    continue  # There is none, or it decides nothing that is not unknown already.
                if user.casefold() in await self._owners(group):
                    joinable.add(group)
                    continue
                eligible = await self._eligible(group)
                others = sorted(eligible - {user.casefold()})
                if user.casefold() in eligible or await self._among(user, others):
                    joinable.add(group)
        except _REFUSED as error:
            return Unknown(error.detail)
        return frozenset(joinable)

    async def _eligible(self, group: str) -> set[str]:
        """`GET /v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances`."""
        page = Page[HolderAnswer]
        try:
            found = await read_pages(self._client, LIST_GROUP_ELIGIBILITIES, {"group": group}, page)
        except LicenceMissing:
            return set()  # Without the licence nobody is eligible for anything.
        return {one.principal_id.casefold() for one in found}

    async def _owners(self, group: str) -> set[str]:
        """`GET /v1.0/groups/{id}/owners`."""
        page = Page[ObjectAnswer]
        found = await read_pages(self._client, LIST_GROUP_OWNERS, {"group": group}, page)
        return {one.id.casefold() for one in found}

    async def _roles(self, user: UserId) -> frozenset[str] | Unknown:
        """None, where they hold none and could hold none. Those of the others are not looked up."""
        try:
            privilege = await self._privileges.privilege(user)
        except PrivilegesUnreadable as error:
            return Unknown(error.detail)
        if privilege is Privilege.NONE:
            return frozenset()
        if isinstance(privilege, Unknown):
            return privilege
        return Unknown("A policy names roles, and the person holds one or could.")
