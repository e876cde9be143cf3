"""Conditional Access and security defaults."""

from local.graph.api import conditional_access as handlers
from local.graph.api import permissions as may
from local.graph.api.routing import Area, Route

_AREA = Area.CONDITIONAL_ACCESS
_POLICIES = "/identity/conditionalAccess/policies"
_POLICY = f"{_POLICIES}/{{policy}}"
_DEFAULTS = "/policies/identitySecurityDefaultsEnforcementPolicy"

ROUTES = (
    Route("GET", _POLICIES, handlers.list_policies, may.CONDITIONAL_ACCESS_READ, _AREA),
    Route("POST", _POLICIES, handlers.add_policy, may.CONDITIONAL_ACCESS_WRITE, _AREA),
    Route("GET", _POLICY, handlers.get_policy, may.CONDITIONAL_ACCESS_READ, _AREA),
    Route("PATCH", _POLICY, handlers.change_policy, may.CONDITIONAL_ACCESS_WRITE, _AREA),
    Route("DELETE", _POLICY, handlers.delete_policy, may.CONDITIONAL_ACCESS_WRITE, _AREA),
    Route("GET", _DEFAULTS, handlers.get_security_defaults, may.POLICY_READ),
    Route("PATCH", _DEFAULTS, handlers.change_security_defaults, may.SECURITY_DEFAULTS_WRITE),
)
