"""Who is privileged, from Microsoft Graph (safety rule S1)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from shared.adapters.graph.answers import ObjectAnswer, Page
from shared.adapters.graph.calls.groups import LIST_MEMBERSHIPS
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.pages import read_pages
from shared.adapters.graph.role_holders import RoleHolders, read_role_holders
from shared.adapters.graph.sweep.groups import GroupPeople
from shared.domain.authentication import Unknown
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.directory import AccountNotVisible, PrivilegesUnreadable
from shared.domain.ids import UserId
from shared.domain.people.standing import Privilege

LONGEST_AGE: Final = 30.0
"""Seconds for which the tenant's lists may be believed.

A guard may be a minute old (S1); whoever keeps our answers has the other half.
"""
_MOST_PAGES: Final = 100

HeldRoles = Callable[[], Awaitable[frozenset[str] | Unknown]]
"""Which application roles our own token holds."""


class GraphPrivileges:
    """The port `Privileges` on Microsoft Graph.

    The lists of the whole tenant are read once for everybody, at most every 30 seconds: role
    assignments, role eligibilities, role-assignable groups; of each group that holds a role its
    owners and who is eligible in it (PIM for Groups), and the same of each group by way of which
    somebody joins one of those. That is three requests in a tenant without such groups, and two
    more for each of them; one for twenty that are eligible in them, to tell groups from people; and
    one for what is inside a group that is. A person costs no request of their own, or one where
    such groups exist: what they are a member of, through however many groups.

    Reading from the groups' side also finds who is eligible by way of a group inside a group, and
    does without `users/{id}/ownedObjects`, which is not for applications. Everything is v1.0.

    Args:
        client: sends the requests.
        groups: tells what groups are.
        held_roles: tells our own token's roles.
        monotonic: a clock in seconds that never goes back; `time.monotonic` in real use.
    """

    def __init__(
        self,
        client: GraphClient,
        groups: GroupPeople,
        held_roles: HeldRoles,
        monotonic: Callable[[], float],
    ) -> None:
        self._client = client
        self._groups = groups
        self._held_roles = held_roles
        self._monotonic = monotonic
        self._holders: RoleHolders | None = None
        self._read_at = 0.0
        self._reading = asyncio.Lock()

    async def privilege(self, user: UserId) -> Privilege | Unknown:
        """By what a person is privileged, at most 30 seconds old."""
        with _told_as_unreadable():
            return await self._privilege(user.casefold())

    async def _privilege(self, user: str) -> Privilege | Unknown:
        holders = await self._current_holders()
        if user in holders.assigned:
            return Privilege.ROLE
        if user in holders.eligible:
            return Privilege.ELIGIBLE
        if user in holders.owners:
            return Privilege.OWNER
        nothing = set(holders.proving_nothing)
        if holders.groups:
            belongs_to = await self._memberships(user)
            if belongs_to & holders.assigned:
                return Privilege.GROUP
            if belongs_to & holders.eligible:
                return Privilege.ELIGIBLE
            if not belongs_to:
                nothing.add(LIST_MEMBERSHIPS.role)
        return holders.doubt or await self._none_if_proven(nothing)

    async def _none_if_proven(self, needed: set[str]) -> Privilege | Unknown:
        """`NONE` where our token may read all that turned out to be empty."""
        if not needed:
            return Privilege.NONE
        held = await self._held_roles()
        if isinstance(held, Unknown):
            return held
        missing = needed - held
        if missing:
            return Unknown(f"Empty answers without the role {', '.join(sorted(missing))}.")
        return Privilege.NONE

    async def _memberships(self, user: str) -> frozenset[str]:
        found = await read_pages(
            self._client, LIST_MEMBERSHIPS, {"user": user}, Page[ObjectAnswer], most=_MOST_PAGES
        )
        return frozenset(one.id.casefold() for one in found)

    async def _current_holders(self) -> RoleHolders:
        async with self._reading:
            known, now = self._holders, self._monotonic()
            if known is None or now - self._read_at >= LONGEST_AGE:
                try:
                    known = await read_role_holders(self._client, self._groups)
                except AccountNotVisible as error:
                    # A group that is just being deleted; it says nothing about the person.
                    raise PrivilegesUnreadable(error.detail) from error
                self._holders, self._read_at = known, now
            return known


@contextmanager
def _told_as_unreadable() -> Iterator[None]:
    """What is refused for good."""
    try:
        yield
    except LifecycleError as error:
        if error.disposition is Disposition.DEFER:
            raise
        raise PrivilegesUnreadable(error.detail) from error
