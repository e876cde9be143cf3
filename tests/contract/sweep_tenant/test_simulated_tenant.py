"""The simulated tenant tells what the recorded answers tell."""

from collections.abc import Iterator

import httpx
import pytest

from shared.domain.authentication import Unknown
from shared.domain.sweep.tenant import Holding
from tests.contract.privilege_worlds import Roles
from tests.contract.sweep_tenant.reading import (
    ADMIN,
    DEFAULTS,
    LOCATIONS,
    METHODS,
    PARTNERS,
    POLICIES,
    STRENGTHS,
    TRUST,
    by_path,
    policy,
)
from tests.contract.sweep_world import ROLES, sweep_on_stand
from tests.stands.graph import GraphControl, GraphStand


@pytest.fixture
def administrator(graph_stand: GraphStand, tenant: GraphControl) -> Iterator[httpx.Client]:
    """Somebody who writes policies; they end with the test."""
    headers = {"Authorization": f"Bearer {tenant.token()}"}
    with httpx.Client(base_url=graph_stand.base_url, headers=headers, trust_env=False) as client:
        yield client
        for path in (POLICIES, STRENGTHS, LOCATIONS):
            for row in client.get(path).json()["value"]:
                if row.get("policyType") != "builtIn":
                    client.delete(f"{path}/{row['id']}").raise_for_status()


def germany(administrator: httpx.Client) -> str:
    """A named location; its id."""
    country = {
        "@odata.type": "#microsoft.graph.countryNamedLocation",
        "displayName": "Germany",
        "countriesAndRegions": ["DE"],
    }
    made: dict[str, str] = administrator.post(LOCATIONS, json=country).raise_for_status().json()
    return made["id"]


def ask_everybody(administrator: httpx.Client, **conditions: object) -> None:
    """Write a policy."""
    body = policy("enabled", **conditions)
    del body["id"]
    administrator.post(POLICIES, json=body).raise_for_status()


async def test_the_simulated_tenant_tells_the_same(
    graph_stand: GraphStand, tenant: GraphControl, administrator: httpx.Client, roles: Roles
) -> None:
    """With the roles of a sweep and no other; without one of them that alone is unknown."""
    kim = roles.person()
    group = roles.role_group(members=[kim])
    roles.role(id=ADMIN, members=[group], eligibleMembers=[kim])
    place = germany(administrator)
    ask_everybody(administrator)
    ask_everybody(administrator, locations={"includeLocations": [place]})
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        tenant.do("DELETE", "requests")
        found = await sweep.sources.tenant.tenant()
    federated = len(found.doubtful_domains)
    assert len(tenant.requests()) == 12 + federated
    policies = found.settings.policies
    assert not isinstance(policies, Unknown)
    assert [one.unrecognised for one in policies] == [(), ()]
    assert found.settings.locations.named[place].countries == frozenset({"de"})
    assert isinstance(found.held, tuple)
    assert Holding(principal_id=group, role=ADMIN, tenant_wide=True) in found.held
    assert isinstance(found.eligible, tuple)
    assert Holding(principal_id=kim, role=ADMIN, tenant_wide=True) in found.eligible
    assert isinstance(found.role_groups, frozenset)
    assert group in found.role_groups
    assert found.people > 0
    assert not any(isinstance(value, Unknown) for value in by_path(found).values())
    async with sweep_on_stand(graph_stand, tenant, ROLES - {"Policy.Read.All"}) as sweep:
        poor = await sweep.sources.tenant.tenant()
    unknown = {path for path, value in by_path(poor).items() if isinstance(value, Unknown)}
    assert unknown == {POLICIES, LOCATIONS, STRENGTHS, DEFAULTS, METHODS, TRUST, PARTNERS}
