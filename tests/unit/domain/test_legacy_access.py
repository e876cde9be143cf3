"""Whether legacy authentication is shut for a person: only where policies prove it."""

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access import Grant
from shared.domain.legacy_access import LegacyAccess, legacy_access
from shared.domain.policy_reach import Belonging
from tests.unit.domain.policies import BLOCK, KIM, OUTSIDE, PERSON, ROLE, STAFF, a_policy

DIM = Unknown("Nobody can tell.")
BLOCKED, OPEN = LegacyAccess.BLOCKED, LegacyAccess.OPEN


def test_without_policies_and_defaults_it_is_open() -> None:
    """Nothing shuts it."""
    assert legacy_access((), PERSON, security_defaults=False) is OPEN


def test_security_defaults_shut_it_for_everybody() -> None:
    """Whatever else can be read."""
    assert legacy_access((), PERSON, security_defaults=True) is BLOCKED
    assert legacy_access(DIM, PERSON, security_defaults=True) is BLOCKED


def test_what_can_not_be_read_is_unknown() -> None:
    """Never open, never shut."""
    assert legacy_access(DIM, PERSON, security_defaults=False) == DIM
    assert legacy_access((), PERSON, security_defaults=DIM) == DIM


@pytest.mark.parametrize(
    "users",
    [
        {"includeUsers": ["All"]},
        {"includeUsers": [KIM.upper()]},
        {"includeGroups": [STAFF.upper()]},
        {"includeUsers": ["All"], "excludeGroups": [OUTSIDE]},
        {"includeUsers": ["All"], "excludeUsers": ["somebody-else"]},
        {"includeUsers": ["All"], "excludeRoles": [ROLE]},
    ],
)
def test_a_policy_that_covers_the_person_shuts_it(users: dict[str, Any]) -> None:
    """As one of all, by name, by group; exclusions that don't meet them are none of theirs."""
    assert legacy_access([a_policy(users)], PERSON, security_defaults=False) is BLOCKED


@pytest.mark.parametrize(
    "users",
    [
        {"includeUsers": ["None"]},
        {"includeUsers": ["somebody-else"]},
        {"includeGroups": [OUTSIDE]},
        {"includeRoles": [ROLE]},
        {"includeUsers": ["All"], "excludeUsers": [KIM]},
        {"includeUsers": ["All"], "excludeGroups": [STAFF]},
        {"includeUsers": ["GuestsOrExternalUsers"]},
    ],
)
def test_a_policy_that_does_not_cover_them_shuts_nothing(users: dict[str, Any]) -> None:
    """Not included, or excluded."""
    assert legacy_access([a_policy(users)], PERSON, security_defaults=False) is OPEN


@pytest.mark.parametrize(
    ("users", "person"),
    [
        ({"includeGroups": ["g-hidden"]}, replace(PERSON, groups={"g-hidden": DIM})),
        (
            {"includeUsers": ["All"], "excludeGroups": ["g-hidden"]},
            replace(PERSON, groups={"g-hidden": DIM}),
        ),
        ({"includeUsers": ["All"], "excludeGroups": ["g-unread"]}, PERSON),
        ({"includeUsers": ["All"], "excludeGroups": [OUTSIDE]}, replace(PERSON, could_join=DIM)),
        ({"includeUsers": ["All"], "excludeRoles": [ROLE]}, replace(PERSON, roles=DIM)),
        ({"includeUsers": ["All"], "excludeRoles": [ROLE]}, replace(PERSON, could_hold=DIM)),
        ({"includeRoles": [ROLE]}, replace(PERSON, roles=DIM)),
        ({"includeUsers": ["All"], "excludeUsers": ["GuestsOrExternalUsers"]}, PERSON),
        ({"includeUsers": ["All"], "excludeGuestsOrExternalUsers": {"x": 1}}, PERSON),
        ({"includeUsers": ["All"], "excludeSomethingNew": ["x"]}, PERSON),
        ({"includeSomethingNew": ["x"]}, PERSON),
    ],
)
def test_where_it_decides_the_unknown_stays_unknown(
    users: dict[str, Any], person: Belonging
) -> None:
    """A group that hides its members, roles that nobody read, words that nobody knows."""
    assert isinstance(legacy_access([a_policy(users)], person, security_defaults=False), Unknown)
    assert legacy_access([a_policy(users), a_policy()], person, security_defaults=False) is BLOCKED


@pytest.mark.parametrize(
    "person",
    [
        replace(PERSON, could_join=frozenset({OUTSIDE})),
        replace(PERSON, could_hold=frozenset({ROLE})),
        replace(PERSON, roles=frozenset({ROLE})),
    ],
)
def test_who_could_become_excluded_is_excluded(person: Belonging) -> None:
    """An eligible member needs nobody to get past the policy."""
    users = {"includeUsers": ["All"], "excludeGroups": [OUTSIDE], "excludeRoles": [ROLE]}
    assert legacy_access([a_policy(users)], person, security_defaults=False) is OPEN


@pytest.mark.parametrize(
    "narrowed",
    [
        {"grant": Grant(controls=frozenset({"mfa"}))},
        {"grant": Grant(controls=frozenset({"block", "mfa"}))},
        {"grant": None},
        {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]},
        {"clientAppTypes": ["other"]},
        {"applications": {"includeApplications": ["Office365"]}},
        {"applications": {"includeApplications": ["All"], "excludeApplications": ["x"]}},
        {"applications": {"includeUserActions": ["urn:user:registersecurityinfo"]}},
        {"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}},
        {"signInRiskLevels": ["high"]},
        {"userRiskLevels": ["high"]},
        {"platforms": {"includePlatforms": ["android"]}},
        {"devices": {"deviceFilter": {"mode": "include", "rule": "x"}}},
        {"authenticationFlows": {"transferMethods": "deviceCodeFlow"}},
        {"insiderRiskLevels": "elevated"},
    ],
)
def test_a_policy_that_does_not_block_everywhere_shuts_nothing(narrowed: dict[str, Any]) -> None:
    """Another grant, other clients, some applications, any condition. MFA is no block."""
    assert legacy_access([a_policy(**narrowed)], PERSON, security_defaults=False) is OPEN


@pytest.mark.parametrize(
    "strange",
    [
        {"somethingNew": ["x"]},
        {"applications": {"includeApplications": ["All"], "applicationFilter": {"rule": "x"}}},
    ],
)
def test_what_is_not_recognised_proves_nothing(strange: dict[str, Any]) -> None:
    """It may narrow the policy: where it decides, nobody can tell."""
    assert isinstance(
        legacy_access([a_policy(**strange)], PERSON, security_defaults=False), Unknown
    )


def test_policies_add_up() -> None:
    """One blocks ActiveSync, another one the rest; either alone leaves a door open."""
    one = a_policy(clientAppTypes=["exchangeActiveSync"])
    other = a_policy(clientAppTypes=["other"])
    assert legacy_access([one, other], PERSON, security_defaults=False) is BLOCKED
    assert legacy_access([one], PERSON, security_defaults=False) is OPEN


def test_all_clients_are_old_ones_too() -> None:
    """Who is blocked altogether gets in by no client."""
    assert (
        legacy_access([a_policy(clientAppTypes=["all"])], PERSON, security_defaults=False)
        is BLOCKED
    )
    both = replace(BLOCK, all_needed=True)
    assert legacy_access([a_policy(grant=both)], PERSON, security_defaults=False) is BLOCKED
