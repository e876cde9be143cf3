"""The port `TenantSource` on Microsoft Graph: what is true of the tenant as a whole."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.locations import UNKNOWN_COUNTRY, NamedLocation
from shared.domain.conditional_access.policies import Demand
from shared.domain.errors.directory import (
    DirectoryUnavailable,
    MalformedAnswer,
    PermissionMissing,
    Throttled,
)
from shared.domain.posture.tenant import Settings
from shared.domain.sweep.tenant import Holding, TenantReading
from tests.contract.privilege_worlds import Roles
from tests.contract.recorded_graph import RecordedGraph, running_graph
from tests.contract.sweep_world import ROLES, Sweep, sweep_on_record, sweep_on_stand, turns
from tests.stands.graph import GraphControl, GraphStand

POLICIES = "/v1.0/identity/conditionalAccess/policies"
LOCATIONS = "/v1.0/identity/conditionalAccess/namedLocations"
STRENGTHS = "/v1.0/policies/authenticationStrengthPolicies"
DEFAULTS = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
METHODS = "/v1.0/policies/authenticationMethodsPolicy"
TRUST = "/v1.0/policies/crossTenantAccessPolicy/default"
PARTNERS = "/v1.0/policies/crossTenantAccessPolicy/partners"
HELD = "/v1.0/roleManagement/directory/roleAssignments"
ELIGIBLE = "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances"
GROUPS = "/v1.0/groups"
DOMAINS = "/v1.0/domains"
COUNT = "/v1.0/users/$count"
ALL = (
    POLICIES,
    LOCATIONS,
    STRENGTHS,
    DEFAULTS,
    METHODS,
    TRUST,
    PARTNERS,
    HELD,
    ELIGIBLE,
    GROUPS,
    DOMAINS,
    COUNT,
)
LISTS = (POLICIES, LOCATIONS, STRENGTHS, PARTNERS, HELD, ELIGIBLE, GROUPS, DOMAINS)
ADMIN = "62e90394-69f5-4237-9190-012177145e10"
BERLIN, HQ = "b0000000-0000-4000-8000-00000000000a", "b0000000-0000-4000-8000-00000000000b"


@pytest.fixture
async def graph() -> AsyncIterator[RecordedGraph]:
    """A tenant in which there is nothing yet."""
    async with running_graph() as running:
        for path in LISTS:
            running.lists(path)
        running.says(DEFAULTS, {"isEnabled": False})
        running.says(METHODS, {"authenticationMethodConfigurations": []})
        running.says(TRUST, {"isServiceDefault": True, "inboundTrust": {"isMfaAccepted": False}})
        running.says(COUNT, "\ufeff1234")
        yield running


@pytest.fixture
async def sweep(graph: RecordedGraph) -> AsyncIterator[Sweep]:
    """A sweep of it."""
    async with sweep_on_record(graph) as running:
        yield running


def told_anew(graph: RecordedGraph, path: str, body: object) -> None:
    """Another answer in place of the one that was laid down."""
    graph.forget(path)
    graph.says(path, body)


def rows(graph: RecordedGraph, path: str, *found: object) -> None:
    """Another list in place of the empty one."""
    told_anew(graph, path, {"value": list(found)})


def refused(graph: RecordedGraph, path: str, status: int, code: str) -> None:
    """A refusal in place of an answer."""
    graph.forget(path)
    graph.refuses(path, status, code)


def policy(state: str = "enabled", **conditions: object) -> dict[str, Any]:
    """A policy that asks everybody for MFA, under these conditions."""
    return {
        "id": "P",
        "displayName": "Ask everybody",
        "state": state,
        "conditions": {
            "clientAppTypes": ["all"],
            "applications": {"includeApplications": ["All"]},
            "users": {"includeUsers": ["All"]},
            **conditions,
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    }


async def settings(sweep: Sweep) -> Settings:
    """What the tenant requires."""
    return (await sweep.sources.tenant.tenant()).settings


def by_path(reading: TenantReading) -> dict[str, object]:
    """What was read from each path."""
    return {
        POLICIES: reading.settings.policies,
        DEFAULTS: reading.settings.security_defaults,
        METHODS: reading.certificates,
        TRUST: reading.home_mfa_trusted,
        PARTNERS: reading.home_mfa_trusted,
        HELD: reading.held,
        ELIGIBLE: reading.eligible,
        GROUPS: reading.role_groups,
        DOMAINS: reading.trusted_domains,
    }


async def test_an_empty_tenant_takes_twelve_requests(graph: RecordedGraph, sweep: Sweep) -> None:
    """Each of low priority; those of Conditional Access in their turns."""
    assert await sweep.sources.tenant.tenant() == TenantReading(settings=Settings(), people=1234)
    assert sorted(graph.paths()) == sorted(ALL)
    assert {one.headers["x-ms-throttle-priority"] for one in graph.asked} == {"low"}
    assert turns(sweep) == (0, 3)


@pytest.mark.parametrize("path", [one for one in ALL if one not in {LOCATIONS, STRENGTHS, COUNT}])
@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "Authorization_RequestDenied"), (403, "AccessDenied"), (400, "BadRequest")],
)
async def test_what_is_refused_for_good_is_unknown(
    graph: RecordedGraph, sweep: Sweep, path: str, status: int, code: str
) -> None:
    """That alone, and never 'no'."""
    refused(graph, path, status, code)
    found = by_path(await sweep.sources.tenant.tenant())
    for one, value in found.items():
        same = {TRUST, PARTNERS} if path in {TRUST, PARTNERS} else {path}
        assert isinstance(value, Unknown) is (one in same), one


@pytest.mark.parametrize("path", [TRUST, PARTNERS, METHODS])
async def test_what_a_cloud_does_not_have_is_unknown(
    graph: RecordedGraph, sweep: Sweep, path: str
) -> None:
    """404 is no passing trouble here."""
    graph.forget(path)
    assert isinstance(by_path(await sweep.sources.tenant.tenant())[path], Unknown)


@pytest.mark.parametrize(
    ("path", "role"),
    [
        (POLICIES, "Policy.Read.All"),
        (PARTNERS, "Policy.Read.All"),
        (HELD, "RoleManagement.Read.Directory"),
        (ELIGIBLE, "RoleEligibilitySchedule.Read.Directory"),
        (GROUPS, "GroupMember.Read.All"),
        (DOMAINS, "Domain.Read.All"),
    ],
)
async def test_an_empty_list_proves_nothing_without_the_role(
    graph: RecordedGraph, path: str, role: str
) -> None:
    """Graph may answer 200 and nothing; the cause names the role."""
    async with sweep_on_record(graph, ROLES - {role}) as sweep:
        found = by_path(await sweep.sources.tenant.tenant())[path]
    assert isinstance(found, Unknown)
    assert role in found.reason


async def test_who_cannot_tell_their_own_roles_believes_no_empty_list(
    graph: RecordedGraph,
) -> None:
    """Without a token that can be read there is no telling what is empty."""
    async with sweep_on_record(graph, Unknown("No token.")) as sweep:
        assert (await sweep.sources.tenant.tenant()).held == Unknown("No token.")


@pytest.mark.parametrize("path", ALL)
async def test_passing_trouble_is_raised(graph: RecordedGraph, sweep: Sweep, path: str) -> None:
    """The tenant is read again later, as a whole."""
    refused(graph, path, 429, "TooManyRequests")
    with pytest.raises(Throttled):
        await sweep.sources.tenant.tenant()
    refused(graph, path, 500, "")
    with pytest.raises(DirectoryUnavailable):
        await sweep.sources.tenant.tenant()


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("body", ["<html>", {"value": [{"state": 3}, 7]}, {"error": {}}])
async def test_nonsense_is_raised(
    graph: RecordedGraph, sweep: Sweep, path: str, body: object
) -> None:
    """It is none of Graph's answers."""
    told_anew(graph, path, body)
    with pytest.raises(MalformedAnswer):
        await sweep.sources.tenant.tenant()


