"""Named locations, and the policies that name them.

https://learn.microsoft.com/graph/api/resources/namedlocation
"""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from msgraph.generated.models.i_pv4_cidr_range import IPv4CidrRange
from msgraph.generated.models.ip_named_location import IpNamedLocation

from tests.local.graph.clients import v1_client
from tests.local.graph.policies import LOCATIONS, POLICIES, add_policy, added, policy_body, sign_in
from tests.stands.graph import GraphControl, GraphStand

pytestmark = pytest.mark.usefixtures("no_policy_stays")

_V4 = {"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "12.34.221.11/22"}
_V6 = {"@odata.type": "#microsoft.graph.iPv6CidrRange", "cidrAddress": "2001:0:9d38::/63"}
_OFFICE: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.ipNamedLocation",
    "displayName": "Office",
    "isTrusted": True,
    "ipRanges": [_V4, _V6],
}
_COUNTRY: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.countryNamedLocation",
    "displayName": "Countries",
    "countriesAndRegions": ["DE", "AT"],
}


async def test_v1_models_write_and_read_a_location(stand: GraphStand, graph: httpx.Client) -> None:
    """The SDK reads back what it wrote, as its own type."""
    del graph
    async with v1_client(stand) as client:
        locations = client.identity.conditional_access.named_locations
        made = await locations.post(
            IpNamedLocation(
                odata_type="#microsoft.graph.ipNamedLocation",
                display_name="Office",
                is_trusted=True,
                ip_ranges=[
                    IPv4CidrRange(
                        odata_type="#microsoft.graph.iPv4CidrRange", cidr_address="10.0.0.0/8"
                    )
                ],
            )
        )
        assert made is not None
        read = await locations.by_named_location_id(str(made.id)).get()
    assert isinstance(read, IpNamedLocation)
    assert read.is_trusted is True


def test_a_country_is_filled_in_and_changed(graph: httpx.Client) -> None:
    """What was left out has its default; a change needs the type, and keeps it."""
    path = f"{LOCATIONS}/{added(graph, LOCATIONS, _COUNTRY)}"
    read = graph.get(path).json()
    assert read["countryLookupMethod"] == "clientIpAddress"
    assert read["includeUnknownCountriesAndRegions"] is False
    assert graph.patch(path, json={"displayName": "x"}).status_code == 400
    retyped = {"@odata.type": _OFFICE["@odata.type"], "displayName": "x"}
    assert graph.patch(path, json=retyped).status_code == 400
    change = {"@odata.type": _COUNTRY["@odata.type"], "countriesAndRegions": ["CH"]}
    assert graph.patch(path, json=change).status_code == 204
    (listed,) = graph.get(LOCATIONS).json()["value"]
    assert listed["countriesAndRegions"] == ["CH"]
    assert listed["displayName"] == "Countries"


@pytest.mark.parametrize(
    "changes",
    [
        {"@odata.type": None},
        {"@odata.type": "#microsoft.graph.namedLocation"},
        {"displayName": " "},
        {"ipRanges": []},
        {"ipRanges": [{"cidrAddress": "10.0.0.0/8"}]},
        {"ipRanges": [{**_V4, "cidrAddress": "10.0.0.0/40"}]},
        {"countriesAndRegions": ["DE"]},
    ],
)
def test_a_location_of_another_shape_is_refused(
    graph: httpx.Client, changes: dict[str, Any]
) -> None:
    """Types, addresses and names."""
    body = {name: value for name, value in {**_OFFICE, **changes}.items() if value is not None}
    assert graph.post(LOCATIONS, json=body).status_code == 400
    assert graph.get(LOCATIONS).json()["value"] == []


@pytest.mark.parametrize("code", ["Germany", "de"])
def test_countries_have_codes_of_two_letters(graph: httpx.Client, code: str) -> None:
    """ISO 3166."""
    body = {**_COUNTRY, "countriesAndRegions": [code]}
    assert graph.post(LOCATIONS, json=body).status_code == 400


