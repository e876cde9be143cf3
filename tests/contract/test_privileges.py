"""The port `Privileges`: every way to a directory role is found, and nothing is taken for none."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import pairwise
from typing import Final, Protocol
from uuid import uuid4

import pytest

from shared.adapters.graph.clouds import CLOUDS
from shared.adapters.graph.privileges import LONGEST_AGE, GraphPrivileges
from shared.adapters.identity import held_roles
from shared.application.ports.people import Privileges
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import (
    AccountNotVisible,
    DirectoryUnavailable,
    PrivilegesUnreadable,
    Throttled,
)
from shared.domain.ids import UserId
from shared.domain.people.standing import Privilege
from shared.names import CloudName
from tests.contract.graph_client import GivenTokens, graph_client
from tests.fakes.privileges import FakePrivileges
from tests.stands.graph import GraphControl, GraphStand

NEEDED: Final = (
    "User.Read.All",
    "GroupMember.Read.All",
    "RoleManagement.Read.Directory",
    "RoleEligibilitySchedule.Read.Directory",
    "PrivilegedEligibilitySchedule.Read.AzureADGroup",
)
SHARED: Final = {
    "GET /v1.0/roleManagement/directory/roleAssignments": 1,
    "GET /v1.0/roleManagement/directory/roleEligibilityScheduleInstances": 1,
    "GET /v1.0/groups": 1,
}


class Roles:
    """The means to make people privileged in the simulated tenant."""

    def __init__(self, tenant: GraphControl) -> None:
        self._tenant = tenant
        self._made: list[str] = []

    def person(self) -> UserId:
        """Somebody who is nobody special."""
        made = self._tenant.create_user(
            userPrincipalName=f"{uuid4().hex[:10]}@contoso.example", displayName="A. Person"
        )
        return UserId(made["id"])

    def group(self, **fields: object) -> str:
        """A group; `members` and so on by id."""
        body = {"displayName": "Some group", **fields}
        made: dict[str, str] = self._tenant.do("POST", "groups", body)
        self._made.append(f"groups/{made['id']}")
        return made["id"]

    def role_group(self, **fields: object) -> str:
        """A group that can hold a role."""
        return self.group(isAssignableToRole=True, **fields)

    def role(self, **fields: object) -> None:
        """A role with `members`, `eligibleMembers`."""
        made = self._tenant.do("POST", "roles", {"displayName": "Some role", **fields})
        self._made.append(f"roles/{made['id']}")

    def undo(self) -> None:
        """Take roles and groups away again."""
        for path in reversed(self._made):
            self._tenant.do("DELETE", path)


def by_role(roles: Roles) -> UserId:
    """A role is assigned."""
    person = roles.person()
    roles.role(members=[person])
    return person


def by_custom_role(roles: Roles) -> UserId:
    """A role that the organisation made itself is assigned."""
    person = roles.person()
    roles.role(members=[person], isBuiltIn=False)
    return person


def by_group(roles: Roles) -> UserId:
    """A member of a group that holds a role."""
    person = roles.person()
    roles.role(members=[roles.role_group(members=[person])])
    return person


def by_eligibility(roles: Roles) -> UserId:
    """May activate a role."""
    person = roles.person()
    roles.role(eligibleMembers=[person])
    return person


def by_group_that_is_eligible(roles: Roles) -> UserId:
    """A member of a group that may activate a role."""
    person = roles.person()
    roles.role(eligibleMembers=[roles.role_group(members=[person])])
    return person


def by_eligible_membership(roles: Roles) -> UserId:
    """May become a member of a group that holds a role (PIM for Groups)."""
    person = roles.person()
    roles.role(members=[roles.role_group(eligibleMembers=[person])])
    return person


def by_eligible_ownership(roles: Roles) -> UserId:
    """May become an owner of a group that holds a role (PIM for Groups)."""
    person = roles.person()
    roles.role(members=[roles.role_group(eligibleOwners=[person])])
    return person


def by_group_in_group(roles: Roles) -> UserId:
    """Belongs, through another group, to a group whose members may join one that holds a role."""
    person = roles.person()
    outer = roles.group(members=[roles.group(members=[person])])
    roles.role(members=[roles.role_group(eligibleMembers=[outer])])
    return person


def by_ownership(roles: Roles) -> UserId:
    """Owns a group that holds a role."""
    person = roles.person()
    roles.role(members=[roles.role_group(owners=[person])])
    return person


def by_ownership_of_eligible_group(roles: Roles) -> UserId:
    """Owns a group that may activate a role."""
    person = roles.person()
    roles.role(eligibleMembers=[roles.role_group(owners=[person])])
    return person


def by_nothing(roles: Roles) -> UserId:
    """Belongs to and owns groups, some of which could hold a role and don't."""
    person = roles.person()
    roles.role_group(members=[person], owners=[person], eligibleOwners=[person])
    roles.group(members=[person], owners=[person])
    roles.role(members=[roles.role_group(members=[roles.person()])])
    return person


WAYS: Final = {
    by_role: Privilege.ROLE,
    by_custom_role: Privilege.ROLE,
    by_group: Privilege.GROUP,
    by_eligibility: Privilege.ELIGIBLE,
    by_group_that_is_eligible: Privilege.ELIGIBLE,
    by_eligible_membership: Privilege.ELIGIBLE,
    by_eligible_ownership: Privilege.ELIGIBLE,
    by_group_in_group: Privilege.ELIGIBLE,
    by_ownership: Privilege.OWNER,
    by_ownership_of_eligible_group: Privilege.OWNER,
    by_nothing: Privilege.NONE,
}


