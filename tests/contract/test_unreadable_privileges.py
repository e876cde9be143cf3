"""Where roles or groups can't be read: unknown, never `not privileged`."""

from itertools import pairwise
from typing import Final
from uuid import uuid4

import pytest

from shared.domain.authentication import Unknown
from shared.domain.errors.directory import (
    AccountNotVisible,
    DirectoryUnavailable,
    PrivilegesUnreadable,
    Throttled,
)
from shared.domain.ids import UserId
from shared.domain.people.standing import Privilege
from tests.contract.privilege_worlds import NEEDED, Roles, by_role, privileges_of
from tests.stands.graph import GraphControl, GraphStand


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