def test_what_is_trusted_or_used_is_not_deleted(graph: httpx.Client) -> None:
    """First the trust goes, and the policy."""
    office = added(graph, LOCATIONS, _OFFICE)
    assert graph.delete(f"{LOCATIONS}/{office}").status_code == 400
    places = {"includeLocations": ["All"], "excludeLocations": [office]}
    policy = add_policy(graph, {"includeUsers": ["All"]}, locations=places)
    untrusted = {"@odata.type": _OFFICE["@odata.type"], "isTrusted": False}
    assert graph.patch(f"{LOCATIONS}/{office}", json=untrusted).status_code == 204
    assert graph.delete(f"{LOCATIONS}/{office}").status_code == 400
    assert graph.delete(f"{POLICIES}/{policy}").status_code == 204
    assert graph.delete(f"{LOCATIONS}/{office}").status_code == 204
    assert graph.get(f"{LOCATIONS}/{office}").status_code == 404


def test_a_policy_names_locations_that_are_there(graph: httpx.Client) -> None:
    """Others are refused; the trusted addresses of the MFA service settings are not modelled."""
    for place, status in ((str(uuid4()), 400), (str(UUID(int=0)), 501)):
        body = policy_body({"includeUsers": ["All"]}, locations={"includeLocations": [place]})
        assert graph.post(POLICIES, json=body).status_code == status


@pytest.mark.parametrize(
    ("places", "where", "result"),
    [
        ({"includeLocations": ["office"]}, {"locations": ["office"]}, "mfa-required"),
        ({"includeLocations": ["office"]}, {"locations": ["country"]}, "allowed"),
        ({"includeLocations": ["office"]}, {"location": "trusted"}, "allowed"),
        ({"includeLocations": ["AllTrusted"]}, {"locations": ["office"]}, "mfa-required"),
        ({"includeLocations": ["AllTrusted"]}, {"locations": ["country"]}, "allowed"),
        ({"includeLocations": ["AllTrusted"]}, {"location": "trusted"}, "mfa-required"),
        (
            {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]},
            {"locations": ["country", "office"]},
            "allowed",
        ),
        (
            {"includeLocations": ["All"], "excludeLocations": ["country"]},
            {"locations": ["country"]},
            "allowed",
        ),
        ({"includeLocations": ["All"], "excludeLocations": ["country"]}, {}, "mfa-required"),
    ],
)
def test_a_policy_covers_places(
    control: GraphControl,
    graph: httpx.Client,
    *,
    places: dict[str, list[str]],
    where: dict[str, Any],
    result: str,
) -> None:
    """`AllTrusted` is every trusted named location, and what the attempt calls trusted."""
    ids = {"office": added(graph, LOCATIONS, _OFFICE), "country": added(graph, LOCATIONS, _COUNTRY)}
    user = control.create_user()["id"]
    control.register(user, "mobile")
    named = {name: [ids.get(key, key) for key in keys] for name, keys in places.items()}
    add_policy(graph, {"includeUsers": [user]}, locations=named)
    if "locations" in where:
        where = {"locations": [ids[key] for key in where["locations"]]}
    assert sign_in(control, user, **where) == result


@pytest.mark.parametrize(
    ("method", "roles", "status"),
    [
        ("GET", ["Policy.Read.All"], 200),
        ("GET", ["Policy.ReadWrite.ConditionalAccess"], 403),
        ("GET", ["Policy.Read.ConditionalAccess"], 403),
        ("POST", ["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"], 201),
        ("POST", ["Policy.ReadWrite.ConditionalAccess"], 403),
        ("POST", ["Policy.Read.All"], 403),
    ],
)
def test_locations_take_their_permissions(
    control: GraphControl, graph: httpx.Client, method: str, roles: list[str], status: int
) -> None:
    """Writing takes the right to read besides, and is not enough for it."""
    headers = {"Authorization": f"Bearer {control.token(roles)}"}
    body = _COUNTRY if method == "POST" else None
    assert graph.request(method, LOCATIONS, json=body, headers=headers).status_code == status
