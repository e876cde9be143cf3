"""Temporary Access Passes, the policy that limits them, and domains that need none."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import pytest
from msgraph.generated.models.temporary_access_pass_authentication_method import (
    TemporaryAccessPassAuthenticationMethod as Pass,
)
from msgraph.generated.models.temporary_access_pass_authentication_method_configuration import (
    TemporaryAccessPassAuthenticationMethodConfiguration as PassPolicy,
)

from tests.local.graph.clients import v1_client
from tests.stands.graph import GraphControl, GraphStand

_POLICY = (
    "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations"
    "/temporaryAccessPass"
)
_TYPE = {"@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration"}

Change = Callable[..., httpx.Response]


@pytest.fixture
def policy(graph: httpx.Client) -> Iterator[Change]:
    """Changes the policy; it is what it was after the test."""
    before = graph.get(_POLICY).json()
    before.pop("@odata.context")

    def change(**changes: object) -> httpx.Response:
        return graph.patch(_POLICY, json={**_TYPE, **changes})

    yield change
    graph.patch(_POLICY, json=before).raise_for_status()


def _passes(user: str) -> str:
    return f"/v1.0/users/{user}/authentication/temporaryAccessPassMethods"


async def test_v1_models_make_read_and_delete_a_pass(
    stand: GraphStand, control: GraphControl
) -> None:
    """The value is in the answer to the POST and nowhere else; a new pass replaces the old one."""
    user = control.create_user()["id"]
    async with v1_client(stand) as client:
        passes = client.users.by_user_id(user).authentication.temporary_access_pass_methods
        first = await passes.post(Pass())
        second = await passes.post(Pass(is_usable_once=True, lifetime_in_minutes=480))
        listed = await passes.get()
        assert first is not None
        assert second is not None
        one = passes.by_temporary_access_pass_authentication_method_id(str(second.id))
        read = await one.get()
        methods = await client.users.by_user_id(user).authentication.methods.get()
        await one.delete()
    assert len(first.temporary_access_pass or "") == 8
    assert (first.lifetime_in_minutes, first.is_usable_once, first.is_usable) == (60, False, True)
    assert second.temporary_access_pass
    assert listed is not None
    assert [held.id for held in listed.value or []] == [second.id]
    assert read is not None
    assert read.temporary_access_pass is None
    assert (read.is_usable_once, read.method_usability_reason) == (True, "EnabledByPolicy")
    assert methods is not None
    assert isinstance((methods.value or [])[-1], Pass)
    assert str(second.temporary_access_pass) not in str(control.truth(user))
    assert len(control.truth(user)["methods"]) == 1


async def test_v1_model_reads_the_policy(stand: GraphStand) -> None:
    """The limits are in the configuration of the method."""
    async with v1_client(stand) as client:
        configurations = (
            client.policies.authentication_methods_policy.authentication_method_configurations
        )
        read = await configurations.by_authentication_method_configuration_id(
            "temporaryAccessPass"
        ).get()
        whole = await client.policies.authentication_methods_policy.get()
    assert isinstance(read, PassPolicy)
    assert (read.minimum_lifetime_in_minutes, read.maximum_lifetime_in_minutes) == (60, 480)
    assert whole is not None
    ids = {row.id for row in whole.authentication_method_configurations or []}
    assert {"temporaryAccessPass", "x509Certificate", "sms"} <= ids


@pytest.mark.parametrize(
    "body",
    [
        {"lifetimeInMinutes": 59},
        {"lifetimeInMinutes": 481},
        {"lifetimeInMinutes": "60"},
        {"startDateTime": "2020-01-01T00:00:00Z"},
        {"startDateTime": "2100-01-01T00:00:00"},
        {"temporaryAccessPass": "mine"},
    ],
)
def test_a_pass_outside_the_policy_is_refused(
    control: GraphControl, graph: httpx.Client, body: dict[str, object]
) -> None:
    """Lifetimes outside the limits, starts in the past or without an offset, chosen values."""
    user = control.create_user()["id"]
    answer = graph.post(_passes(user), json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "badRequest")
    assert len(control.truth(user)["methods"]) == 1


def test_guests_get_no_pass(control: GraphControl, graph: httpx.Client) -> None:
    """The refusal is Graph's own sentence."""
    guest = control.create_user(userPrincipalName=f"{uuid4().hex}#EXT#@contoso.example")["id"]
    answer = graph.post(_passes(guest), json={})
    assert answer.status_code == 400
    assert "external guest user" in answer.json()["error"]["message"]


