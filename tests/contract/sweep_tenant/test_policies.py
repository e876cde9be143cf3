"""Conditional Access policies, and the locations that they name."""

import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.locations import UNKNOWN_COUNTRY, NamedLocation
from shared.domain.conditional_access.policies import Demand
from tests.contract.recorded_graph import RecordedGraph
from tests.contract.sweep_tenant.reading import (
    BERLIN,
    HQ,
    LOCATIONS,
    POLICIES,
    policy,
    refused,
    rows,
    settings,
    told_anew,
)
from tests.contract.sweep_world import Sweep, sweep_on_record, turns


async def test_only_policies_that_are_switched_on_count(graph: RecordedGraph, sweep: Sweep) -> None:
    """Report-only reports, and one about applications is about nobody."""
    rows(
        graph,
        POLICIES,
        {**policy(), "id": "on"},
        {**policy("disabled"), "id": "off"},
        {**policy("enabledForReportingButNotEnforced"), "id": "reports"},
        {**policy(clientApplications={"includeServicePrincipals": ["x"]}), "id": "apps"},
    )
    found = (await settings(sweep)).policies
    assert not isinstance(found, Unknown)
    assert [(one.policy_id, one.demand, one.unrecognised) for one in found] == [
        ("on", Demand.MFA, ())
    ]


async def test_a_state_that_nobody_knows_leaves_a_policy_in_doubt(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """It may be on, or not."""
    rows(graph, POLICIES, policy("unknownFutureValue"))
    found = (await settings(sweep)).policies
    assert not isinstance(found, Unknown)
    assert [one.unrecognised for one in found] == [("state",)]


async def test_policies_are_read_to_the_last_page(graph: RecordedGraph, sweep: Sweep) -> None:
    """Each page in its turn."""
    more = {"value": [policy()], "@odata.nextLink": f"{graph.root}{POLICIES}?$skiptoken=2"}
    told_anew(graph, POLICIES, more)
    graph.lists(POLICIES, policy())
    found = (await settings(sweep)).policies
    assert not isinstance(found, Unknown)
    assert len(found) == 2
    assert turns(sweep) == (0, 4)


async def test_named_locations(graph: RecordedGraph, sweep: Sweep) -> None:
    """Addresses may be trusted; of countries, which ones. What tells neither is just a place."""
    rows(
        graph,
        LOCATIONS,
        {
            "@odata.type": "#microsoft.graph.ipNamedLocation",
            "id": HQ.upper(),
            "displayName": "HQ",
            "isTrusted": True,
            "ipRanges": [{"cidrAddress": "192.0.2.0/24"}],
        },
        {
            "@odata.type": "#microsoft.graph.countryNamedLocation",
            "id": BERLIN,
            "displayName": "Germany",
            "countriesAndRegions": ["DE"],
            "includeUnknownCountriesAndRegions": True,
        },
        {
            "@odata.type": "#microsoft.graph.countryNamedLocation",
            "id": "gps",
            "displayName": "Phone",
            "countriesAndRegions": ["FR"],
            "countryLookupMethod": "authenticatorAppGps",
        },
        {"@odata.type": "#microsoft.graph.countryNamedLocation", "id": "half"},
        {"@odata.type": "#microsoft.graph.compliantNetworkNamedLocation", "id": "new"},
    )
    found = (await settings(sweep)).locations
    assert found.named == {
        HQ: NamedLocation(name="HQ", trusted=True),
        BERLIN: NamedLocation(name="Germany", countries=frozenset({"de", UNKNOWN_COUNTRY})),
        "gps": NamedLocation(name="Phone", countries=frozenset({"fr"}), by_gps=True),
        "half": NamedLocation(name="half"),
        "new": NamedLocation(name="new"),
    }


@pytest.mark.parametrize("attested", [True, False, None])
async def test_trusted_ips_are_a_setting(graph: RecordedGraph, *, attested: bool | None) -> None:
    """Graph does not tell them, whether locations can be read or not."""
    async with sweep_on_record(graph, trusted_ips=attested) as sweep:
        assert (await settings(sweep)).locations.trusted_ips is attested
        refused(graph, LOCATIONS, 403, "Authorization_RequestDenied")
        assert (await settings(sweep)).locations.trusted_ips is attested


async def test_without_locations_policies_that_name_them_are_in_doubt(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """The others are not."""
    refused(graph, LOCATIONS, 403, "Authorization_RequestDenied")
    rows(graph, POLICIES, policy(), policy(locations={"includeLocations": [HQ]}))
    found = (await settings(sweep)).policies
    assert not isinstance(found, Unknown)
    assert [one.unrecognised for one in found] == [(), ("locations",)]
