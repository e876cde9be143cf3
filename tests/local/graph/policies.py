"""Policies as an administrator writes them, and attempts that meet them."""

from typing import Any

import httpx

from tests.stands.graph import GraphControl

POLICIES = "/v1.0/identity/conditionalAccess/policies"
STRENGTHS = "/v1.0/policies/authenticationStrengthPolicies"
LOCATIONS = "/v1.0/identity/conditionalAccess/namedLocations"
MFA = {"operator": "OR", "builtInControls": ["mfa"]}
BLOCK = {"operator": "OR", "builtInControls": ["block"]}


def policy_body(
    users: dict[str, Any] | None, grant: object = MFA, **conditions: object
) -> dict[str, Any]:
    """A policy about all applications, unless the conditions say otherwise."""
    return {
        "displayName": "Require MFA",
        "state": "enabled",
        "conditions": {
            "clientAppTypes": ["all"],
            "applications": {"includeApplications": ["All"]},
            **({} if users is None else {"users": users}),
            **conditions,
        },
        "grantControls": grant,
    }


def add_policy(
    graph: httpx.Client, users: dict[str, Any], grant: object = MFA, **conditions: object
) -> str:
    """Write a policy; its id."""
    return added(graph, POLICIES, policy_body(users, grant, **conditions))


def added(graph: httpx.Client, path: str, body: dict[str, Any]) -> str:
    """Write anything that is taken; its id."""
    answer = graph.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def add_strength(
    graph: httpx.Client, combinations: list[str], key_models: list[str] | None = None
) -> dict[str, Any]:
    """Write a custom strength; the grant that asks for it."""
    configuration = {
        "@odata.type": "#microsoft.graph.fido2CombinationConfiguration",
        "appliesToCombinations": ["fido2"],
        "allowedAAGUIDs": key_models,
    }
    body = {
        "displayName": "Ours",
        "allowedCombinations": combinations,
        "combinationConfigurations": [] if key_models is None else [configuration],
    }
    return strength_grant(added(graph, STRENGTHS, body))


def strength_grant(key: str) -> dict[str, Any]:
    """The grant that asks for a strength."""
    return {"operator": "OR", "authenticationStrength": {"id": key}}


def sign_in(control: GraphControl, user: str, **attempt: object) -> str:
    """How an attempt ends."""
    outcome: dict[str, str] = control.do("POST", f"users/{user}/sign-in", attempt)
    return outcome["result"]
