"""The port `Groups` and the writes of membership: the fake and the adapter promise the same."""

from collections.abc import AsyncIterator
from typing import Any, Protocol
from uuid import uuid4

import pytest

from shared.adapters.graph.groups import GraphGroups
from shared.application.ports.directory import DirectoryWrites
from shared.application.ports.groups import Groups
from shared.domain.authentication import Unknown
from shared.domain.control import Capability
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.errors.directory import AccountNotVisible, GroupUnusable, PermissionMissing
from shared.domain.ids import GroupId, UserId
from tests.contract.graph_client import GivenTokens, graph_client, graph_writes
from tests.contract.leases import A_SPENDER, PlainLease
from tests.fakes.directory import FakeDirectory
from tests.stands.graph import GraphControl, GraphStand

KINDS: dict[str, dict[str, Any]] = {
    "role-assignable": {"isAssignableToRole": True},
    "dynamic": {"membershipRule": "user.department -eq 'x'"},
    "synchronised": {"onPremisesSyncEnabled": True},
    "hidden": {"hiddenMembership": True},
}
"""The groups that are not to be used."""


class World(Protocol):
    """Groups as their ports show them. It has two groups that can be used, and one of a kind."""

    groups: Groups
    writes: DirectoryWrites
    first: GroupId
    second: GroupId
    unusable: GroupId

    def person(self) -> UserId:
        """Let a person appear."""
        ...


class FakeWorld:
    """The fake."""

    def __init__(self) -> None:
        self._fake = FakeDirectory()
        self.groups: Groups = self._fake
        self.writes: DirectoryWrites = self._fake
        self.first, self.second = self._fake.add_group("first"), self._fake.add_group("second")
        self.unusable = GroupId("unusable")
        self._fake.unusable[self.unusable] = "It can't be used."

    def person(self) -> UserId:
        """Let a person appear."""
        return self._fake.add(f"{uuid4().hex[:8]}@contoso.example")


class GraphWorld:
    """The adapter on the simulated tenant."""

    def __init__(self, tenant: GraphControl, kind: str) -> None:
        self._tenant = tenant
        self.groups: Groups
        self.writes: DirectoryWrites
        self.first, self.second = self._group(), self._group()
        self.unusable = self._group(**KINDS[kind])

    def _group(self, **fields: object) -> GroupId:
        return GroupId(self._tenant.do("POST", "groups", {"displayName": "G", **fields})["id"])

    def person(self) -> UserId:
        """Let a person appear."""
        name = f"{uuid4().hex[:8]}@contoso.example"
        return UserId(self._tenant.create_user(userPrincipalName=name, displayName="P")["id"])


