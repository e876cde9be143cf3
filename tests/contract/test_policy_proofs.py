"""What policies prove of a person, read from the simulated tenant: old clients, registering."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.adapters.graph.belongings import GraphBelongings
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.legacy_clients import GraphLegacyClients
from shared.adapters.graph.policies import GraphPolicies
from shared.adapters.graph.registration_guards import GraphRegistrationGuards
from shared.domain.authentication import Unknown
from shared.domain.ids import UserId
from shared.domain.legacy_access import LegacyAccess
from shared.domain.people.standing import Privilege
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import GivenTokens, graph_client
from tests.fakes.privileges import FakePrivileges
from tests.stands.graph import GraphControl, GraphStand

POLICIES = "/v1.0/identity/conditionalAccess/policies"
DEFAULTS = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
EVERYBODY = {"includeUsers": ["All"]}
OLD = ["exchangeActiveSync", "other"]
BLOCK = {"operator": "OR", "builtInControls": ["block"]}
MFA = {"operator": "OR", "builtInControls": ["mfa"]}
ACTION = {"includeUserActions": ["urn:user:registersecurityinfo"]}


class Proofs:
    """What is read with exactly the powers of the app that resets."""

    def __init__(self, client: GraphClient) -> None:
        self.privileges = FakePrivileges()
        policies = GraphPolicies(client, lambda: 0.0)
        belongings = GraphBelongings(client, self.privileges, lambda: 0.0)
        self.legacy = GraphLegacyClients(client, policies, belongings)
        self.guards = GraphRegistrationGuards(policies, belongings)


@pytest.fixture
async def proofs(graph_stand: GraphStand, tenant: GraphControl) -> AsyncIterator[Proofs]:
    """Readers without anything read yet."""
    powers = GivenTokens([tenant.token(sorted(GRAPH_ROLES[App.RESET]))])
    async with graph_client(graph_stand.base_url, powers) as client:
        yield Proofs(client)


def switch_defaults(administrator: httpx.Client, *, on: bool) -> None:
    """Security defaults, on or off."""
    administrator.patch(DEFAULTS, json={"isEnabled": on}).raise_for_status()


@pytest.fixture
def administrator(graph_stand: GraphStand, tenant: GraphControl) -> Iterator[httpx.Client]:
    """Somebody who writes policies; they end with the test."""
    headers = {"Authorization": f"Bearer {tenant.token()}"}
    with httpx.Client(base_url=graph_stand.base_url, headers=headers, trust_env=False) as client:
        yield client
        for row in client.get(POLICIES).json()["value"]:
            client.delete(f"{POLICIES}/{row['id']}").raise_for_status()
        switch_defaults(client, on=False)


@pytest.fixture
def kim(tenant: GraphControl) -> UserId:
    """A person."""
    made = tenant.create_user(
        userPrincipalName=f"{uuid4().hex[:8]}@contoso.example", displayName="Kim"
    )
    return UserId(made["id"])


def add(
    administrator: httpx.Client,
    users: dict[str, Any],
    *,
    grant: object = BLOCK,
    state: str = "enabled",
    **conditions: object,
) -> None:
    """Write a policy; it blocks old clients, but for what is said here."""
    body = {
        "displayName": "A policy",
        "state": state,
        "conditions": {
            "clientAppTypes": OLD,
            "applications": {"includeApplications": ["All"]},
            "users": users,
            **conditions,
        },
        "grantControls": grant,
    }
    answer = administrator.post(POLICIES, json=body)
    assert answer.status_code == 201, answer.text


def a_group(tenant: GraphControl, *members: str, **fields: object) -> str:
    """A group with these members."""
    body = {"displayName": "A group", "members": list(members), **fields}
    return str(tenant.do("POST", "groups", body)["id"])


async def test_nothing_shuts_old_clients_where_nothing_is_switched_on(
    proofs: Proofs, administrator: httpx.Client, kim: UserId
) -> None:
    """Report-only reports."""
    add(administrator, EVERYBODY, state="enabledForReportingButNotEnforced")
    assert await proofs.legacy.access(kim) is LegacyAccess.OPEN


async def test_a_policy_about_everybody_shuts_them(
    proofs: Proofs, administrator: httpx.Client, kim: UserId
) -> None:
    """As the tenant really does."""
    add(administrator, EVERYBODY)
    assert await proofs.legacy.access(kim) is LegacyAccess.BLOCKED


async def test_security_defaults_shut_them(
    proofs: Proofs, administrator: httpx.Client, kim: UserId
) -> None:
    """Where no policy is switched on; both can't be on."""
    switch_defaults(administrator, on=True)
    assert await proofs.legacy.access(kim) is LegacyAccess.BLOCKED


