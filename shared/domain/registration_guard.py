"""Whether registering an authentication method takes more than the password.

https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-security-info-registration
"""

from collections.abc import Iterable, Mapping
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access import Grant, SignInPolicy
from shared.domain.legacy_access import BLOCK, covered_clients
from shared.domain.policy_reach import Belonging, Reach, reach, texts

REGISTERING: Final = "urn:user:registersecurityinfo"
_MORE_THAN_A_PASSWORD: Final = frozenset({BLOCK, "mfa"})
"""Not a compliant device: it may be the one that is lost."""
_MODERN: Final = frozenset({"browser", "mobileappsanddesktopclients"})
_READ: Final = frozenset({"applications", "users", "clientAppTypes", "locations"})
_TRUSTED: Final = frozenset({"alltrusted"})
"""Who registers from a trusted location is let in by most such policies."""


def registration_guarded(
    policies: Iterable[SignInPolicy] | Unknown, person: Belonging
) -> bool | Unknown:
    """Whether a policy keeps who merely holds the person's password from registering.

    Args:
        policies: the policies that are switched on.
        person: what the person is to the policies.
    """
    if isinstance(policies, Unknown):
        return policies
    found = {reach(policy, person) for policy in policies if may_guard(policy)}
    if Reach.YES in found:
        return True
    if Reach.UNKNOWN in found:
        return Unknown("Nobody can tell whether a policy about registering covers the person.")
    return False


def may_guard(policy: SignInPolicy) -> bool:
    """Whether a policy guards the registration of those whom it covers."""
    applications = policy.conditions.get("applications")
    return (
        isinstance(applications, Mapping)
        and set(applications) == {"includeUserActions"}
        and REGISTERING in texts(applications, "includeUserActions")
        and set(policy.conditions) <= _READ
        and _is_about_modern_clients(policy)
        and _is_anywhere_else(policy.conditions.get("locations"))
        and policy.grant is not None
        and _is_more(policy.grant)
    )


def _is_about_modern_clients(policy: SignInPolicy) -> bool:
    clients = covered_clients(policy)
    return "all" in clients or clients >= _MODERN


def _is_anywhere_else(locations: object) -> bool:
    """Whether it holds everywhere but in trusted locations."""
    if locations is None:
        return True
    return (
        isinstance(locations, Mapping)
        and set(locations) <= {"includeLocations", "excludeLocations"}
        and texts(locations, "includeLocations") == {"all"}
        and texts(locations, "excludeLocations") <= _TRUSTED
    )


def _is_more(grant: Grant) -> bool:
    """Whether the bare password can't be enough: under OR, by none of the ways."""
    good = len(grant.controls & _MORE_THAN_A_PASSWORD) + (grant.strength_is_mfa is True)
    if grant.all_needed:
        return good > 0
    ways = len(grant.controls) + (grant.strength_is_mfa is not None) + grant.others
    return good == ways > 0
