"""The tenant's domains and policies."""

from typing import Final

from kiota_abstractions.method import Method

from shared.adapters.graph.calls.call import Call

LIST_DOMAINS: Final = Call(
    operation="domains.list",
    method=Method.GET,
    template="{+baseurl}/v1.0/domains{?%24select}",
    role="Domain.Read.All",
    success=frozenset({200}),
    select=("id", "isVerified"),
)

READ_DOMAIN: Final = Call(
    operation="domain.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/domains/{domain}",
    role="Domain.Read.All",
    success=frozenset({200}),
)

LIST_POLICIES: Final = Call(
    operation="policies.list",
    method=Method.GET,
    template="{+baseurl}/v1.0/identity/conditionalAccess/policies{?%24select}",
    role="Policy.Read.ConditionalAccess",
    success=frozenset({200}),
    select=("id", "displayName", "state", "conditions", "grantControls"),
)

LIST_LOCATIONS: Final = Call(
    operation="locations.list",
    method=Method.GET,
    template="{+baseurl}/v1.0/identity/conditionalAccess/namedLocations",
    role="Policy.Read.All",
    success=frozenset({200}),
)

READ_SECURITY_DEFAULTS: Final = Call(
    operation="security-defaults.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
    role="Policy.Read.All",
    success=frozenset({200}),
)

READ_METHODS_POLICY: Final = Call(
    operation="methods-policy.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/policies/authenticationMethodsPolicy",
    role="Policy.Read.AuthenticationMethod",
    success=frozenset({200}),
)
