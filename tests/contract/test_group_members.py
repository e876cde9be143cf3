"""The port `GroupMembers`: the fake and the adapter promise the same."""

from collections.abc import AsyncIterator
from typing import Protocol
from uuid import uuid4

import pytest

from shared.adapters.graph.group_members import GraphGroupMembers
from shared.application.ports.enrolments import GroupMembers
from shared.domain.errors.directory import GroupUnusable, MalformedAnswer, PermissionMissing
from shared.domain.ids import GroupId, UserId
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import GivenTokens, graph_client
from tests.fakes.directory import FakeDirectory
from tests.stands.graph import GraphControl, GraphStand


class World(Protocol):
    """Groups as the port shows them."""

    port: GroupMembers

    def person(self) -> UserId:
        """Let a person appear."""
        ...

    def group(self, *members: str) -> GroupId:
        """Let a group appear."""
        ...


class FakeWorld:
    """The fake."""

    def __init__(self) -> None:
        self._fake = FakeDirectory()
        self.port: GroupMembers = self._fake

    def person(self) -> UserId:
        """Let a person appear."""
        return self._fake.add(f"{uuid4().hex[:8]}@contoso.example")

    def group(self, *members: str) -> GroupId:
        """Let a group appear."""
        made = self._fake.add_group(str(uuid4()))
        self._fake.members[made] |= {UserId(one) for one in members}
        return made


class GraphWorld:
    """The adapter on the simulated tenant, with the roles of the app that uses it."""

    def __init__(self, tenant: GraphControl, port: GroupMembers) -> None:
        self._tenant = tenant
        self.port = port

    def person(self) -> UserId:
        """Let a person appear."""
        return UserId(a_person(self._tenant))

    def group(self, *members: str) -> GroupId:
        """Let a group appear."""
        return a_group(self._tenant, *members)


def a_person(tenant: GraphControl) -> str:
    """A person of the tenant; their object id."""
    name = f"{uuid4().hex[:8]}@contoso.example"
    made: str = tenant.create_user(userPrincipalName=name, displayName="P")["id"]
    return made


def a_group(tenant: GraphControl, *members: str, **fields: object) -> GroupId:
    """A group of the tenant."""
    told = {"displayName": "G", "members": list(members), **fields}
    return GroupId(tenant.do("POST", "groups", told)["id"])


@pytest.fixture(params=["fake", "graph"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The fake, then the adapter."""
    if request.param == "fake":
        yield FakeWorld()
        return
    stand: GraphStand = request.getfixturevalue("graph_stand")
    tenant: GraphControl = request.getfixturevalue("tenant")
    token = tenant.token(sorted(GRAPH_ROLES[App.LIFECYCLE]))
    async with graph_client(stand.base_url, GivenTokens([token])) as client:
        yield GraphWorld(tenant, GraphGroupMembers(client))


async def test_everybody_in_the_group_is_told_once(world: World) -> None:
    """All its people and nobody else."""
    first, second, _ = world.person(), world.person(), world.person()
    group = world.group(first, second)
    assert sorted(await world.port.people_of(group)) == sorted([first, second])
    assert await world.port.people_of(world.group()) == ()


async def test_a_group_that_is_not_there_has_nobody_knows_whom(world: World) -> None:
    """It is no empty group."""
    with pytest.raises(GroupUnusable):
        await world.port.people_of(GroupId(str(uuid4())))


async def test_people_of_groups_inside_it_belong_to_it(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """Transitively, each once; the groups themselves are no people."""
    inner_person, both = a_person(tenant), a_person(tenant)
    inner = a_group(tenant, inner_person, both)
    outer = a_group(tenant, inner, both)
    async with graph_client(graph_stand.base_url, GivenTokens([tenant.token()])) as client:
        found = await GraphGroupMembers(client).people_of(outer)
    assert sorted(found) == sorted([inner_person, both])


async def test_hidden_membership_is_unknown_and_not_empty(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """Graph answers 200 and nobody to who may not see them; that is never taken for nobody."""
    group = a_group(tenant, a_person(tenant), hiddenMembership=True)
    token = tenant.token(sorted(GRAPH_ROLES[App.LIFECYCLE]))
    async with graph_client(graph_stand.base_url, GivenTokens([token])) as client:
        with pytest.raises(GroupUnusable, match="hides"):
            await GraphGroupMembers(client).people_of(group)


async def test_every_page_is_read(graph_stand: GraphStand, tenant: GraphControl) -> None:
    """A group of more than a page: two requests for its people, and nobody is lost."""
    members = [a_person(tenant) for _ in range(1002)]
    group = a_group(tenant, *members)
    tenant.do("DELETE", "requests")
    async with graph_client(graph_stand.base_url, GivenTokens([tenant.token()])) as client:
        found = await GraphGroupMembers(client).people_of(group)
    assert sorted(found) == sorted(members)
    assert len(tenant.requests()) == 3


async def test_a_page_that_fails_makes_no_shorter_list(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """A broken answer is an error, and no group of nobody."""
    group = a_group(tenant, a_person(tenant))
    tenant.fault("transitiveMembers", status=200, body='{"value": [{"id": null}]}', times=9)
    async with graph_client(graph_stand.base_url, GivenTokens([tenant.token()])) as client:
        with pytest.raises(MalformedAnswer):
            await GraphGroupMembers(client).people_of(group)


async def test_without_the_permission_the_role_is_named(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """A refusal is raised, with the role to grant."""
    group = a_group(tenant, a_person(tenant))
    poor = GivenTokens([tenant.token(["User.Read.All"])])
    async with graph_client(graph_stand.base_url, poor) as client:
        with pytest.raises(PermissionMissing, match=r"GroupMember\.Read\.All"):
            await GraphGroupMembers(client).people_of(group)


async def test_a_group_of_everybody_is_refused(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """More people than an enrolment may have are more likely a mistake."""
    group = a_group(tenant, a_person(tenant), a_person(tenant))
    async with graph_client(graph_stand.base_url, GivenTokens([tenant.token()])) as client:
        with pytest.raises(GroupUnusable, match="more than"):
            await GraphGroupMembers(client, most=1).people_of(group)
