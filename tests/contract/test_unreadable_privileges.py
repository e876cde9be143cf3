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
    roles.role(members=[roles.role_group(eligibleMembers=[roles.group()])])
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
    "part",
    [
        "roleAssignments",
        "roleEligibility",
        "groups$",
        "owners",
        "group/elig",
        "transitiveMemberOf",
        "batch$",
        "transitiveMembers",
    ],
)
async def test_a_failed_read_is_no_answer(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles, part: str, status: int
) -> None:
    """Whichever read fails, and however: it is raised, and it can be asked again.

    Only a 404 to the question about the person says that the person is gone.
    """
    roles.role(members=[roles.role_group(eligibleMembers=[roles.group(members=[roles.group()])])])
    person = roles.person()
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        tenant.fault(part, status=status, retryAfter=60)
        gone = status == 404 and part == "transitiveMemberOf"
        with pytest.raises(AccountNotVisible if gone else FAULTS[status]):
            await privileges.privilege(person)
        tenant.clear_faults()
        assert await privileges.privilege(person) is Privilege.NONE


@pytest.mark.parametrize("status", [400, 403, 429, 500])
async def test_a_group_of_which_nothing_is_told_is_no_person(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles, status: int
) -> None:
    """One of many answers is enough to leave it open; only a 404 tells that it is no group."""
    leading = roles.group()
    roles.role(members=[roles.role_group(eligibleMembers=[leading, roles.person()])])
    person = roles.person()
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        tenant.fault(f"GET /v1.0/groups/{leading}", status=status)
        with pytest.raises(FAULTS[status]):
            await privileges.privilege(person)
        tenant.clear_faults()
        assert await privileges.privilege(person) is Privilege.NONE


async def test_a_group_that_hides_its_members_and_leads_to_a_role_hides_who_could(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Nobody sees who is in it, unless our token does; its owners are seen."""
    member, owner, nobody = roles.person(), roles.person(), roles.person()
    hidden = roles.group(hiddenMembership=True, members=[member], owners=[owner])
    roles.role(members=[roles.role_group(eligibleMembers=[hidden])])
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        assert await privileges.privilege(owner) is Privilege.OWNER
        for person in (member, nobody):
            told = await privileges.privilege(person)
            assert told == Unknown(f"The group {hidden} hides its members. It leads to a role.")
    token = tenant.token([*NEEDED, "Member.Read.Hidden"])
    async with privileges_of(graph_stand, token) as privileges:
        assert await privileges.privilege(member) is Privilege.ELIGIBLE
        assert await privileges.privilege(nobody) is Privilege.NONE


async def test_more_groups_than_anybody_looks_at_leave_it_open(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """No more requests are made; the people that were found are known all the same."""
    member, nobody = roles.person(), roles.person()
    leading = roles.group(members=[member, *(roles.group() for _ in range(200))])
    roles.role(members=[roles.role_group(eligibleMembers=[leading])])
    async with privileges_of(graph_stand, tenant.token(NEEDED)) as privileges:
        tenant.do("DELETE", "requests")
        assert await privileges.privilege(member) is Privilege.ELIGIBLE
        told = await privileges.privilege(nobody)
    assert told == Unknown("More groups lead to roles than are looked at.")
    assert tenant.stats()["requests"]["GET /v1.0/groups/{group}/owners"] == 1


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
