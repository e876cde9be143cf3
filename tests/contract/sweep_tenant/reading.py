"""Where the tenant's settings are in Graph, and means to say what they are."""

from typing import Any

from shared.domain.posture.tenant import Settings
from shared.domain.sweep.tenant import TenantReading
from tests.contract.recorded_graph import RecordedGraph
from tests.contract.sweep_world import Sweep

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
        LOCATIONS: reading.named_locations,
        STRENGTHS: reading.authentication_strengths,
    }
