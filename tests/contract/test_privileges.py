"""The port `Privileges`: every way to a directory role is found, and nothing is taken for none."""

from collections.abc import AsyncIterator

import pytest

from shared.adapters.graph.privileges import LONGEST_AGE
from shared.domain.authentication import Unknown
from shared.domain.ids import UserId
from shared.domain.people.standing import Privilege
from tests.contract.privilege_worlds import (
    NEEDED,
    SHARED,
    WAYS,
    FakeWorld,
    GraphWorld,
    Roles,
    Seconds,
    World,
    by_group,
    privileges_of,
)
from tests.stands.graph import GraphControl, GraphStand


@pytest.fixture(params=["fake", "graph"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The fake, then the real adapter."""
    if request.param == "fake":
        yield FakeWorld()
        return
    stand: GraphStand = request.getfixturevalue("graph_stand")
    tenant: GraphControl = request.getfixturevalue("tenant")
    roles: Roles = request.getfixturevalue("roles")
    async with privileges_of(stand, tenant.token(NEEDED)) as privileges:
        yield GraphWorld(privileges, roles)


@pytest.mark.parametrize("privilege", Privilege)
async def test_privilege_is_told(world: World, privilege: Privilege) -> None:
    """Everybody is told apart by what they are privileged by; who is nobody special, too."""
    assert await world.privileges.privilege(world.make(privilege)) is privilege


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_every_way_to_a_role_is_found(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles, way: object
) -> None:
    """With the least application roles, each way by which a person may hold a role is found."""
    assert callable(way)
    person = way(roles)
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        assert await privileges.privilege(person) is WAYS[way]
        assert await privileges.privilege(UserId(person.upper())) is WAYS[way]


async def test_the_tenant_is_read_once_for_everybody(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Without groups that hold roles: three requests for all people together, none for each."""
    roles.role(members=[roles.person()])
    people = [roles.person() for _ in range(3)]
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        tenant.do("DELETE", "requests")
        for person in people:
            assert await privileges.privilege(person) is Privilege.NONE
        assert tenant.stats()["requests"] == SHARED


def requests(*, groups: int, people: int) -> dict[str, int]:
    """What is asked of so many groups that hold a role or lead to one, and so many people."""
    eligible = "GET /v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
    return {
        **SHARED,
        "GET /v1.0/groups/{group}/owners": groups,
        eligible: groups,
        "GET /v1.0/users/{user}/transitiveMemberOf": people,
    }


async def test_a_person_costs_one_request_where_groups_hold_roles(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Two more shared requests for each such group, and one for each person."""
    roles.role(members=[roles.role_group(), roles.role_group(owners=[roles.person()])])
    people = [roles.person() for _ in range(3)]
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        tenant.do("DELETE", "requests")
        for person in people:
            assert await privileges.privilege(person) is Privilege.NONE
        assert tenant.stats()["requests"] == requests(groups=2, people=3)


async def test_groups_that_lead_to_a_role_are_read_once_for_everybody(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Two requests for each, whichever groups it leads to, one for what is inside it.

    Twenty who are eligible are told apart in one, and groups that can hold roles hold none.
    """
    inside = roles.group(owners=[roles.person()])
    leading = roles.group(members=[inside, roles.person()])
    assignable = roles.role_group(eligibleMembers=[leading])
    eligible = [roles.person() for _ in range(19)]
    held = roles.role_group(eligibleMembers=[*eligible, leading], eligibleOwners=[assignable])
    roles.role(members=[held, roles.role_group(eligibleMembers=[leading, held, *eligible])])
    people = [roles.person() for _ in range(3)]
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        tenant.do("DELETE", "requests")
        for person in people:
            assert await privileges.privilege(person) is Privilege.NONE
        assert tenant.stats()["requests"] == {
            **requests(groups=5, people=3),
            "POST /v1.0/$batch": 2,
            "GET /v1.0/groups/{group}/transitiveMembers": 1,
        }


async def test_a_public_group_that_leads_to_a_role_leaves_everybody_in_doubt(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Anybody joins it alone; who surely is privileged is known all the same."""
    owner, anybody = roles.person(), roles.person()
    public = roles.group(public=True)
    leading = roles.group(owners=[owner], eligibleMembers=[public])
    roles.role(members=[roles.role_group(eligibleMembers=[leading])])
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        assert await privileges.privilege(owner) is Privilege.OWNER
        told = await privileges.privilege(anybody)
    assert told == Unknown(f"The public group {public} leads to a role.")


async def test_a_new_way_is_seen_within_half_a_minute(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Also where the group that leads to a role, and the person in it, were known before."""
    person, seconds = roles.person(), Seconds()
    leading = roles.group(owners=[person])
    roles.role(members=[roles.role_group()])
    async with privileges_of(graph_stand, tenant.token(NEEDED), seconds) as privileges:
        assert await privileges.privilege(person) is Privilege.NONE
        roles.role(members=[roles.role_group(eligibleOwners=[leading])])
        seconds.now = LONGEST_AGE
        assert await privileges.privilege(person) is Privilege.OWNER


async def test_a_new_role_is_seen_within_half_a_minute(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """What was read is believed for thirty seconds from the moment its read began."""
    person, seconds = roles.person(), Seconds()
    async with privileges_of(graph_stand, tenant.token(NEEDED), seconds) as privileges:
        assert await privileges.privilege(person) is Privilege.NONE
        roles.role(members=[person])
        seconds.now = LONGEST_AGE
        assert await privileges.privilege(person) is Privilege.ROLE


@pytest.mark.parametrize("licence", ["free", "p1"])
async def test_without_the_licence_nobody_is_eligible(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles, licence: str
) -> None:
    """A tenant without the licence has no eligibility; who holds a role is found all the same."""
    nobody, member = roles.person(), by_group(roles)
    roles.role(members=[roles.role_group(eligibleMembers=[roles.group(owners=[nobody])])])
    tenant.do("POST", "switches", {"licence": licence})
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        assert await privileges.privilege(nobody) is Privilege.NONE
        assert await privileges.privilege(member) is Privilege.GROUP
