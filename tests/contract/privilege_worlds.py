"""Ways to a directory role, and directories to look for them in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, Protocol
from uuid import uuid4

from shared.adapters.graph.clouds import CLOUDS
from shared.adapters.graph.privileges import GraphPrivileges
from shared.adapters.graph.sweep.sources import groups_promptly
from shared.adapters.identity import held_roles
from shared.application.ports.people import Privileges
from shared.domain.ids import UserId
from shared.domain.people.standing import Privilege
from shared.names import CloudName
from tests.contract.graph_client import GivenTokens, Pauses, graph_client
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


def by_ownership_of_group_that_may_join(roles: Roles) -> UserId:
    """Owns a group whose members may become members of one that holds a role."""
    person = roles.person()
    roles.role(members=[roles.role_group(eligibleMembers=[roles.group(owners=[person])])])
    return person


def by_ownership_of_group_that_may_own(roles: Roles) -> UserId:
    """Owns a group whose members may become owners of one that may activate a role."""
    person = roles.person()
    roles.role(eligibleMembers=[roles.role_group(eligibleOwners=[roles.group(owners=[person])])])
    return person


def by_ownership_of_group_inside(roles: Roles) -> UserId:
    """Owns a group inside a group inside one that may join one that holds a role."""
    person = roles.person()
    inside = roles.group(members=[roles.group(owners=[person])])
    roles.role(members=[roles.role_group(eligibleMembers=[roles.group(members=[inside])])])
    return person


def by_ownership_at_the_end(roles: Roles) -> UserId:
    """Owns a group that may join a group that may join one that holds a role."""
    person = roles.person()
    far = roles.group(eligibleOwners=[roles.role_group(owners=[person])])
    roles.role(members=[roles.role_group(eligibleMembers=[far])])
    return person


def by_eligibility_for_group_that_may_join(roles: Roles) -> UserId:
    """May become a member of a group whose members may join one that holds a role."""
    person = roles.person()
    roles.role(members=[roles.role_group(eligibleMembers=[roles.group(eligibleMembers=[person])])])
    return person


def by_eligibility_for_group_inside(roles: Roles) -> UserId:
    """Belongs to a group that may own one inside one that may join one that holds a role."""
    person = roles.person()
    inside = roles.group(eligibleOwners=[roles.group(members=[person])])
    roles.role(members=[roles.role_group(eligibleMembers=[roles.group(members=[inside])])])
    return person


def by_nothing(roles: Roles) -> UserId:
    """Belongs to and owns groups, some of which could hold a role and don't.

    A group in which one is that leads to a role leads nowhere itself.
    """
    person = roles.person()
    mine = roles.group(members=[person], owners=[person], eligibleMembers=[person])
    theirs = roles.group(members=[roles.person()])
    roles.role_group(members=[person], owners=[person], eligibleOwners=[person])
    roles.role_group(eligibleMembers=[mine], eligibleOwners=[theirs])
    held = roles.role_group(members=[roles.person()], eligibleMembers=[theirs])
    roles.group(members=[held, theirs, person], owners=[person], eligibleOwners=[person])
    roles.role(members=[held])
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
    by_ownership_of_group_that_may_join: Privilege.OWNER,
    by_ownership_of_group_that_may_own: Privilege.OWNER,
    by_ownership_of_group_inside: Privilege.OWNER,
    by_ownership_at_the_end: Privilege.OWNER,
    by_eligibility_for_group_that_may_join: Privilege.ELIGIBLE,
    by_eligibility_for_group_inside: Privilege.ELIGIBLE,
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
        own_roles = partial(held_roles, credential, scope)
        groups = groups_promptly(client, Pauses(), own_roles)
        yield GraphPrivileges(client, groups, own_roles, seconds or Seconds())


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
