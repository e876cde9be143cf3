"""The port `Policies` against the simulated tenant: what Conditional Access surely requires."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.policies import GraphPolicies
from shared.domain.authentication import Unknown
from shared.domain.conditional_access import ConditionalAccess
from shared.domain.ids import GroupId
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import GivenTokens, graph_client
from tests.stands.graph import GraphControl, GraphStand

POLICIES = "/v1.0/identity/conditionalAccess/policies"
STRENGTHS = "/v1.0/policies/authenticationStrengthPolicies"
MFA = {"operator": "OR", "builtInControls": ["mfa"]}
STRENGTH = {
    "operator": "OR",
    "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000002"},
}


@pytest.fixture
async def client(graph_stand: GraphStand, tenant: GraphControl) -> AsyncIterator[GraphClient]:
    """A client with exactly the powers of the app that enables people."""
    powers = GivenTokens([tenant.token(sorted(GRAPH_ROLES[App.LIFECYCLE]))])
    async with graph_client(graph_stand.base_url, powers) as client:
        yield client


@pytest.fixture
def administrator(graph_stand: GraphStand, tenant: GraphControl) -> Iterator[httpx.Client]:
    """Somebody who writes policies; they end with the test."""
    headers = {"Authorization": f"Bearer {tenant.token()}"}
    with httpx.Client(base_url=graph_stand.base_url, headers=headers, trust_env=False) as client:
        yield client
        for row in client.get(POLICIES).json()["value"]:
            client.delete(f"{POLICIES}/{row['id']}").raise_for_status()
        for row in client.get(STRENGTHS).json()["value"]:
            if row["policyType"] == "custom":
                client.delete(f"{STRENGTHS}/{row['id']}").raise_for_status()


@pytest.fixture
def group(tenant: GraphControl) -> str:
    """A group that a policy may target."""
    made: dict[str, Any] = tenant.do("POST", "groups", {"displayName": "Everybody"})
    return str(made["id"])


class Time:
    """Seconds that go on when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """The seconds."""
        return self.seconds


def add(
    administrator: httpx.Client,
    users: dict[str, Any],
    *,
    state: str = "enabled",
    grant: object = MFA,
    **conditions: object,
) -> None:
    """Write a policy."""
    body = {
        "displayName": "A policy",
        "state": state,
        "conditions": {
            "clientAppTypes": ["all"],
            "applications": {"includeApplications": ["All"]},
            "users": users,
            **conditions,
        },
        "grantControls": grant,
    }
    answer = administrator.post(POLICIES, json=body)
    assert answer.status_code == 201, answer.text


def add_one_factor(administrator: httpx.Client) -> str:
    """A strength that the password reaches."""
    body = {"displayName": "One factor", "allowedCombinations": ["password"]}
    answer = administrator.post(STRENGTHS, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def read(client: GraphClient) -> ConditionalAccess | Unknown:
    """What is read now."""
    return await GraphPolicies(client, Time()).conditional_access()


@pytest.mark.parametrize("grant", [MFA, STRENGTH])
async def test_a_group_of_whose_members_mfa_is_always_required(
    client: GraphClient, administrator: httpx.Client, group: str, grant: object
) -> None:
    """By a control or by a strength; before the policy nothing was required of anybody."""
    assert await read(client) == ConditionalAccess(requires_mfa=False)
    add(administrator, {"includeGroups": [group]}, grant=grant)
    found = await read(client)
    assert found == ConditionalAccess(
        requires_mfa=True, groups=frozenset({GroupId(group.casefold())})
    )


@pytest.mark.parametrize(
    "narrowed",
    [
        {"grant": {"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]}},
        {"clientAppTypes": ["browser"]},
        {"applications": {"includeApplications": ["Office365"]}},
        {"signInRiskLevels": ["high"]},
        {"platforms": {"includePlatforms": ["android"]}},
    ],
)
async def test_whoever_may_get_past_it_is_not_surely_protected(
    client: GraphClient, administrator: httpx.Client, group: str, narrowed: dict[str, Any]
) -> None:
    """An alternative, one factor, a client, an application, a condition: somebody needs MFA."""
    add(administrator, {"includeGroups": [group]}, **narrowed)
    assert await read(client) == ConditionalAccess(requires_mfa=True)


@pytest.mark.parametrize(
    "beside", [{}, {"operator": "AND", "builtInControls": ["compliantDevice"]}]
)
async def test_a_strength_that_one_factor_reaches_protects_nobody(
    client: GraphClient, administrator: httpx.Client, group: str, beside: dict[str, Any]
) -> None:
    """An administrator made it, and it says itself that it satisfies nothing."""
    named = {"authenticationStrength": {"id": add_one_factor(administrator)}}
    add(administrator, {"includeGroups": [group]}, grant={"operator": "OR", **named, **beside})
    assert await read(client) == ConditionalAccess(requires_mfa=True)


async def test_an_exclusion_protects_nobody_surely(
    client: GraphClient, administrator: httpx.Client, tenant: GraphControl, group: str
) -> None:
    """Who is excluded is not looked for here, so a policy that excludes proves nothing."""
    person = tenant.create_user(userPrincipalName="ca@contoso.example", displayName="P")
    add(administrator, {"includeGroups": [group], "excludeUsers": [person["id"]]})
    assert await read(client) == ConditionalAccess(requires_mfa=True)


@pytest.mark.parametrize("state", ["disabled", "enabledForReportingButNotEnforced"])
async def test_what_is_not_switched_on_requires_nothing(
    client: GraphClient, administrator: httpx.Client, group: str, state: str
) -> None:
    """Report-only reports."""
    add(administrator, {"includeGroups": [group]}, state=state)
    assert await read(client) == ConditionalAccess(requires_mfa=False)


async def test_without_the_permission_it_is_unknown(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """Never an empty list of policies."""
    powers = GivenTokens([tenant.token(["User.Read.All"])])
    async with graph_client(graph_stand.base_url, powers) as client:
        assert isinstance(await read(client), Unknown)


async def test_it_is_read_once_a_minute(
    client: GraphClient, administrator: httpx.Client, group: str
) -> None:
    """One request for everybody who is enabled or exempt in a minute, and nothing older."""
    time = Time()
    policies = GraphPolicies(client, time)
    before = await policies.conditional_access()
    add(administrator, {"includeGroups": [group]})
    time.seconds = 59
    assert await policies.conditional_access() == before
    time.seconds = 60
    assert await policies.conditional_access() != before


async def test_workers_side_by_side_read_once(client: GraphClient, tenant: GraphControl) -> None:
    """A mass import begins with as many workers as there are, and Graph takes one a second."""
    tenant.do("DELETE", "requests")
    policies = GraphPolicies(client, Time())
    found = await asyncio.gather(*(policies.conditional_access() for _ in range(8)))
    assert found == [ConditionalAccess(requires_mfa=False)] * 8
    requests = tenant.do("GET", "requests")
    assert [one["path"] for one in requests] == [POLICIES]
