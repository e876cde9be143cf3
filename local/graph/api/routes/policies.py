"""Conditional Access and what it refers to, security defaults, cross-tenant access."""

from local.graph.api import authentication_strengths as strengths
from local.graph.api import conditional_access as handlers
from local.graph.api import cross_tenant_access as cross_tenant
from local.graph.api import named_locations as locations
from local.graph.api import permissions as may
from local.graph.api import strength_configurations as configurations
from local.graph.api.routing import Area, Route

_AREA = Area.CONDITIONAL_ACCESS
_POLICIES = "/identity/conditionalAccess/policies"
_POLICY = f"{_POLICIES}/{{policy}}"
_LOCATIONS = "/identity/conditionalAccess/namedLocations"
_LOCATION = f"{_LOCATIONS}/{{location}}"
_CROSS_TENANT = "/policies/crossTenantAccessPolicy"
_PARTNER = f"{_CROSS_TENANT}/partners/{{partner}}"
_DEFAULTS = "/policies/identitySecurityDefaultsEnforcementPolicy"

# One resource under two addresses.
_STRENGTHS = tuple(
    route
    for path in (
        "/policies/authenticationStrengthPolicies",
        "/identity/conditionalAccess/authenticationStrength/policies",
    )
    for route in (
        Route("GET", path, strengths.list_strengths, may.STRENGTHS_READ, _AREA),
        Route("POST", path, strengths.add_strength, may.STRENGTHS_WRITE, _AREA),
        Route("GET", f"{path}/{{strength}}", strengths.get_strength, may.STRENGTHS_READ, _AREA),
        Route(
            "PATCH", f"{path}/{{strength}}", strengths.change_strength, may.STRENGTHS_WRITE, _AREA
        ),
        Route(
            "DELETE", f"{path}/{{strength}}", strengths.delete_strength, may.STRENGTHS_WRITE, _AREA
        ),
        Route(
            "GET",
            f"{path}/{{strength}}/combinationConfigurations",
            configurations.list_configurations,
            may.STRENGTHS_READ,
            _AREA,
        ),
        Route(
            "POST",
            f"{path}/{{strength}}/combinationConfigurations",
            configurations.add_configuration,
            may.STRENGTHS_WRITE,
            _AREA,
        ),
        Route(
            "POST",
            f"{path}/{{strength}}/updateAllowedCombinations",
            configurations.change_combinations,
            may.STRENGTHS_WRITE,
            _AREA,
        ),
    )
)

ROUTES = (
    Route("GET", _POLICIES, handlers.list_policies, may.CONDITIONAL_ACCESS_READ, _AREA),
    Route("POST", _POLICIES, handlers.add_policy, may.CONDITIONAL_ACCESS_WRITE, _AREA),
    Route("GET", _POLICY, handlers.get_policy, may.CONDITIONAL_ACCESS_READ, _AREA),
    Route("PATCH", _POLICY, handlers.change_policy, may.CONDITIONAL_ACCESS_WRITE, _AREA),
    Route("DELETE", _POLICY, handlers.delete_policy, may.CONDITIONAL_ACCESS_WRITE, _AREA),
    Route("GET", _DEFAULTS, handlers.get_security_defaults, may.POLICY_READ),
    Route("PATCH", _DEFAULTS, handlers.change_security_defaults, may.SECURITY_DEFAULTS_WRITE),
    Route("GET", _LOCATIONS, locations.list_locations, may.POLICY_READ, _AREA),
    Route("POST", _LOCATIONS, locations.add_location, may.CONDITIONAL_ACCESS_WRITE, _AREA),
    Route("GET", _LOCATION, locations.get_location, may.POLICY_READ, _AREA),
    Route("PATCH", _LOCATION, locations.change_location, may.CONDITIONAL_ACCESS_WRITE, _AREA),
    Route("DELETE", _LOCATION, locations.delete_location, may.CONDITIONAL_ACCESS_WRITE, _AREA),
    *_STRENGTHS,
    Route("GET", f"{_CROSS_TENANT}/default", cross_tenant.get_default, may.CROSS_TENANT_READ),
    Route("PATCH", f"{_CROSS_TENANT}/default", cross_tenant.change_default, may.CROSS_TENANT_WRITE),
    Route(
        "POST",
        f"{_CROSS_TENANT}/default/resetToSystemDefault",
        cross_tenant.reset_default,
        may.CROSS_TENANT_WRITE,
    ),
    Route("GET", f"{_CROSS_TENANT}/partners", cross_tenant.list_partners, may.CROSS_TENANT_READ),
    Route("POST", f"{_CROSS_TENANT}/partners", cross_tenant.add_partner, may.CROSS_TENANT_WRITE),
    Route("GET", _PARTNER, cross_tenant.get_partner, may.CROSS_TENANT_READ),
    Route("PATCH", _PARTNER, cross_tenant.change_partner, may.CROSS_TENANT_WRITE),
    Route("DELETE", _PARTNER, cross_tenant.delete_partner, may.CROSS_TENANT_WRITE),
)