@pytest.fixture(params=["fake", *KINDS])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The fake, then the real adapter beside each kind of group that is not to be used."""
    if request.param == "fake":
        yield FakeWorld()
        return
    stand: GraphStand = request.getfixturevalue("graph_stand")
    tenant: GraphControl = request.getfixturevalue("tenant")
    async with graph_client(stand.base_url, GivenTokens([tenant.token()])) as client:
        made = GraphWorld(tenant, request.param)
        watched = (made.first, made.second, made.unusable, GroupId(str(uuid4())))
        made.groups = GraphGroups(client, watched)
        made.writes = graph_writes(client, *watched)
        yield made


async def write(world: World, user: UserId, effect: AddToGroup | RemoveFromGroup) -> None:
    """Ask for an effect on behalf of onboarding."""
    lease = PlainLease(user)
    await world.writes.write(
        user, effect, capability=Capability.ONBOARDING, lease=lease, spender=A_SPENDER
    )


async def test_who_joins_is_a_member_and_who_leaves_is_none(world: World) -> None:
    """Membership that was written is read back, and other groups are left alone."""
    user = world.person()
    assert [(await world.groups.memberships(user)).of(g) for g in (world.first, world.second)] == [
        False,
        False,
    ]
    await write(world, user, AddToGroup(world.first))
    known = await world.groups.memberships(user)
    assert (known.of(world.first), known.of(world.second)) == (True, False)
    await write(world, user, RemoveFromGroup(world.first))
    assert (await world.groups.memberships(user)).of(world.first) is False


async def test_joining_and_leaving_twice_is_no_error(world: World) -> None:
    """A member who joins, and somebody who is no member and leaves, are where they should be."""
    user = world.person()
    for _ in range(2):
        await write(world, user, AddToGroup(world.first))
    assert (await world.groups.memberships(user)).of(world.first) is True
    for _ in range(2):
        await write(world, user, RemoveFromGroup(world.first))
    assert (await world.groups.memberships(user)).of(world.first) is False


async def test_a_group_that_can_not_be_used_is_unknown_and_never_written(world: World) -> None:
    """Roles, rules, other masters and hidden members: no reading proves anything, no write goes."""
    user = world.person()
    known = await world.groups.memberships(user)
    assert isinstance(known.of(world.unusable), Unknown)
    assert known.of(world.first) is False
    for effect in (AddToGroup(world.unusable), RemoveFromGroup(world.unusable)):
        with pytest.raises(GroupUnusable):
            await write(world, user, effect)


async def test_a_group_that_does_not_exist_is_unknown(world: World) -> None:
    """Nobody is "not a member" of a group that is not there, and nobody can join it."""
    user, nowhere = world.person(), GroupId(str(uuid4()))
    assert isinstance((await world.groups.memberships(user)).of(nowhere), Unknown)
    with pytest.raises(GroupUnusable):
        await write(world, user, AddToGroup(nowhere))


async def test_a_stranger_is_not_visible(world: World) -> None:
    """An object id that the directory does not know is no non-member."""
    nobody = UserId(str(uuid4()))
    with pytest.raises(AccountNotVisible):
        await world.groups.memberships(nobody)
    with pytest.raises(AccountNotVisible):
        await write(world, nobody, AddToGroup(world.first))


async def test_membership_through_another_group_counts(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """Policies apply to whoever is in a group through another one."""
    person = tenant.create_user(userPrincipalName=f"{uuid4().hex}@contoso.example", displayName="P")
    inner = tenant.do("POST", "groups", {"displayName": "I", "members": [person["id"]]})["id"]
    outer = GroupId(tenant.do("POST", "groups", {"displayName": "O", "members": [inner]})["id"])
    async with graph_client(graph_stand.base_url, GivenTokens([tenant.token()])) as client:
        known = await GraphGroups(client, [outer]).memberships(UserId(person["id"]))
    assert known.of(outer) is True


async def test_a_group_is_checked_once(graph_stand: GraphStand, tenant: GraphControl) -> None:
    """One request for a group's kind, and one for each person."""
    person = tenant.create_user(userPrincipalName=f"{uuid4().hex}@contoso.example", displayName="P")
    group = GroupId(tenant.do("POST", "groups", {"displayName": "G"})["id"])
    tenant.do("DELETE", "requests")
    async with graph_client(graph_stand.base_url, GivenTokens([tenant.token()])) as client:
        groups = GraphGroups(client, [group])
        for _ in range(3):
            await groups.memberships(UserId(person["id"]))
    assert [entry["method"] for entry in tenant.requests()] == ["GET", "POST", "POST", "POST"]


async def test_without_the_permission_nobody_is_called_no_member(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """A refusal is raised, with the role to grant."""
    person = tenant.create_user(userPrincipalName=f"{uuid4().hex}@contoso.example", displayName="P")
    group = GroupId(tenant.do("POST", "groups", {"displayName": "G"})["id"])
    poor = GivenTokens([tenant.token(["User.Read.All"])])
    async with graph_client(graph_stand.base_url, poor) as client:
        with pytest.raises(PermissionMissing, match=r"GroupMember\.Read\.All"):
            await GraphGroups(client, [group]).memberships(UserId(person["id"]))
