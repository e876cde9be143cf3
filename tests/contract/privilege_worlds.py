"""Ways to a directory role, and directories to look for them in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, Protocol
from uuid import uuid4

from shared.adapters.graph.clouds import CLOUDS
from shared.adapters.graph.privileges import GraphPrivileges
from shared.adapters.identity import held_roles
from shared.application.ports.people import Privileges
from shared.domain.ids import GroupId, UserId
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

    def make_activated(self) -> GroupId:
        """A group with a role that somebody is eligible for, beside one that nobody is."""
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

    def make_activated(self) -> GroupId:
        """A group with a role that somebody is eligible for."""
        group = GroupId(str(uuid4()))
        self._fake.activated.add(group)
        return group


class GraphWorld:
    """The Graph adapter on the simulated tenant."""

    def __init__(self, privileges: GraphPrivileges, roles: Roles) -> None:
        self.privileges: Privileges = privileges
        self._roles = roles

    def make(self, privilege: Privilege) -> UserId:
        """Somebody who is privileged by that."""
        way = next(way for way, expected in WAYS.items() if expected is privilege)
        return way(self._roles)

    def make_activated(self) -> GroupId:
        """A group with a role that somebody is eligible for, beside one that nobody is."""
        roles = self._roles
        group = roles.role_group(eligibleMembers=[roles.group()])
        roles.role(members=[group, roles.role_group(owners=[roles.person()])])
        return GroupId(group)