async def test_groups_count_through_groups(
    proofs: Proofs, administrator: httpx.Client, tenant: GraphControl, kim: UserId
) -> None:
    """A policy about the outer one covers who is in the inner one."""
    outer = a_group(tenant, a_group(tenant, kim))
    add(administrator, {"includeGroups": [outer]})
    assert await proofs.legacy.access(kim) is LegacyAccess.BLOCKED


async def test_who_is_excluded_through_a_group_is_not_shut_out(
    proofs: Proofs, administrator: httpx.Client, tenant: GraphControl, kim: UserId
) -> None:
    """And who is not in it is."""
    outer = a_group(tenant, a_group(tenant, kim))
    add(administrator, {"includeUsers": ["All"], "excludeGroups": [outer]})
    assert await proofs.legacy.access(kim) is LegacyAccess.OPEN
    other = tenant.create_user(userPrincipalName=f"{uuid4().hex[:8]}@contoso.example")
    assert await proofs.legacy.access(UserId(other["id"])) is LegacyAccess.BLOCKED


@pytest.mark.parametrize("how", ["eligibleMembers", "eligibleOwners", "owners"])
async def test_who_could_join_an_excluded_group_is_not_shut_out(
    proofs: Proofs, administrator: httpx.Client, tenant: GraphControl, kim: UserId, how: str
) -> None:
    """They need nobody to get past the policy; through a group of theirs as well."""
    users = [a_group(tenant, isAssignableToRole=True, **{how: [kim]})]
    add(administrator, {"includeUsers": ["All"], "excludeGroups": users})
    assert await proofs.legacy.access(kim) is LegacyAccess.OPEN
    other = tenant.create_user(userPrincipalName=f"{uuid4().hex[:8]}@contoso.example")
    assert await proofs.legacy.access(UserId(other["id"])) is LegacyAccess.BLOCKED


async def test_who_could_join_through_a_group_is_not_shut_out(
    proofs: Proofs, administrator: httpx.Client, tenant: GraphControl, kim: UserId
) -> None:
    """The eligible one may be a group that they are in."""
    theirs = a_group(tenant, kim)
    excluded = a_group(tenant, isAssignableToRole=True, eligibleMembers=[theirs])
    add(administrator, {"includeUsers": ["All"], "excludeGroups": [excluded]})
    assert await proofs.legacy.access(kim) is LegacyAccess.OPEN


async def test_a_group_that_hides_its_members_decides_nothing(
    proofs: Proofs, administrator: httpx.Client, tenant: GraphControl, kim: UserId
) -> None:
    """Nobody sees whether the person is in it."""
    hidden = a_group(tenant, hiddenMembership=True)
    add(administrator, {"includeUsers": ["All"], "excludeGroups": [hidden]})
    assert isinstance(await proofs.legacy.access(kim), Unknown)


async def test_roles_are_unknown_of_whom_is_privileged_and_none_of_others(
    proofs: Proofs, administrator: httpx.Client, kim: UserId
) -> None:
    """An excluded role excludes nobody who holds none and could hold none."""
    role = "d29b2b05-8046-44ba-8758-1e26182fcf32"
    add(administrator, {"includeUsers": ["All"], "excludeRoles": [role]})
    assert await proofs.legacy.access(kim) is LegacyAccess.BLOCKED
    proofs.privileges.held[kim] = Privilege.ELIGIBLE
    assert isinstance(await proofs.legacy.access(kim), Unknown)


async def test_registering_is_guarded_by_a_policy_about_it(
    proofs: Proofs, administrator: httpx.Client, kim: UserId
) -> None:
    """Of everybody; whom it excludes it does not guard."""
    add(administrator, EVERYBODY, grant=MFA, clientAppTypes=["all"], applications=ACTION)
    assert await proofs.guards.guarded(kim) is True


@pytest.mark.parametrize("users", [{"includeUsers": ["None"]}, None])
async def test_registering_is_open_without_one(
    proofs: Proofs, administrator: httpx.Client, kim: UserId, users: dict[str, Any] | None
) -> None:
    """None at all, or one about others."""
    if users is not None:
        add(administrator, users, grant=MFA, clientAppTypes=["all"], applications=ACTION)
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
    proofs: Proofs, administrator: httpx.Client, tenant: GraphControl, kim: UserId
) -> None:
    """The list of policies is a minute old at most, and security defaults exclude policies."""
    add(administrator, EVERYBODY, grant=MFA, clientAppTypes=["all"])
    tenant.do("DELETE", "requests")
    for _ in range(3):
        await proofs.legacy.access(kim)
        await proofs.guards.guarded(kim)
    assert [one["path"] for one in tenant.requests()] == [POLICIES]
