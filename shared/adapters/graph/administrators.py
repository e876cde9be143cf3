"""Who could still administer the tenant, from Microsoft Graph (safety rule S2)."""

from collections.abc import AsyncIterator
from itertools import islice
from typing import Final, TypeVar

from shared.adapters.graph.answers import HolderAnswer, ObjectAnswer, Page
from shared.adapters.graph.calls.call import Call
from shared.adapters.graph.calls.groups import LIST_GROUP_PEOPLE
from shared.adapters.graph.calls.roles import LIST_ROLE_GROUPS, LIST_ROLE_HOLDERS
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.pages import read_pages
from shared.adapters.graph.privileges import HeldRoles
from shared.application.ports.directory import Directory
from shared.application.ports.sign_ins import SignIns
from shared.domain.accounts import NoAccount
from shared.domain.authentication import Unknown, is_registered
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.directory import AccountNotVisible, PrivilegesUnreadable
from shared.domain.ids import UserId
from shared.domain.people.administrators import FEWEST_ADMINISTRATORS, Administrator

GLOBAL_ADMINISTRATOR: Final = "62e90394-69f5-4237-9190-012177145e10"
"""The same in every tenant:
https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference"""
MOST_READ: Final = 20
"""How many administrators are looked at; Microsoft advises fewer than five."""
_NOT_READ: Final = Unknown("Nobody signs in to the account, so nobody looked.")

Row = TypeVar("Row")


class GraphAdministrators:
    """The port `Administrators` on Microsoft Graph. Nothing of it is remembered.

    Two lists, one more for each group that holds the role, and two reads for each administrator,
    until enough of them are found.

    Args:
        client: sends the requests.
        directory: reads people's methods.
        sign_ins: reads who is blocked.
        held_roles: tells our own token's roles.
    """

    def __init__(
        self, client: GraphClient, directory: Directory, sign_ins: SignIns, held_roles: HeldRoles
    ) -> None:
        self._client = client
        self._directory = directory
        self._sign_ins = sign_ins
        self._held_roles = held_roles

    async def beside(self, target: UserId) -> tuple[Administrator, ...]:
        """The administrators, as far as a ruling about one of them needs them."""
        person = UserId(target.casefold())
        try:
            holders = await self._holders()
        except AccountNotVisible as error:
            # A group that is just being deleted; it says nothing about the person.
            raise PrivilegesUnreadable(error.detail) from error
        except LifecycleError as error:
            if error.disposition is Disposition.DEFER:
                raise
            raise PrivilegesUnreadable(error.detail) from error
        if person not in holders:
            return ()
        found = [await self._administrator(person)]
        able = 0
        async for other in self._each(sorted(holders - {person})):
            found.append(other)
            able += other.surely_able
            if able == FEWEST_ADMINISTRATORS:
                break
        return tuple(found)

    async def _each(self, users: list[UserId]) -> AsyncIterator[Administrator]:
        for user in islice(users, MOST_READ):
            yield await self._administrator(user)

    async def _administrator(self, user: UserId) -> Administrator:
        """One of them. What can't be read is unknown, and counts for nothing."""
        try:
            state = await self._sign_ins.state(user)
            if isinstance(state, NoAccount) or not state.open:
                return Administrator(user_id=user, blocked=True, registered=_NOT_READ)
            registered = is_registered(await self._directory.methods(user))
        except AccountNotVisible:
            return Administrator(user_id=user, blocked=True, registered=_NOT_READ)
        except LifecycleError as error:
            unknown = Unknown(error.detail)
            return Administrator(user_id=user, blocked=unknown, registered=unknown)
        return Administrator(user_id=user, blocked=False, registered=registered)

    async def _holders(self) -> frozenset[UserId]:
        """Whoever holds the role now, directly or through groups; apps are among them."""
        lines = await self._list(LIST_ROLE_HOLDERS, Page[HolderAnswer], role=GLOBAL_ADMINISTRATOR)
        principals = {line.principal_id.casefold() for line in lines}
        role_groups = await self._list(LIST_ROLE_GROUPS, Page[ObjectAnswer])
        groups = principals & {group.id.casefold() for group in role_groups}
        members: set[str] = set()
        for group in sorted(groups):
            people = await self._list(LIST_GROUP_PEOPLE, Page[ObjectAnswer], group=group)
            members |= {one.id.casefold() for one in people}
        return frozenset(map(UserId, (principals - groups) | members))

    async def _list(self, call: Call, page: type[Page[Row]], **values: str) -> list[Row]:
        """A list. An empty one proves something only if our token may read it.

        Raises:
            PrivilegesUnreadable: it may not.
        """
        rows = await read_pages(self._client, call, values, page)
        if not rows:
            held = await self._held_roles()
            if isinstance(held, Unknown) or call.role not in held:
                raise PrivilegesUnreadable(f"An empty answer without the role {call.role}.")
        return rows
