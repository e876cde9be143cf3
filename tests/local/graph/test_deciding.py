"""Thousands of sign-ins at once: the same decision without a request for each."""

from itertools import product
from pathlib import Path

import httpx
import msgspec
import pytest

from local.clock import StackClock
from local.graph.control.attempts import SignInRequest, attempt_of
from local.graph.tenant.access.decision import decide
from local.graph.tenant.sign_in import rules_of, subject_of
from local.graph.tenant.snapshot import restore
from local.graph.tenant.tenant import Tenant
from tests.local.graph.policies import LOCATIONS, add_policy, add_strength, added
from tests.stands.graph import GraphControl, GraphStand

pytestmark = pytest.mark.usefixtures("no_policy_stays")


def test_a_copy_of_the_tenant_decides_as_the_tenant_does(
    stand: GraphStand, control: GraphControl, graph: httpx.Client, tmp_path: Path
) -> None:
    """`GET /_sim/snapshot` is all that it takes."""
    user = control.create_user()["id"]
    control.register(user, "mobile")
    office = {
        "@odata.type": "#microsoft.graph.ipNamedLocation",
        "displayName": "Office",
        "isTrusted": True,
        "ipRanges": [
            {"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "10.0.0.0/8"}
        ],
    }
    place = added(graph, LOCATIONS, office)
    outside = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
    add_policy(graph, {"includeUsers": [user]}, locations=outside)
    add_policy(
        graph, {"includeUsers": [user]}, add_strength(graph, ["fido2"]), userRiskLevels=["high"]
    )
    tenant = Tenant(StackClock(tmp_path / "clock").now)
    restore(tenant, httpx.get(f"{stand.base_url}/_sim/snapshot", trust_env=False).content)
    rules, subject = rules_of(tenant), subject_of(tenant, tenant.people.truth(user))
    results = set()
    for risk, where, held in product(
        ("", "high"), ((), (place,)), (("password",), ("password", "mobile"))
    ):
        body = {"userRisk": risk, "locations": where, "credentials": held}
        attempt = attempt_of(tenant, msgspec.convert(body, SignInRequest))
        mine = decide(rules, subject, attempt)
        theirs = control.do("POST", f"users/{user}/sign-in", body)
        assert theirs == {"result": mine.result, "by": mine.by}
        results.add(mine.result)
    assert results == {"allowed", "mfa-required"}
