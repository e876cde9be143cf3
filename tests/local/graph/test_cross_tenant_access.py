"""Cross-tenant access: whose MFA and devices are believed.

https://learn.microsoft.com/entra/external-id/authentication-conditional-access and
https://learn.microsoft.com/entra/identity/authentication/
concept-authentication-strength-external-users
"""

from uuid import uuid4

import httpx
import pytest

from tests.local.graph.policies import (
    MFA,
    POLICIES,
    add_policy,
    add_strength,
    sign_in,
    strength_grant,
)
from tests.stands.graph import GraphControl

pytestmark = pytest.mark.usefixtures("no_policy_stays")

_CROSS_TENANT = "/v1.0/policies/crossTenantAccessPolicy"
_HOME = str(uuid4())
_MFA_STRENGTH = strength_grant("00000000-0000-0000-0000-000000000002")
_RESISTANT = strength_grant("00000000-0000-0000-0000-000000000004")


def _guest(control: GraphControl, **more: object) -> str:
    made = control.create_user(userPrincipalName=f"{uuid4().hex}#EXT#@contoso.example", **more)
    return str(made["id"])


def _trust(graph: httpx.Client, *, mfa: bool = True, device: bool = False) -> None:
    trust = {"isMfaAccepted": mfa, "isCompliantDeviceAccepted": device}
    body = {"tenantId": _HOME, "inboundTrust": trust}
    assert graph.post(f"{_CROSS_TENANT}/partners", json=body).status_code == 201


@pytest.mark.parametrize(
    ("trusted", "grant", "credentials", "result"),
    [
        (True, MFA, ["homeMfa"], "allowed"),
        (True, MFA, ["password"], "mfa-required"),
        (True, MFA, ["password", "mobile"], "mfa-required"),
        (True, _MFA_STRENGTH, ["homeMfa"], "allowed"),
        (True, _RESISTANT, ["homeMfa"], "mfa-required"),
        (False, MFA, ["homeMfa"], "mfa-required"),
        (False, MFA, ["password", "mobile"], "allowed"),
        (False, MFA, ["password", "softwareOath"], "allowed"),
        (False, MFA, ["password", "hardwareOath"], "mfa-required"),
        (False, MFA, ["password", "fido2"], "mfa-required"),
        (False, _MFA_STRENGTH, ["password", "mobile"], "allowed"),
        (False, _RESISTANT, ["password", "mobile"], "blocked"),
    ],
)
def test_mfa_is_done_at_home_or_here(
    control: GraphControl,
    graph: httpx.Client,
    *,
    trusted: bool,
    grant: object,
    credentials: list[str],
    result: str,
) -> None:
    """At home where it is believed, and here by phone, push and software tokens where not."""
    user = _guest(control, homeTenantId=_HOME)
    for kind in ("mobile", "softwareOath", "hardwareOath", "fido2"):
        control.register(user, kind)
    _trust(graph, mfa=trusted)
    add_policy(graph, {"includeUsers": [user]}, grant)
    assert sign_in(control, user, credentials=credentials) == result


def test_strengths_are_for_who_comes_from_an_entra_tenant(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Others have MFA here, and reach no strength."""
    user = _guest(control)
    control.register(user, "mobile")
    policy = add_policy(graph, {"includeUsers": [user]})
    attempt = {"credentials": ["password", "mobile"]}
    assert sign_in(control, user, **attempt) == "allowed"
    graph.delete(f"{POLICIES}/{policy}").raise_for_status()
    add_policy(graph, {"includeUsers": [user]}, add_strength(graph, ["password,sms"]))
    assert sign_in(control, user, **attempt) == "blocked"


@pytest.mark.parametrize(
    ("trusted", "result"), [(True, "allowed"), (False, "registration-required")]
)
def test_devices_of_externals_are_believed_by_trust(
    control: GraphControl, graph: httpx.Client, *, trusted: bool, result: str
) -> None:
    """Compliance comes from the home tenant."""
    user = _guest(control, homeTenantId=_HOME)
    _trust(graph, mfa=False, device=trusted)
    grant = {"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]}
    add_policy(graph, {"includeUsers": [user]}, grant)
    assert sign_in(control, user, satisfies=["compliantDevice"]) == result


def test_the_default_counts_where_the_partner_says_nothing(
    control: GraphControl, graph: httpx.Client
) -> None:
    """A partner's own inbound trust goes before it."""
    user = _guest(control, homeTenantId=_HOME)
    add_policy(graph, {"includeUsers": [user]})
    attempt = {"credentials": ["homeMfa"]}
    default = f"{_CROSS_TENANT}/default"
    assert graph.get(default).json()["isServiceDefault"] is True
    graph.patch(default, json={"inboundTrust": {"isMfaAccepted": True}}).raise_for_status()
    assert graph.get(default).json()["isServiceDefault"] is False
    assert sign_in(control, user, **attempt) == "allowed"
    partner = f"{_CROSS_TENANT}/partners/{_HOME}"
    assert graph.post(f"{_CROSS_TENANT}/partners", json={"tenantId": _HOME}).status_code == 201
    assert graph.get(partner).json()["inboundTrust"] is None
    assert sign_in(control, user, **attempt) == "allowed"
    graph.patch(partner, json={"inboundTrust": {"isMfaAccepted": False}}).raise_for_status()
    assert sign_in(control, user, **attempt) != "allowed"
    assert graph.post(f"{default}/resetToSystemDefault").status_code == 204
    assert graph.get(default).json()["isServiceDefault"] is True


@pytest.mark.parametrize(
    ("line", "body", "status"),
    [
        ("PATCH default", {"inboundTrust": {"isMfaAccepted": "yes"}}, 400),
        ("PATCH default", {"inboundTrust": {"isPigeonAccepted": True}}, 400),
        ("PATCH default", {}, 400),
        ("PATCH default", {"b2bCollaborationInbound": {}}, 501),
        ("POST partners", {"tenantId": "x"}, 400),
        ("GET partners/x", None, 404),
        ("DELETE default", None, 405),
    ],
)
def test_cross_tenant_access_of_another_shape_is_refused(
    graph: httpx.Client, line: str, body: object, status: int
) -> None:
    """https://learn.microsoft.com/graph/api/resources/crosstenantaccesspolicy-overview"""
    method, _, path = line.partition(" ")
    assert graph.request(method, f"{_CROSS_TENANT}/{path}", json=body).status_code == status


@pytest.mark.parametrize(
    ("method", "roles", "status"),
    [
        ("GET", ["Policy.Read.All"], 200),
        ("GET", ["Policy.Read.ConditionalAccess"], 403),
        ("POST", ["Policy.ReadWrite.CrossTenantAccess"], 201),
        ("POST", ["Policy.Read.All"], 403),
    ],
)
def test_cross_tenant_access_takes_its_permissions(
    control: GraphControl, graph: httpx.Client, method: str, roles: list[str], status: int
) -> None:
    """Reading is of all policies, writing of this one."""
    headers = {"Authorization": f"Bearer {control.token(roles)}"}
    body = {"tenantId": _HOME} if method == "POST" else None
    path = f"{_CROSS_TENANT}/partners"
    assert graph.request(method, path, json=body, headers=headers).status_code == status