def test_the_policy_decides_what_can_be_made_and_used(
    control: GraphControl, graph: httpx.Client, policy: Change
) -> None:
    """One-time only refuses reuse; out of scope a pass is made and not usable; off makes none."""
    user = control.create_user()["id"]
    assert policy(isUsableOnce=True).status_code == 204
    assert graph.post(_passes(user), json={"isUsableOnce": False}).status_code == 400
    group = control.do("POST", "groups", {"displayName": "Passes"})["id"]
    scope = [{"id": group, "targetType": "group", "isRegistrationRequired": False}]
    assert policy(includeTargets=scope).status_code == 204
    made = graph.post(_passes(user), json={})
    assert made.status_code == 201
    assert (made.json()["isUsable"], made.json()["methodUsabilityReason"]) == (
        False,
        "DisabledByPolicy",
    )
    assert policy(state="disabled").status_code == 204
    assert graph.post(_passes(user), json={}).status_code == 400


def test_a_pass_has_its_time(control: GraphControl, graph: httpx.Client) -> None:
    """Not valid before its start, expired after its lifetime."""
    user = control.create_user()["id"]
    now = control.do("GET", "clock")["now"]
    later = now.replace(now[:4], str(int(now[:4]) + 1))
    made = graph.post(_passes(user), json={"startDateTime": later}).json()
    assert (made["isUsable"], made["methodUsabilityReason"]) == (False, "NotYetValid")
    assert graph.post(_passes(user), json={}).json()["isUsable"] is True
    control.advance(61 * 60)
    (held,) = graph.get(_passes(user)).json()["value"]
    assert (held["isUsable"], held["methodUsabilityReason"]) == (False, "Expired")


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "on"},
        {"defaultLength": 7},
        {"minimumLifetimeInMinutes": 9},
        {"maximumLifetimeInMinutes": 30},
        {"isUsableOnce": "yes"},
        {"nickname": "x"},
        {"includeTargets": [{"id": str(uuid4()), "targetType": "group"}]},
        {"@odata.type": "#microsoft.graph.smsAuthenticationMethodConfiguration"},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(
    policy: Change, graph: httpx.Client, changes: dict[str, object]
) -> None:
    """Unknown states, limits out of range, groups that are not there, another method's type."""
    assert policy(**changes).status_code == 400
    assert graph.patch(_POLICY, json={"state": "enabled"}).status_code == 400


async def test_v1_models_read_domains_and_the_organization(
    stand: GraphStand, control: GraphControl
) -> None:
    """A federated domain says so, and whether its identity provider does MFA."""
    name = f"{uuid4().hex[:8]}.example"
    behavior = "enforceMfaByFederatedIdp"
    control.do(
        "POST",
        "domains",
        {"id": name, "authenticationType": "Federated", "federatedIdpMfaBehavior": behavior},
    )
    async with v1_client(stand) as client:
        domain = await client.domains.by_domain_id(name).get()
        federation = await client.domains.by_domain_id(name).federation_configuration.get()
        organizations = await client.organization.get()
        skus = await client.subscribed_skus.get()
    assert domain is not None
    assert (domain.authentication_type, domain.is_verified) == ("Federated", True)
    assert federation is not None
    assert federation.value is not None
    assert federation.value[0].federated_idp_mfa_behavior == behavior
    assert organizations is not None
    assert organizations.value is not None
    types = {known.name: known.type for known in organizations.value[0].verified_domains or []}
    assert (types[name], types["contoso.example"]) == ("Federated", "Managed")
    assert skus is not None
    assert "AAD_PREMIUM_P2" in {sku.sku_part_number for sku in skus.value or []}


def test_what_the_organization_tells_depends_on_licence_and_permission(
    control: GraphControl, graph: httpx.Client
) -> None:
    """A free tenant has no plan of Entra ID; a managed domain no federation; 403 otherwise."""
    control.do("POST", "switches", {"licence": "free"})
    assert graph.get("/v1.0/organization").json()["value"][0]["assignedPlans"] == []
    path = "/v1.0/domains/contoso.example/federationConfiguration"
    assert graph.get(path).status_code == 404
    headers = {"Authorization": f"Bearer {control.token(['User.Read.All'])}"}
    for path in ("/v1.0/domains", "/v1.0/organization", "/v1.0/subscribedSkus"):
        assert graph.get(path, headers=headers).status_code == 403
