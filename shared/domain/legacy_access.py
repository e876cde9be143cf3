"""Whether legacy authentication is shut for a person: the only door that app passwords open.

https://learn.microsoft.com/entra/identity/conditional-access/policy-block-legacy-authentication
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access import Grant, SignInPolicy
from shared.domain.policy_reach import EVERYBODY, Belonging, Reach, reach, texts

BLOCK: Final = "block"
_BLOCKS: Final = tuple(
    Grant(all_needed=all_needed, controls=frozenset({BLOCK})) for all_needed in (False, True)
)
_CLIENTS: Final = frozenset({"exchangeactivesync", "other"})
_ANY_CLIENT: Final = "all"
_READ: Final = frozenset({"clientAppTypes", "applications", "users"})
_NARROWING: Final = frozenset(
    {
        "authenticationFlows",
        "clientApplications",
        "deviceStates",
        "devices",
        "insiderRiskLevels",
        "locations",
        "platforms",
        "servicePrincipalRiskLevels",
        "signInRiskLevels",
        "userRiskLevels",
    }
)
"""Conditions under which a policy does not hold everywhere."""


class LegacyAccess(Enum):
    """Whether an old client gets in with a name and an app password."""

    BLOCKED = "blocked"
    """A policy blocks it for the person everywhere, or security defaults do."""
    OPEN = "open"
    """Nothing that is switched on blocks it everywhere."""


def legacy_access(
    policies: Iterable[SignInPolicy] | Unknown,
    person: Belonging,
    *,
    security_defaults: bool | Unknown,
) -> LegacyAccess | Unknown:
    """Whether legacy authentication is shut for a person. What proves nothing shuts nothing.

    An MFA requirement does not count: an app password gets past it.

    Args:
        policies: the policies that are switched on.
        person: what the person is to the policies.
        security_defaults: whether security defaults are, which block it for everybody.
    """
    if security_defaults is True:
        return LegacyAccess.BLOCKED
    if isinstance(policies, Unknown):
        return policies
    shut: set[str] = set()
    doubtful: set[str] = set()
    for policy in policies:
        clients = _blocked_clients(policy)
        match _everywhere(policy, person) if clients else Reach.NO:
            case Reach.YES:
                shut |= clients
            case Reach.UNKNOWN:
                doubtful |= clients
            case Reach.NO:
                pass
    if shut >= _CLIENTS:
        return LegacyAccess.BLOCKED
    if shut | doubtful >= _CLIENTS:
        return Unknown("Nobody can tell whether a policy that blocks it covers the person.")
    if isinstance(security_defaults, Unknown):
        return security_defaults
    return LegacyAccess.OPEN


def may_shut(policy: SignInPolicy) -> bool:
    """Whether a policy blocks old clients of anybody: no other one has to be looked at."""
    return bool(_blocked_clients(policy))


def covered_clients(policy: SignInPolicy) -> frozenset[str]:
    """The kinds of client that a policy is about, in small letters."""
    return texts(policy.conditions, "clientAppTypes")


def _blocked_clients(policy: SignInPolicy) -> frozenset[str]:
    """Which of the old kinds of client a policy blocks, of whomever."""
    if policy.grant not in _BLOCKS:
        return frozenset()
    named = covered_clients(policy)
    return _CLIENTS if _ANY_CLIENT in named else named & _CLIENTS


def _everywhere(policy: SignInPolicy, person: Belonging) -> Reach:
    """Whether it covers the person with whatever they do."""
    applications = policy.conditions.get("applications")
    if not isinstance(applications, Mapping) or set(policy.conditions) & _NARROWING:
        return Reach.NO
    if EVERYBODY.casefold() not in texts(applications, "includeApplications"):
        return Reach.NO
    if "excludeApplications" in applications:
        return Reach.NO
    covers = reach(policy, person)
    recognised = set(policy.conditions) <= _READ and set(applications) == {"includeApplications"}
    return covers if recognised or covers is Reach.NO else Reach.UNKNOWN
