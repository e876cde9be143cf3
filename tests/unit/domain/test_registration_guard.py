"""Whether registering takes more than the password: only where a policy proves it."""

from typing import Any

import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access import Grant, SignInPolicy
from shared.domain.registration_guard import registration_guarded
from tests.unit.domain.policies import ALL_APPLICATIONS, KIM, PERSON, STAFF, a_policy

ACTION = {"includeUserActions": ["urn:user:registersecurityinfo"]}
MFA = Grant(controls=frozenset({"mfa"}))
SAFE = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}


def guard(users: dict[str, Any] | None = None, **said: Any) -> SignInPolicy:  # noqa: ANN401  (any condition)
    """A policy that asks everybody who registers for MFA, but for what is said here."""
    return a_policy(
        users, **{"clientAppTypes": ["all"], "applications": ACTION, "grant": MFA, **said}
    )


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"grant": Grant(controls=frozenset({"block"}))},
        {"grant": Grant(strength_is_mfa=True)},
        {"grant": Grant(all_needed=True, controls=frozenset({"mfa"}), others=1)},
        {"locations": {"includeLocations": ["All"]}},
        {"locations": SAFE},
        {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]},
    ],
)
def test_a_grant_that_a_password_can_not_satisfy_guards(said: dict[str, Any]) -> None:
    """In all places, or in all but trusted ones."""
    assert registration_guarded([guard(**said)], PERSON) is True


@pytest.mark.parametrize(
    "said",
    [
        {"grant": None},
        {"grant": Grant(others=1)},
        {"grant": Grant(controls=frozenset({"mfa"}), others=1)},
        {"grant": Grant(controls=frozenset({"mfa", "passwordChange"}))},
        {"grant": Grant(strength_is_mfa=False)},
        {"grant": Grant(all_needed=True, others=2)},
        {"grant": Grant(controls=frozenset({"approvedApplication"}))},
        {"applications": ALL_APPLICATIONS},
        {"applications": {"includeUserActions": ["urn:user:registerdevice"]}},
        {"locations": {"includeLocations": ["some-place"]}},
        {"locations": {"includeLocations": ["All"], "excludeLocations": ["some-place"]}},
        {"platforms": {"includePlatforms": ["android"]}},
        {"userRiskLevels": ["high"]},
        {"clientAppTypes": ["browser"]},
        {"somethingNew": ["x"]},
        {"users": {"includeUsers": ["All"], "excludeUsers": [KIM]}},
        {"users": {"includeUsers": ["All"], "excludeGroups": [STAFF]}},
    ],
)
def test_what_leaves_a_way_guards_nothing(said: dict[str, Any]) -> None:
    """A weaker alternative, another action, a condition, an exclusion."""
    assert registration_guarded([guard(**said)], PERSON) is False


def test_what_can_not_be_read_is_unknown() -> None:
    """Neither the policies nor whom they cover are guessed; one that surely covers is enough."""
    dim = Unknown("Nobody can tell.")
    assert registration_guarded(dim, PERSON) == dim
    hidden = guard({"includeGroups": ["g-hidden"]})
    assert isinstance(registration_guarded([hidden], PERSON), Unknown)
    assert registration_guarded([hidden, guard()], PERSON) is True
    assert registration_guarded([], PERSON) is False
