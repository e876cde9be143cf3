"""Conditional Access and security defaults: writing them, and what they do to a sign-in."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from msgraph.generated.models.conditional_access_applications import ConditionalAccessApplications
from msgraph.generated.models.conditional_access_client_app import ConditionalAccessClientApp
from msgraph.generated.models.conditional_access_condition_set import ConditionalAccessConditionSet
from msgraph.generated.models.conditional_access_grant_control import ConditionalAccessGrantControl
from msgraph.generated.models.conditional_access_grant_controls import (
    ConditionalAccessGrantControls,
)
from msgraph.generated.models.conditional_access_policy import ConditionalAccessPolicy
from msgraph.generated.models.conditional_access_policy_state import ConditionalAccessPolicyState
from msgraph.generated.models.conditional_access_users import ConditionalAccessUsers
from msgraph.generated.models.identity_security_defaults_enforcement_policy import (
    IdentitySecurityDefaultsEnforcementPolicy,
)

from tests.local.graph.clients import v1_client
from tests.local.graph.policies import BLOCK, MFA, POLICIES, add_policy, policy_body, sign_in
from tests.stands.graph import GraphControl, GraphStand

pytestmark = pytest.mark.usefixtures("no_policy_stays")

_DEFAULTS = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
_STRONG = {
    "operator": "OR",
    "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"},
}


async def test_v1_models_write_and_read_a_policy(stand: GraphStand, control: GraphControl) -> None:
    """What is written is read back, with the rest filled in; a change replaces part by part."""
    user = control.create_user()["id"]
    async with v1_client(stand) as client:
        policies = client.identity.conditional_access.policies
        made = await policies.post(
            ConditionalAccessPolicy(
                display_name="Require MFA",
                state=ConditionalAccessPolicyState.EnabledForReportingButNotEnforced,
                conditions=ConditionalAccessConditionSet(
                    client_app_types=[ConditionalAccessClientApp.All],
                    applications=ConditionalAccessApplications(include_applications=["All"]),
                    users=ConditionalAccessUsers(include_users=["All"], exclude_users=[user]),
                ),
                grant_controls=ConditionalAccessGrantControls(
                    operator="OR", built_in_controls=[ConditionalAccessGrantControl.Mfa]
                ),
            )
        )
        assert made is not None
        one = policies.by_conditional_access_policy_id(str(made.id))
        await one.patch(ConditionalAccessPolicy(state=ConditionalAccessPolicyState.Enabled))
        read = await one.get()
        listed = await policies.get()
        await one.delete()
    assert read is not None
    assert read.state is ConditionalAccessPolicyState.Enabled
    assert read.modified_date_time is not None
    assert read.conditions is not None
    assert read.conditions.users is not None
    assert read.conditions.users.exclude_users == [user]
    assert read.conditions.users.include_groups == []
    assert listed is not None
    assert [row.id for row in listed.value or []] == [made.id]


async def test_v1_model_switches_security_defaults(stand: GraphStand, graph: httpx.Client) -> None:
    """They are on or off, and off at first."""
    del graph
    async with v1_client(stand) as client:
        defaults = client.policies.identity_security_defaults_enforcement_policy
        await defaults.patch(IdentitySecurityDefaultsEnforcementPolicy(is_enabled=True))
        read = await defaults.get()
    assert read is not None
    assert read.is_enabled is True


def test_security_defaults_and_policies_exclude_each_other(graph: httpx.Client) -> None:
    """Neither is switched on beside the other; a report-only policy stands beside both."""
    policy = f"{POLICIES}/{add_policy(graph, {'includeUsers': ['All']})}"
    assert graph.patch(_DEFAULTS, json={"isEnabled": True}).status_code == 400
    reporting = {"state": "enabledForReportingButNotEnforced"}
    assert graph.patch(policy, json=reporting).status_code == 204
    assert graph.patch(_DEFAULTS, json={"isEnabled": True}).status_code == 204
    assert graph.patch(policy, json={"state": "enabled"}).status_code == 400


def test_security_defaults_block_legacy_clients_and_ask_administrators(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Others are asked when Microsoft sees a risk."""
    user, admin = control.create_user()["id"], control.create_user()["id"]
    control.do("POST", "roles", {"displayName": "Helpdesk", "members": [admin]})
    graph.patch(_DEFAULTS, json={"isEnabled": True}).raise_for_status()
    assert sign_in(control, user) == "allowed"
    assert sign_in(control, user, risk="high") == "registration-required"
    assert sign_in(control, user, clientApp="other") == "blocked"
    assert sign_in(control, admin) == "registration-required"


