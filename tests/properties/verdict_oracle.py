"""The verdict on somebody of whom all is known, from the simulation; part of the oracle."""

from dataclasses import dataclass, replace
from typing import Any, Final

from tests.properties.sign_in_oracle import (
    CALM,
    Simulation,
    extent,
    legacy_is_covered,
    lets_in_without_mfa,
)
from tests.properties.sign_in_world import MODERN, TRUSTED_IPS, Raw, RawTenant, Someone
from tests.properties.who_is_covered import covers

ANYWHERE: Final = {"microsoftAuthenticatorPush", "softwareOneTimePasscode", "fido2"}
REACHES: Final = {
    "microsoftAuthenticatorPush": {"password,microsoftAuthenticatorPush"},
    "softwareOneTimePasscode": {"password,softwareOath"},
    "fido2": {"fido2"},
    "windowsHelloForBusiness": {"windowsHelloForBusiness"},
    "mobilePhone": {"password,sms", "password,voice"},
    "temporaryAccessPass": set[str](),
    "email": set[str](),
}
ENFORCED: Final[dict[str, Any]] = {
    "id": "enforced",
    "displayName": "What per-user MFA amounts to",
    "conditions": {
        "clientAppTypes": ["all"],
        "applications": {"includeApplications": ["All"]},
        "users": {"includeUsers": ["All"]},
        "locations": {"includeLocations": ["All"], "excludeLocations": [TRUSTED_IPS]},
    },
    "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of somebody, in Graph's words."""

    who: Someone
    state: str
    methods: frozenset[str]
    capable: bool
    exempt: bool
    break_glass: bool
    in_grace: bool
    defaults: bool


@dataclass(frozen=True)
class Simulated:
    """What the simulation says of somebody."""

    verdict: str
    legacy: str


def simulate(tenant: RawTenant, facts: Facts) -> Simulated:
    """The verdict on somebody, and whether old clients get in with the password."""
    if facts.state == "enforced":
        tenant = replace(tenant, policies=(*tenant.policies, ENFORCED))
    demanding = [
        policy
        for policy in tenant.policies
        if covers(policy, tenant, facts.who) is True
        and lets_in_without_mfa(policy["grantControls"], tenant) is False
    ]
    shut = facts.defaults or legacy_is_covered(tenant, demanding)
    return Simulated(_verdict(tenant, facts, demanding), "blocked" if shut else "open")


def _verdict(tenant: RawTenant, facts: Facts, demanding: list[Raw]) -> str:
    if facts.exempt:
        return "exempt"
    needs = "EVERYWHERE" if facts.defaults else extent(tenant, demanding)
    if needs == "NOWHERE" and facts.state != "enabled":
        return "weak" if facts.in_grace else "unprotected"
    is_able = facts.capable and bool(facts.methods & ANYWHERE)
    is_strong = all(
        any(set(allowed) & REACHES[method] for method in facts.methods)
        for allowed in _asked(tenant, demanding)
    )
    is_fit = "fido2" in facts.methods or not facts.break_glass
    return "protected" if needs == "EVERYWHERE" and is_able and is_strong and is_fit else "weak"


def _asked(tenant: RawTenant, demanding: list[Raw]) -> list[list[str]]:
    """The combinations that are allowed at ordinary risk, policy by policy."""
    world = Simulation(tenant, demanding)
    named = [
        demanding[number]["grantControls"].get("authenticationStrength")
        for number in world.applying(client=MODERN.__contains__, **CALM)
    ]
    return [tenant.strengths[one["id"]]["allowedCombinations"] for one in named if one]
