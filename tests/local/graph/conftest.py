"""One tenant for all tests that leave no condition behind; its people are made per test."""

from collections.abc import Iterator

import httpx
import pytest

from tests.local.graph.clients import CONFIG
from tests.stands.graph import GraphControl, GraphStand


@pytest.fixture(scope="session")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStand]:
    """A running tenant that the tests of one worker share."""
    directory = tmp_path_factory.mktemp("tenant")
    config = directory / "identities.json"
    config.write_text(CONFIG)
    with GraphStand(directory, arguments=["--config", str(config)]) as running:
        yield running


@pytest.fixture
def control(stand: GraphStand) -> Iterator[GraphControl]:
    """The shared tenant's control side; the conditions are back to normal after the test."""
    yield stand.control
    stand.control.clear_faults()
    stand.control.lag(0)
    stand.control.do("POST", "throttling", {})
    stand.control.do("POST", "switches", {})


@pytest.fixture
def graph(stand: GraphStand, control: GraphControl) -> Iterator[httpx.Client]:
    """Plain HTTP to Graph with every permission, for what the SDKs cannot say or show."""
    headers = {"Authorization": f"Bearer {control.token()}"}
    with httpx.Client(base_url=stand.base_url, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def no_policy_stays(graph: httpx.Client) -> Iterator[None]:
    """The tenant is shared: its policies and what they name end with the test."""
    yield
    policies = "/v1.0/identity/conditionalAccess/policies"
    for row in graph.get(policies).json()["value"]:
        graph.delete(f"{policies}/{row['id']}").raise_for_status()
    strengths = "/v1.0/policies/authenticationStrengthPolicies"
    for row in graph.get(strengths).json()["value"]:
        if row["policyType"] == "custom":
            graph.delete(f"{strengths}/{row['id']}").raise_for_status()
    locations = "/v1.0/identity/conditionalAccess/namedLocations"
    for row in graph.get(locations).json()["value"]:
        if row.get("isTrusted"):
            untrusted = {"@odata.type": row["@odata.type"], "isTrusted": False}
            graph.patch(f"{locations}/{row['id']}", json=untrusted).raise_for_status()
        graph.delete(f"{locations}/{row['id']}").raise_for_status()
    cross_tenant = "/v1.0/policies/crossTenantAccessPolicy"
    graph.post(f"{cross_tenant}/default/resetToSystemDefault").raise_for_status()
    for row in graph.get(f"{cross_tenant}/partners").json()["value"]:
        graph.delete(f"{cross_tenant}/partners/{row['tenantId']}").raise_for_status()
    defaults = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
    graph.patch(defaults, json={"isEnabled": False}).raise_for_status()