def test_a_policy_covers_groups_and_roles_and_excludes_them(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Groups count transitively, roles through groups; an exclusion wins."""
    inside, outside, admin = (control.create_user()["id"] for _ in range(3))
    inner = control.do("POST", "groups", {"displayName": "Inner", "members": [inside, admin]})
    outer = control.do("POST", "groups", {"displayName": "Outer", "members": [inner["id"]]})
    role = {"displayName": "Admin", "id": str(uuid4()), "members": [admin]}
    control.do("POST", "roles", role)
    control.register(inside, "mobile")
    users = {"includeGroups": [outer["id"]], "excludeRoles": [role["id"]]}
    policy = add_policy(graph, users)
    assert [sign_in(control, user) for user in (inside, outside, admin)] == [
        "mfa-required",
        "allowed",
        "allowed",
    ]
    assert sign_in(control, inside, credentials=["password", "mobile"]) == "allowed"
    outcome = control.do("POST", f"users/{inside}/sign-in", {})
    assert outcome["by"] == f"conditionalAccess:{policy}"


def test_a_custom_role_is_no_role_to_a_policy(control: GraphControl, graph: httpx.Client) -> None:
    """https://learn.microsoft.com/entra/identity/conditional-access/
    concept-conditional-access-users-groups (directory roles)."""
    user = control.create_user()["id"]
    for built_in, result in ((False, "allowed"), (True, "registration-required")):
        role = str(uuid4())
        body = {"displayName": "R", "id": role, "isBuiltIn": built_in, "members": [user]}
        control.do("POST", "roles", body)
        add_policy(graph, {"includeRoles": [role]})
        assert sign_in(control, user) == result


def test_a_policy_that_only_reports_asks_nobody(control: GraphControl, graph: httpx.Client) -> None:
    """Report-only and disabled policies leave the sign-in as it was."""
    user = control.create_user()["id"]
    policy = f"{POLICIES}/{add_policy(graph, {'includeUsers': [user]})}"
    assert sign_in(control, user) == "registration-required"
    for state in ("enabledForReportingButNotEnforced", "disabled"):
        assert graph.patch(policy, json={"state": state}).status_code == 204
        assert sign_in(control, user) == "allowed"


@pytest.mark.parametrize(
    ("grant", "conditions", "attempt", "result"),
    [
        (MFA, {}, {}, "mfa-required"),
        (MFA, {}, {"clientApp": "other"}, "blocked"),
        (MFA, {"clientAppTypes": ["browser"]}, {"clientApp": "other"}, "allowed"),
        (BLOCK, {"clientAppTypes": ["other"]}, {"clientApp": "other"}, "blocked"),
        (BLOCK, {"clientAppTypes": ["other"]}, {}, "allowed"),
        (_STRONG, {}, {"credentials": ["password", "mobile"]}, "mfa-required"),
        ({"operator": "OR", "builtInControls": ["compliantDevice"]}, {}, {}, "blocked"),
        (
            {"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]},
            {},
            {"credentials": ["password", "mobile"]},
            "allowed",
        ),
        (MFA, {"platforms": {"includePlatforms": ["iOS"]}}, {"platform": "windows"}, "allowed"),
        (
            MFA,
            {"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}},
            {"location": "trusted"},
            "allowed",
        ),
        (MFA, {"signInRiskLevels": ["high"]}, {"risk": "low"}, "allowed"),
        (MFA, {"signInRiskLevels": ["high"]}, {"risk": "high"}, "mfa-required"),
        (
            MFA,
            {"applications": {"includeUserActions": ["urn:user:registersecurityinfo"]}},
            {"app": "urn:user:registersecurityinfo"},
            "mfa-required",
        ),
        (MFA, {}, {"app": "urn:user:registersecurityinfo"}, "allowed"),
    ],
)
def test_conditions_and_controls_decide_asign_in(
    control: GraphControl,
    graph: httpx.Client,
    *,
    grant: object,
    conditions: dict[str, object],
    attempt: dict[str, object],
    result: str,
) -> None:
    """Clients, platforms, places, risk, user actions; MFA, blocks, strengths, other controls."""
    user = control.create_user()["id"]
    control.register(user, "mobile")
    add_policy(graph, {"includeUsers": [user]}, grant, **conditions)
    assert sign_in(control, user, **attempt) == result


def test_app_passwords_are_shut_by_a_block_alone(
    control: GraphControl, graph: httpx.Client
) -> None:
    """A policy that asks legacy clients for MFA stops the password and not the app password."""
    user = control.create_user()["id"]
    requirements = f"/beta/users/{user}/authentication/requirements"
    graph.patch(requirements, json={"perUserMfaState": "enforced"}).raise_for_status()
    control.do("POST", f"users/{user}/app-passwords", {"name": "printer"})
    legacy = {"clientApp": "other", "credentials": ["appPassword"]}
    add_policy(graph, {"includeUsers": [user]})
    assert sign_in(control, user, **legacy) == "allowed"
    add_policy(
        graph, {"includeUsers": [user]}, BLOCK, clientAppTypes=["exchangeActiveSync", "other"]
    )
    assert sign_in(control, user, **legacy) == "blocked"


def test_a_pass_signs_in_once_and_satisfies_mfa(control: GraphControl, graph: httpx.Client) -> None:
    """A one-time pass is used up by the sign-in that it allowed."""
    user = control.create_user()["id"]
    add_policy(graph, {"includeUsers": [user]})
    passes = f"/v1.0/users/{user}/authentication/temporaryAccessPassMethods"
    graph.post(passes, json={"isUsableOnce": True}).raise_for_status()
    attempt = {"credentials": ["temporaryAccessPass"]}
    assert [sign_in(control, user, **attempt) for _ in range(2)] == ["allowed", "blocked"]
    (held,) = graph.get(passes).json()["value"]
    assert held["methodUsabilityReason"] == "OneTimeUsed"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"state": "on"}, 400),
        ({"displayName": ""}, 400),
        ({"nickname": "x"}, 400),
        ({"grantControls": None}, 400),
        ({"grantControls": {"operator": "OR", "builtInControls": []}}, 400),
        ({"grantControls": {"builtInControls": ["mfa"]}}, 400),
        ({"grantControls": {"operator": "OR", "builtInControls": ["mfa", "block"]}}, 400),
        ({"grantControls": {**_STRONG, "builtInControls": ["mfa"]}}, 400),
        ({"conditions": {"users": {"includeUsers": []}}}, 400),
        ({"conditions": {"users": {"includeUsers": [str(uuid4())]}}}, 400),
        ({"conditions": {"users": {"includeUsers": ["All"], "excludeGroups": ["x"]}}}, 400),
        ({"conditions": {"applications": {}}}, 400),
        ({"conditions": {"clientAppTypes": []}}, 400),
        ({"conditions": {"clientAppTypes": ["all", "browser"]}}, 400),
        ({"conditions": {"locations": {"includeLocations": [str(uuid4())]}}}, 400),
        ({"conditions": {"clientAppTypes": ["easSupported"]}}, 501),
    ],
)
def test_a_policy_that_the_service_does_not_take_is_refused(
    graph: httpx.Client, changes: dict[str, Any], status: int
) -> None:
    """Bad shapes, contradictions and who is not there: neither made nor changed."""
    body = policy_body({"includeUsers": ["All"]})
    conditions = {**body["conditions"], **changes.get("conditions", {})}
    assert graph.post(POLICIES, json={**body, **changes, "conditions": conditions}).status_code == (
        status
    )
    policy = f"{POLICIES}/{add_policy(graph, {'includeUsers': ['All']})}"
    before = graph.get(policy).json()
    assert graph.patch(policy, json=changes).status_code == status
    assert graph.get(policy).json() == before
    assert len(graph.get(POLICIES).json()["value"]) == 1


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        (["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess", "Application.Read.All"], 201),
        (["Policy.ReadWrite.ConditionalAccess", "Application.Read.All"], 403),
        (["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"], 403),
        (["Policy.Read.All", "Application.Read.All"], 403),
    ],
)
def test_writing_a_policy_takes_three_permissions(
    control: GraphControl, graph: httpx.Client, roles: list[str], status: int
) -> None:
    """One of them missing is 403; a tenant without a licence writes none at all."""
    headers = {"Authorization": f"Bearer {control.token(roles)}"}
    body = policy_body({"includeUsers": ["All"]})
    assert graph.post(POLICIES, json=body, headers=headers).status_code == status
    control.do("POST", "switches", {"licence": "free"})
    assert graph.post(POLICIES, json=body, headers=headers).status_code == 403
    control.do("POST", "switches", {})


def test_conditional_access_is_throttled_for_all_applications_together(
    control: GraphControl, graph: httpx.Client
) -> None:
    """One request a second for the tenant, and the refusal tells no wait."""
    control.do("POST", "throttling", {"enabled": True, "timeScale": 1000})
    other = control.do("POST", "token", {"appId": "another"})["access_token"]
    assert graph.get(POLICIES).status_code == 200
    refused = graph.get(POLICIES, headers={"Authorization": f"Bearer {other}"})
    assert refused.status_code == 429
    assert "Retry-After" not in refused.headers
    control.do("POST", "throttling", {})
