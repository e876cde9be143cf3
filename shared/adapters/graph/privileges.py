"""Who is privileged, from Microsoft Graph (safety rule S1)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from shared.adapters.graph.answers import HolderAnswer, ObjectAnswer, Page
from shared.adapters.graph.calls.call import Call
from shared.adapters.graph.calls.groups import LIST_GROUP_OWNERS, LIST_MEMBERSHIPS
from shared.adapters.graph.calls.roles import (
    LIST_GROUP_ELIGIBILITIES,
    LIST_ROLE_ASSIGNMENTS,
    LIST_ROLE_ELIGIBILITIES,
    LIST_ROLE_GROUPS,
)
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.pages import read_pages
from shared.domain.authentication import Unknown
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.directory import AccountNotVisible, LicenceMissing, PrivilegesUnreadable
from shared.domain.ids import GroupId, UserId
from shared.domain.people.standing import Privilege

LONGEST_AGE: Final = 30.0
"""Seconds for which the tenant's lists may be believed.

A guard may be a minute old (S1); whoever keeps our answers has the other half.
"""
_MOST_PAGES: Final = 100

HeldRoles = Callable[[], Awaitable[frozenset[str] | Unknown]]
"""Which application roles our own token holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holders:
    """Who holds roles in this tenant, people and groups alike.

    Attributes:
        assigned: who holds a role now.
        eligible: who may activate one.
        groups: which of both are groups.
        owners: who owns one of these groups.
        joiners: who may activate membership or ownership of one of these groups.
        activated: those of these groups where that is somebody.
        proving_nothing: the application roles of the reads that found nothing; such a read proves
            something only if our token holds them.
        read_at: when the first of the reads began.
    """

    assigned: frozenset[str]
    eligible: frozenset[str]
    groups: frozenset[str]
    owners: frozenset[str]
    joiners: frozenset[str]
    activated: frozenset[str]
    proving_nothing: frozenset[str]
    read_at: float


class GraphPrivileges:
    """The port `Privileges` on Microsoft Graph.

    The lists of the whole tenant are read once for everybody, at most every 30 seconds: role
    assignments, role eligibilities, role-assignable groups, and for each of these groups that holds
    a role its owners and who is eligible in it (PIM for Groups). That is three requests in a tenant
    without such groups, and two more for each of them. A person costs no request of their own, or
    one where such groups exist: what they are a member of, through however many groups.

    Reading from the groups' side also finds who is eligible by way of a group inside a group, and
    does without `users/{id}/ownedObjects`, which is not for applications. Everything is v1.0.

    Args:
        client: sends the requests.
        held_roles: tells our own token's roles.
        monotonic: a clock in seconds that never goes back; `time.monotonic` in real use.
    """

    def __init__(
        self, client: GraphClient, held_roles: HeldRoles, monotonic: Callable[[], float]
    ) -> None:
        self._client = client
        self._held_roles = held_roles
        self._monotonic = monotonic
        self._holders: _Holders | None = None
        self._reading = asyncio.Lock()

    async def privilege(self, user: UserId) -> Privilege | Unknown:
        """By what a person is privileged, at most 30 seconds old."""
        with _told_as_unreadable():
            return await self._privilege(user.casefold())

    async def activated_groups(self) -> frozenset[GroupId]:
        """The groups with a role that somebody is eligible for, at most 30 seconds old."""
        with _told_as_unreadable():
            holders = await self._current_holders()
        return frozenset(map(GroupId, holders.activated))

    async def _privilege(self, user: str) -> Privilege | Unknown:
        holders = await self._current_holders()
        if user in holders.assigned:
            return Privilege.ROLE
        if user in holders.eligible or user in holders.joiners:
            return Privilege.ELIGIBLE
        if user in holders.owners:
            return Privilege.OWNER
        nothing = set(holders.proving_nothing)
        if holders.groups:
            belongs_to = await self._memberships(user)
            if belongs_to & holders.assigned:
                return Privilege.GROUP
            if belongs_to & (holders.eligible | holders.joiners):
                return Privilege.ELIGIBLE
            if not belongs_to:
                nothing.add(LIST_MEMBERSHIPS.role)
        return await self._none_if_proven(nothing)

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

    async def _current_holders(self) -> _Holders:
        async with self._reading:
            known, now = self._holders, self._monotonic()
            if known is None or now - known.read_at >= LONGEST_AGE:
                try:
                    self._holders = known = await _read_holders(self._client, now)
                except AccountNotVisible as error:
                    # A group that is just being deleted; it says nothing about the person.
                    raise PrivilegesUnreadable(error.detail) from error
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


async def _read_holders(client: GraphClient, now: float) -> _Holders:
    lists = _Lists(client)
    assigned = await lists.principals(LIST_ROLE_ASSIGNMENTS)
    eligible = await lists.eligible(LIST_ROLE_ELIGIBILITIES)
    groups = await lists.objects(LIST_ROLE_GROUPS) & (assigned | eligible)
    owners: frozenset[str] = frozenset()
    joiners: dict[str, frozenset[str]] = {}
    for group in sorted(groups):
        owners |= await lists.objects(LIST_GROUP_OWNERS, group=group)
        joiners[group] = await lists.eligible(LIST_GROUP_ELIGIBILITIES, group=group)
    return _Holders(
        assigned=assigned,
        eligible=eligible,
        groups=groups,
        owners=owners,
        joiners=frozenset().union(*joiners.values()),
        activated=frozenset(group for group, some in joiners.items() if some),
        proving_nothing=frozenset(lists.proving_nothing),
        read_at=now,
    )


class _Lists:
    """Reads lists of ids, and keeps in mind which of them were empty.

    Attributes:
        proving_nothing: the application roles of the reads that found nothing.
    """

    def __init__(self, client: GraphClient) -> None:
        self._client = client
        self.proving_nothing: set[str] = set()

    async def objects(self, call: Call, **values: str) -> frozenset[str]:
        """The objects in a list."""
        found = await read_pages(self._client, call, values, Page[ObjectAnswer], most=_MOST_PAGES)
        return self._ids(call, (one.id for one in found))

    async def principals(self, call: Call, **values: str) -> frozenset[str]:
        """Whom the lines of a list are about."""
        found = await read_pages(self._client, call, values, Page[HolderAnswer], most=_MOST_PAGES)
        return self._ids(call, (one.principal_id for one in found))

    async def eligible(self, call: Call, **values: str) -> frozenset[str]:
        """The same where it takes a licence; without it there is surely nobody."""
        try:
            return await self.principals(call, **values)
        except LicenceMissing:
            return frozenset()

    def _ids(self, call: Call, ids: Iterable[str]) -> frozenset[str]:
        folded = frozenset(one.casefold() for one in ids)
        if not folded:
            self.proving_nothing.add(call.role)
        return folded