@pytest.fixture
def roles(tenant: GraphControl) -> Iterator[Roles]:
    """Roles and groups that go when the test ends."""
    made = Roles(tenant)
    yield made
    tenant.do("POST", "switches", {})
    made.undo()


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@asynccontextmanager
async def privileges_of(
    stand: GraphStand, token: str, seconds: Seconds | None = None
) -> AsyncIterator[GraphPrivileges]:
    """The adapter with this token."""
    credential = GivenTokens([token])
    scope = CLOUDS[CloudName.GLOBAL].scope
    async with graph_client(stand.base_url, credential) as client:
        yield GraphPrivileges(client, partial(held_roles, credential, scope), seconds or Seconds())


class World(Protocol):
    """The port, and the means to make somebody privileged."""

    privileges: Privileges

    def make(self, privilege: Privilege) -> UserId:
        """Somebody who is privileged by that."""
        ...


class FakeWorld:
    """The fake."""

    def __init__(self) -> None:
        self._fake = FakePrivileges()
        self.privileges: Privileges = self._fake

    def make(self, privilege: Privilege) -> UserId:
        """Somebody who is privileged by that."""
        person = UserId(str(uuid4()))
        self._fake.held[person] = privilege
        return person


class GraphWorld:
    """The Graph adapter on the simulated tenant."""

    def __init__(self, privileges: GraphPrivileges, roles: Roles) -> None:
        self.privileges: Privileges = privileges
        self._roles = roles

    def make(self, privilege: Privilege) -> UserId:
        """Somebody who is privileged by that."""
        way = next(way for way, expected in WAYS.items() if expected is privilege)
        return way(self._roles)


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
        assert Counter(tenant.stats()["requests"]) == Counter(
            {
                **SHARED,
                "GET /v1.0/groups/{group}/owners": 2,
                "GET /v1.0/identityGovernance/privilegedAccess/group"
                "/eligibilityScheduleInstances": 2,
                "GET /v1.0/users/{user}/transitiveMemberOf": 3,
            }
        )


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
    tenant.do("POST", "switches", {"licence": licence})
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        assert await privileges.privilege(nobody) is Privilege.NONE
        assert await privileges.privilege(member) is Privilege.GROUP


@pytest.mark.parametrize("missing", [role for role in NEEDED if role != "GroupMember.Read.All"])
async def test_an_empty_answer_without_permission_proves_nothing(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles, missing: str
) -> None:
    """Where Graph answers 200 and nothing, a person is `Unknown`, never `NONE`.

    So are they where another permission was enough to be answered with nothing.
    """
    roles.role(members=[roles.role_group()])
    tenant.do("POST", "switches", {"deniedRoleReads": "empty"})
    token = tenant.token([role for role in NEEDED if role != missing])
    async with privileges_of(graph_stand, token) as privileges:
        told = await privileges.privilege(roles.person())
    assert told == Unknown(f"Empty answers without the role {missing}.")


async def test_who_is_surely_privileged_needs_no_proof(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """One read that finds a role is enough, whatever the others are worth."""
    person = by_role(roles)
    tenant.do("POST", "switches", {"deniedRoleReads": "empty"})
    token = tenant.token(["RoleManagement.Read.Directory", "GroupMember.Read.All"])
    async with privileges_of(graph_stand, token) as privileges:
        assert await privileges.privilege(person) is Privilege.ROLE


@pytest.mark.parametrize(
    "missing",
    [
        "GroupMember.Read.All",
        "RoleManagement.Read.Directory",
        "PrivilegedEligibilitySchedule.Read.AzureADGroup",
    ],
)
async def test_a_refused_read_is_tried_again_later(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles, missing: str
) -> None:
    """Where Graph answers 403 the work is deferred, in the hope that the role is granted."""
    roles.role(members=[roles.role_group()])
    token = tenant.token([role for role in NEEDED if role != missing])
    async with privileges_of(graph_stand, token) as privileges:
        with pytest.raises(PrivilegesUnreadable):
            await privileges.privilege(roles.person())


FAULTS: Final = {
    429: Throttled,
    500: DirectoryUnavailable,
    503: DirectoryUnavailable,
    400: PrivilegesUnreadable,
    403: PrivilegesUnreadable,
    404: PrivilegesUnreadable,
}


@pytest.mark.parametrize("status", FAULTS)
@pytest.mark.parametrize(
    "part", ["roleAssignments", "roleEligibility", "groups$", "owners", "group/elig", "transitive"]
)
async def test_a_failed_read_is_no_answer(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles, part: str, status: int
) -> None:
    """Whichever read fails, and however: it is raised, and it can be asked again.

    Only a 404 to the question about the person says that the person is gone.
    """
    roles.role(members=[roles.role_group()])
    person = roles.person()
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        tenant.fault(part, status=status, retryAfter=60)
        gone = status == 404 and part == "transitive"
        with pytest.raises(AccountNotVisible if gone else FAULTS[status]):
            await privileges.privilege(person)
        tenant.clear_faults()
        assert await privileges.privilege(person) is Privilege.NONE


async def test_somebody_who_is_gone_is_not_visible(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """An id that the directory does not know is not "not privileged" where groups hold roles."""
    roles.role(members=[roles.role_group()])
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        with pytest.raises(AccountNotVisible):
            await privileges.privilege(UserId(str(uuid4())))


async def test_every_page_is_read(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """The last of many holders is found as well as the first."""
    people = [roles.person() for _ in range(101)]
    roles.role(members=people)
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        told = [await privileges.privilege(person) for person in people]
    assert all(one is other is Privilege.ROLE for one, other in pairwise(told))
