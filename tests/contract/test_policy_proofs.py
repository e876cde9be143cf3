"""What policies prove of a person, read from the simulated tenant: old clients, registering."""

from typing import Any
from uuid import uuid4

import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.answers import LegacyAccess
from shared.domain.ids import UserId
from shared.domain.people.standing import Privilege
from tests.contract.graph_client import GivenTokens, graph_client
from tests.contract.policy_world import EVERYBODY, MFA, POLICIES, RESET, Administrator, Proofs
from tests.contract.privilege_worlds import Roles, privileges_of
from tests.stands.graph import GraphControl, GraphStand

READERS = "d29b2b05-8046-44ba-8758-1e26182fcf32"
"""A directory role."""


@pytest.fixture
def kim(tenant: GraphControl) -> UserId:
    """A person."""
    made = tenant.create_user(
        userPrincipalName=f"{uuid4().hex[:8]}@contoso.example", displayName="Kim"
    )
    return UserId(made["id"])


def a_group(tenant: GraphControl, *members: str, **fields: object) -> str:
    """A group with these members."""
    body = {"displayName": "A group", "members": list(members), **fields}
    return str(tenant.do("POST", "groups", body)["id"])


async def test_nothing_shuts_old_clients_where_nothing_is_switched_on(
    proofs: Proofs, administrator: Administrator, kim: UserId
) -> None:
    """Report-only reports."""
    administrator.block_old_clients(EVERYBODY, state="enabledForReportingButNotEnforced")
    assert await proofs.legacy.access(kim) is LegacyAccess.OPEN


async def test_a_policy_about_everybody_shuts_them(
    proofs: Proofs, administrator: Administrator, kim: UserId
) -> None:
    """As the tenant really does."""
    administrator.block_old_clients(EVERYBODY)
    assert await proofs.legacy.access(kim) is LegacyAccess.BLOCKED


async def test_security_defaults_shut_them(
    proofs: Proofs, administrator: Administrator, kim: UserId
) -> None:
    """Where no policy is switched on; both can't be on."""
    administrator.switch_defaults(on=True)
    assert await proofs.legacy.access(kim) is LegacyAccess.BLOCKED


async def test_groups_count_through_groups(
    proofs: Proofs, administrator: Administrator, tenant: GraphControl, kim: UserId
) -> None:
    """A policy about the outer one covers who is in the inner one."""
    outer = a_group(tenant, a_group(tenant, kim))
    administrator.block_old_clients({"includeGroups": [outer]})
    assert await proofs.legacy.access(kim) is LegacyAccess.BLOCKED


async def test_who_is_excluded_through_a_group_is_not_shut_out(
    proofs: Proofs, administrator: Administrator, tenant: GraphControl, kim: UserId
) -> None:
    """And who is not in it is."""
    outer = a_group(tenant, a_group(tenant, kim))
    administrator.block_old_clients({"includeUsers": ["All"], "excludeGroups": [outer]})
    assert await proofs.legacy.access(kim) is LegacyAccess.OPEN
    other = tenant.create_user(userPrincipalName=f"{uuid4().hex[:8]}@contoso.example")
    assert await proofs.legacy.access(UserId(other["id"])) is LegacyAccess.BLOCKED


@pytest.mark.parametrize("how", ["eligibleMembers", "eligibleOwners", "owners"])
async def test_who_could_join_an_excluded_group_is_not_shut_out(
    proofs: Proofs, administrator: Administrator, tenant: GraphControl, kim: UserId, how: str
) -> None:
    """They need nobody to get past the policy; through a group of theirs as well."""
    users = [a_group(tenant, isAssignableToRole=True, **{how: [kim]})]
    administrator.block_old_clients({"includeUsers": ["All"], "excludeGroups": users})
    assert await proofs.legacy.access(kim) is LegacyAccess.OPEN
    other = tenant.create_user(userPrincipalName=f"{uuid4().hex[:8]}@contoso.example")
    assert await proofs.legacy.access(UserId(other["id"])) is LegacyAccess.BLOCKED


async def test_who_could_join_through_a_group_is_not_shut_out(
    proofs: Proofs, administrator: Administrator, tenant: GraphControl, kim: UserId
) -> None:
    """The eligible one may be a group that they are in."""
    theirs = a_group(tenant, kim)
    excluded = a_group(tenant, isAssignableToRole=True, eligibleMembers=[theirs])
    administrator.block_old_clients({"includeUsers": ["All"], "excludeGroups": [excluded]})
    assert await proofs.legacy.access(kim) is LegacyAccess.OPEN


