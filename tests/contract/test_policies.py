"""The port `Policies` against the simulated tenant: what Conditional Access surely requires."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.policies import GraphPolicies
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.answers import MfaRequired
from shared.domain.ids import GroupId
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import GivenTokens, Pauses, graph_client
from tests.contract.policy_world import MFA, POLICIES, Administrator
from tests.stands.graph import GraphControl, GraphStand

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


async def read(client: GraphClient) -> MfaRequired | Unknown:
    """What is read now."""
    return await GraphPolicies(client, Pauses(), Time()).conditional_access()


@pytest.mark.parametrize("grant", [MFA, STRENGTH])
async def test_a_group_of_whose_members_mfa_is_always_required(
    client: GraphClient, administrator: Administrator, group: str, grant: object
) -> None:
    """By a control or by a strength; before the policy nothing was required of anybody."""
    assert await read(client) == MfaRequired(of_anybody=False)
    administrator.add({"includeGroups": [group]}, grant=grant)
    found = await read(client)
    assert found == MfaRequired(of_anybody=True, of_groups=frozenset({GroupId(group.casefold())}))


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
    client: GraphClient, administrator: Administrator, group: str, narrowed: dict[str, Any]
) -> None:
    """An alternative, one factor, a client, an application, a condition: somebody needs MFA."""
    administrator.add({"includeGroups": [group]}, **{"grant": MFA, **narrowed})
    assert await read(client) == MfaRequired(of_anybody=True)


@pytest.mark.parametrize(
    "beside", [{}, {"operator": "AND", "builtInControls": ["compliantDevice"]}]
)
async def test_a_strength_that_one_factor_reaches_protects_nobody(
    client: GraphClient, administrator: Administrator, group: str, beside: dict[str, Any]
) -> None:
    """An administrator made it, and it says itself that it satisfies nothing: it is no MFA."""
    named = {"authenticationStrength": {"id": administrator.add_one_factor()}}
    administrator.add({"includeGroups": [group]}, grant={"operator": "OR", **named, **beside})
    assert await read(client) == MfaRequired(of_anybody=False)


async def test_an_exclusion_protects_nobody_surely(
    client: GraphClient, administrator: Administrator, tenant: GraphControl, group: str
) -> None:
    """Whoever is excluded may be a member; not where another policy takes them in again."""
    person = tenant.create_user(userPrincipalName="ca@contoso.example", displayName="P")
    administrator.add({"includeGroups": [group], "excludeUsers": [person["id"]]}, grant=MFA)
    assert await read(client) == MfaRequired(of_anybody=True)
    administrator.add({"includeUsers": [person["id"]]}, grant=MFA)
    found = await read(client)
    assert isinstance(found, MfaRequired)
    assert found.of_members(GroupId(group))


async def test_a_policy_about_everybody_is_about_every_group(
    client: GraphClient, administrator: Administrator, group: str
) -> None:
    """Also one that it does not name."""
    administrator.add({"includeUsers": ["All"]}, grant=MFA)
    found = await read(client)
    assert found == MfaRequired(of_anybody=True, of_everybody=True)
    assert found.of_members(GroupId(group))


async def test_named_locations_are_not_read_for_it(
    client: GraphClient, administrator: Administrator, tenant: GraphControl, group: str
) -> None:
    """The app has no right to: a policy that names some proves nothing, and costs no refusal."""
    trusted = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
    administrator.add({"includeGroups": [group]}, locations=trusted, grant=MFA)
    tenant.do("DELETE", "requests")
    assert await read(client) == MfaRequired(of_anybody=True)
    assert [one["path"] for one in tenant.requests()] == [POLICIES]


@pytest.mark.parametrize("state", ["disabled", "enabledForReportingButNotEnforced"])
async def test_what_is_not_switched_on_requires_nothing(
    client: GraphClient, administrator: Administrator, group: str, state: str
) -> None:
    """Report-only reports."""
    administrator.add({"includeGroups": [group]}, state=state, grant=MFA)
    assert await read(client) == MfaRequired(of_anybody=False)


async def test_without_the_permission_it_is_unknown(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """Never an empty list of policies."""
    powers = GivenTokens([tenant.token(["User.Read.All"])])
    async with graph_client(graph_stand.base_url, powers) as client:
        assert isinstance(await read(client), Unknown)


async def test_it_is_read_once_a_minute(
    client: GraphClient, administrator: Administrator, group: str
) -> None:
    """One request for everybody who is enabled or exempt in a minute, and nothing older."""
    time = Time()
    policies = GraphPolicies(client, Pauses(), time)
    before = await policies.conditional_access()
    administrator.add({"includeGroups": [group]}, grant=MFA)
    time.seconds = 59
    assert await policies.conditional_access() == before
    time.seconds = 60
    assert await policies.conditional_access() != before


async def test_workers_side_by_side_read_once(client: GraphClient, tenant: GraphControl) -> None:
    """A mass import begins with as many workers as there are, and Graph takes one a second."""
    tenant.do("DELETE", "requests")
    policies = GraphPolicies(client, Pauses(), Time())
    found = await asyncio.gather(*(policies.conditional_access() for _ in range(8)))
    assert found == [MfaRequired(of_anybody=False)] * 8
    requests = tenant.do("GET", "requests")
    assert [one["path"] for one in requests] == [POLICIES]