async def test_without_the_right_to_count_there_is_no_sweep(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """The same right reads everybody."""
    refused(graph, COUNT, 403, "Authorization_RequestDenied")
    with pytest.raises(PermissionMissing, match=r"User\.Read\.All"):
        await sweep.sources.tenant.tenant()


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
    """Addresses may be trusted; countries are told, but where the phone tells them."""
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
        {"@odata.type": "#microsoft.graph.compliantNetworkNamedLocation", "id": "new"},
    )
    found = (await settings(sweep)).locations
    assert found.named == {
        HQ: NamedLocation(name="HQ", trusted=True),
        BERLIN: NamedLocation(name="Germany", countries=frozenset({"de", UNKNOWN_COUNTRY})),
        "gps": NamedLocation(name="Phone", countries=frozenset({"fr"}), by_gps=True),
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


STRENGTH = {
    "id": "5A",
    "displayName": "Our keys",
    "policyType": "custom",
    "requirementsSatisfied": "mfa",
    "allowedCombinations": ["fido2", "password, microsoftAuthenticatorPush"],
    "combinationConfigurations": [],
}
OUR_KEYS = {
    "@odata.type": "#microsoft.graph.fido2CombinationConfiguration",
    "allowedAAGUIDs": ["AA", "bb"],
    "appliesToCombinations": ["fido2"],
}
OUR_ISSUER = {
    "@odata.type": "#microsoft.graph.x509CertificateCombinationConfiguration",
    "allowedIssuerSkis": ["9a"],
    "appliesToCombinations": ["x509CertificateMultiFactor"],
}
FIDO2 = frozenset({"fido2"})
CERTIFICATE = frozenset({"x509certificatemultifactor"})


def with_strength(**changed: object) -> tuple[dict[str, object], dict[str, object]]:
    """A strength of the tenant's own, and a policy that asks for it."""
    grant = {"operator": "OR", "authenticationStrength": {"id": "5a"}}
    return {**STRENGTH, **changed}, {**policy(), "grantControls": grant}


async def test_a_strength_tells_what_reaches_it(graph: RecordedGraph, sweep: Sweep) -> None:
    """Its combinations, and which models of passkeys."""
    strength, asking = with_strength(combinationConfigurations=[OUR_KEYS])
    rows(graph, STRENGTHS, strength)
    rows(graph, POLICIES, asking)
    found = (await settings(sweep)).policies
    assert not isinstance(found, Unknown)
    (one,) = found
    assert one.demand is Demand.MFA
    (told,) = one.strengths
    assert told.strength_id == "5a"
    assert told.combinations == {FIDO2, frozenset({"password", "microsoftauthenticatorpush"})}
    assert told.keys == frozenset({"aa", "bb"})
    assert told.doubtful == frozenset()


@pytest.mark.parametrize(
    ("configuration", "doubtful"),
    [
        (OUR_ISSUER, CERTIFICATE),
        ({**OUR_KEYS, "allowedAAGUIDs": []}, FIDO2),
        ({"@odata.type": "#microsoft.graph.new", "appliesToCombinations": ["fido2"]}, FIDO2),
    ],
)
async def test_what_a_strength_demands_beyond_that_is_in_doubt(
    graph: RecordedGraph, sweep: Sweep, configuration: object, doubtful: frozenset[str]
) -> None:
    """Nobody can tell from here whose certificate is of the right issuer."""
    strength, asking = with_strength(combinationConfigurations=[configuration])
    rows(graph, STRENGTHS, strength)
    rows(graph, POLICIES, asking)
    found = (await settings(sweep)).policies
    assert not isinstance(found, Unknown)
    assert found[0].strengths[0].doubtful == {doubtful}
    assert found[0].strengths[0].keys is None


@pytest.mark.parametrize(
    "changed",
    [{"requirementsSatisfied": "none"}, {"requirementsSatisfied": None}],
)
async def test_a_strength_that_is_no_mfa(
    graph: RecordedGraph, sweep: Sweep, changed: dict[str, object]
) -> None:
    """Graph says so; it requires nothing."""
    strength, asking = with_strength(**changed)
    rows(graph, STRENGTHS, strength)
    rows(graph, POLICIES, asking)
    found = (await settings(sweep)).policies
    assert not isinstance(found, Unknown)
    assert found[0].demand is Demand.NOTHING


@pytest.mark.parametrize(
    "changed", [{"combinationConfigurations": None}, {"allowedCombinations": None}, {"id": "other"}]
)
async def test_a_strength_that_is_not_all_told_leaves_the_demand_in_doubt(
    graph: RecordedGraph, sweep: Sweep, changed: dict[str, object]
) -> None:
    """As does one that cannot be read at all."""
    strength, asking = with_strength(**changed)
    rows(graph, STRENGTHS, strength)
    rows(graph, POLICIES, asking)
    found = (await settings(sweep)).policies
    assert not isinstance(found, Unknown)
    assert found[0].demand is Demand.UNKNOWN
    refused(graph, STRENGTHS, 403, "Authorization_RequestDenied")
    assert (await settings(sweep)).policies == found


async def test_who_holds_roles(graph: RecordedGraph, sweep: Sweep) -> None:
    """In small letters; a scope that is not the whole tenant is told apart."""
    assigned = {"principalId": "KIM", "roleDefinitionId": ADMIN.upper(), "directoryScopeId": "/"}
    scoped = {**assigned, "directoryScopeId": "/administrativeUnits/x"}
    by_app = {**assigned, "directoryScopeId": None}
    rows(graph, HELD, assigned, scoped, by_app)
    rows(graph, ELIGIBLE, assigned)
    rows(graph, GROUPS, {"id": "KIM"})
    found = await sweep.sources.tenant.tenant()
    wide = Holding(principal_id="kim", role=ADMIN, tenant_wide=True)
    narrow = Holding(principal_id="kim", role=ADMIN, tenant_wide=False)
    assert found.held == (wide, narrow, narrow)
    assert found.eligible == (wide,)
    assert found.role_groups == frozenset({"kim"})


async def test_without_the_licence_nobody_is_eligible(graph: RecordedGraph, sweep: Sweep) -> None:
    """There is no PIM; of roles that are held that says nothing."""
    refused(graph, ELIGIBLE, 400, "AadPremiumLicenseRequired")
    refused(graph, HELD, 400, "AadPremiumLicenseRequired")
    found = await sweep.sources.tenant.tenant()
    assert found.eligible == ()
    assert isinstance(found.held, Unknown)


@pytest.mark.parametrize(
    ("behaviour", "trusted", "doubtful"),
    [
        ("enforceMfaByFederatedIdp", ("f.example",), set()),
        ("rejectMfaByFederatedIdp", (), set()),
        ("acceptIfMfaDoneByFederatedIdp", (), {"f.example"}),
        (None, (), {"f.example"}),
        ("unknownFutureValue", (), {"f.example"}),
    ],
)
async def test_who_does_the_mfa_of_a_federated_domain(
    graph: RecordedGraph,
    sweep: Sweep,
    behaviour: str | None,
    trusted: tuple[str, ...],
    doubtful: set[str],
) -> None:
    """The provider, Entra ID, or whoever comes first: then nobody can tell."""
    rows(
        graph,
        DOMAINS,
        {"id": "c.example", "authenticationType": "Managed", "isVerified": True},
        {"id": "F.example", "authenticationType": "Federated", "isVerified": True},
        {"id": "g.example", "authenticationType": "Federated", "isVerified": False},
    )
    path = f"{DOMAINS}/F.example/federationConfiguration"
    graph.lists(path, {"id": "x", "federatedIdpMfaBehavior": behaviour})
    found = await sweep.sources.tenant.tenant()
    assert found.trusted_domains == trusted
    assert set(found.doubtful_domains) == doubtful
    assert len(graph.asked) == 13


@pytest.mark.parametrize("attested", [True, None])
async def test_a_staged_rollout_leaves_it_in_doubt_who_signs_in_there(
    graph: RecordedGraph, *, attested: bool | None
) -> None:
    """Unless somebody has said that there is none: Graph tells no application."""
    rows(graph, DOMAINS, {"id": "f.example", "authenticationType": "Federated"})
    path = f"{DOMAINS}/f.example/federationConfiguration"
    graph.lists(path, {"id": "x", "federatedIdpMfaBehavior": "enforceMfaByFederatedIdp"})
    async with sweep_on_record(graph, staged_rollout=attested) as sweep:
        found = await sweep.sources.tenant.tenant()
    assert found.trusted_domains == ()
    assert "Staged Rollout" in found.doubtful_domains["f.example"].reason


async def test_a_federation_of_which_nothing_is_told_is_in_doubt(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """No configuration does not say that the provider does it."""
    rows(graph, DOMAINS, {"id": "f.example", "authenticationType": "Federated"})
    graph.lists(f"{DOMAINS}/f.example/federationConfiguration")
    found = await sweep.sources.tenant.tenant()
    assert found.trusted_domains == ()
    assert set(found.doubtful_domains) == {"f.example"}


async def test_a_federation_that_cannot_be_read_is_in_doubt(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """The other domains are told all the same."""
    rows(graph, DOMAINS, {"id": "f.example", "authenticationType": "Federated"})
    graph.refuses(f"{DOMAINS}/f.example/federationConfiguration", 403, "accessDenied")
    found = await sweep.sources.tenant.tenant()
    assert found.trusted_domains == ()
    assert "Domain.Read.All" in found.doubtful_domains["f.example"].reason


YES, NO = {"isMfaAccepted": True}, {"isMfaAccepted": False}


@pytest.mark.parametrize(
    ("default", "partners", "trusted"),
    [
        (NO, [], False),
        (YES, [], True),
        (None, [], False),
        (YES, [None, YES], True),
        (NO, [None, NO, {}], False),
        (YES, [NO], None),
        (NO, [YES], None),
        (YES, [{"isCompliantDeviceAccepted": True}], None),
    ],
)
async def test_whether_mfa_that_guests_did_at_home_is_trusted(
    graph: RecordedGraph,
    sweep: Sweep,
    default: object,
    partners: list[object],
    trusted: bool | None,  # noqa: FBT001  (what comes out)
) -> None:
    """Of all alike, or nobody can tell: a guest's organisation is not told."""
    told_anew(graph, TRUST, {"inboundTrust": default})
    rows(graph, PARTNERS, *({"tenantId": "x", "inboundTrust": one} for one in partners))
    found = (await sweep.sources.tenant.tenant()).home_mfa_trusted
    assert isinstance(found, Unknown) if trusted is None else found is trusted


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
    assert unknown == {POLICIES, DEFAULTS, METHODS, TRUST, PARTNERS}