async def test_a_group_that_hides_its_members_decides_nothing(
    proofs: Proofs, administrator: Administrator, tenant: GraphControl, kim: UserId
) -> None:
    """Nobody sees whether the person is in it."""
    hidden = a_group(tenant, hiddenMembership=True)
    administrator.block_old_clients({"includeUsers": ["All"], "excludeGroups": [hidden]})
    assert isinstance(await proofs.legacy.access(kim), Unknown)


async def test_roles_are_unknown_of_whom_is_privileged_and_none_of_others(
    proofs: Proofs, administrator: Administrator, kim: UserId
) -> None:
    """An excluded role excludes nobody who holds none and could hold none."""
    administrator.block_old_clients({"includeUsers": ["All"], "excludeRoles": [READERS]})
    assert await proofs.legacy.access(kim) is LegacyAccess.BLOCKED
    proofs.privileges.held[kim] = Privilege.ELIGIBLE
    assert isinstance(await proofs.legacy.access(kim), Unknown)


async def test_who_could_join_a_group_that_may_activate_a_role_is_in_doubt(
    graph_stand: GraphStand,
    tenant: GraphControl,
    administrator: Administrator,
    roles: Roles,
    kim: UserId,
) -> None:
    """They own the eligible group, so they let themselves in; of others nothing is."""
    administrator.block_old_clients({"includeUsers": ["All"], "excludeRoles": [READERS]})
    eligible = roles.group(owners=[kim])
    roles.role(members=[roles.role_group(eligibleMembers=[eligible])])
    token = tenant.token(sorted(RESET))
    async with (
        privileges_of(graph_stand, token) as privileges,
        graph_client(graph_stand.base_url, GivenTokens([token])) as client,
    ):
        legacy = Proofs(client, privileges=privileges).legacy
        assert isinstance(await legacy.access(kim), Unknown)
        assert await legacy.access(roles.person()) is LegacyAccess.BLOCKED


@pytest.mark.parametrize(
    "users", [{"includeRoles": [READERS]}, {"includeUsers": ["All"], "excludeRoles": [READERS]}]
)
async def test_where_anybody_could_come_to_a_role_everybody_is_in_doubt(
    proofs: Proofs, administrator: Administrator, kim: UserId, users: dict[str, Any]
) -> None:
    """Nobody can tell who they are, so a policy about roles may be about them."""
    proofs.privileges.held[kim] = Unknown("A public group leads to a role.")
    administrator.block_old_clients(users)
    assert isinstance(await proofs.legacy.access(kim), Unknown)


async def test_registering_is_guarded_by_a_policy_about_it(
    proofs: Proofs, administrator: Administrator, kim: UserId
) -> None:
    """Of everybody; whom it excludes it does not guard."""
    administrator.guard_registration(EVERYBODY)
    assert await proofs.guards.guarded(kim) is True


@pytest.mark.parametrize("users", [{"includeUsers": ["None"]}, None])
async def test_registering_is_open_without_one(
    proofs: Proofs, administrator: Administrator, kim: UserId, users: dict[str, Any] | None
) -> None:
    """None at all, or one about others."""
    if users is not None:
        administrator.guard_registration(users)
    assert await proofs.guards.guarded(kim) is False


async def test_without_the_permission_all_of_it_is_unknown(
    graph_stand: GraphStand, tenant: GraphControl, kim: UserId
) -> None:
    """Never an open door, never a closed one."""
    powers = GivenTokens([tenant.token(["User.Read.All", "GroupMember.Read.All"])])
    async with graph_client(graph_stand.base_url, powers) as client:
        proofs = Proofs(client)
        assert isinstance(await proofs.legacy.access(kim), Unknown)
        assert isinstance(await proofs.guards.guarded(kim), Unknown)


async def test_a_tenant_without_such_policies_costs_one_request_a_person(
    proofs: Proofs, administrator: Administrator, tenant: GraphControl, kim: UserId
) -> None:
    """The list of policies is a minute old at most, and security defaults exclude policies."""
    administrator.add({**EVERYBODY, "excludeGroups": [a_group(tenant)]}, grant=MFA)
    tenant.do("DELETE", "requests")
    for _ in range(3):
        await proofs.legacy.access(kim)
        await proofs.guards.guarded(kim)
    assert [one["path"] for one in tenant.requests()] == [POLICIES]
