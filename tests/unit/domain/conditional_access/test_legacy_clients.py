"""Whether app passwords open anything for a person: not where policies prove that they don't."""

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.answers import LegacyAccess
from shared.domain.conditional_access.asking import (
    everywhere,
    legacy_access,
    legacy_clients_blocked,
)
from shared.domain.conditional_access.assignments import Belonging, GuestKind
from shared.domain.conditional_access.locations import Locations, NamedLocation
from shared.domain.conditional_access.reading import Surroundings
from tests.unit.domain.conditional_access.telling import AROUND, BLOCK, KIM, MFA, policies, told

DIM = Unknown("Nobody can tell.")
BLOCKED, OPEN = LegacyAccess.BLOCKED, LegacyAccess.OPEN
PERSON = replace(KIM, groups=frozenset({"staff"}))
ALL = {"includeUsers": ["All"]}
OFFICE = Locations(named={"office": NamedLocation(name="Office", trusted=True)}, trusted_ips=True)
PLACES = Surroundings(locations=OFFICE)
UNREAD = Surroundings(locations=DIM)
BUT_TRUSTED = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
TRUSTED = {"includeLocations": ["AllTrusted"]}


def block(users: dict[str, Any] | None = None, **said: Any) -> dict[str, Any]:  # noqa: ANN401  (any condition)
    """A policy that blocks old clients of everybody everywhere, but for what is said here."""
    clients = ["exchangeActiveSync", "other"]
    return told(users, **{"grant": BLOCK, "clientAppTypes": clients, **said})


def access(
    *tellings: dict[str, Any], person: Belonging = PERSON, around: Surroundings = AROUND
) -> LegacyAccess | Unknown:
    """What follows from these policies where security defaults are off."""
    required = legacy_clients_blocked(policies(*tellings, around=around))
    return legacy_access(blocked=everywhere(required.of(person)), security_defaults=False)


def test_without_policies_and_defaults_it_is_open() -> None:
    """Nothing shuts it."""
    assert access() is OPEN


def test_security_defaults_shut_it_for_everybody() -> None:
    """Whatever else can be read."""
    assert legacy_access(blocked=False, security_defaults=True) is BLOCKED
    assert legacy_access(blocked=DIM, security_defaults=True) is BLOCKED


def test_what_can_not_be_read_is_unknown() -> None:
    """Never open, never shut; what surely blocks blocks, whatever the defaults are."""
    assert legacy_access(blocked=DIM, security_defaults=False) == DIM
    assert legacy_access(blocked=False, security_defaults=DIM) == DIM
    assert legacy_access(blocked=True, security_defaults=DIM) is BLOCKED


@pytest.mark.parametrize(
    "users",
    [
        ALL,
        {"includeUsers": ["KIM"]},
        {"includeGroups": ["STAFF"]},
        {"includeUsers": ["All"], "excludeGroups": ["outside"]},
        {"includeUsers": ["All"], "excludeUsers": ["somebody-else"]},
        {"includeUsers": ["All"], "excludeRoles": ["role-1"]},
        {"includeUsers": ["All"], "excludeUsers": ["GuestsOrExternalUsers"]},
    ],
)
def test_a_policy_that_covers_the_person_shuts_it(users: dict[str, Any]) -> None:
    """As one of all, by name, by group; exclusions that don't meet them are none of theirs."""
    assert access(block(users)) is BLOCKED


@pytest.mark.parametrize(
    "users",
    [
        {"includeUsers": ["None"]},
        {"includeUsers": ["somebody-else"]},
        {"includeGroups": ["outside"]},
        {"includeRoles": ["role-1"]},
        {"includeUsers": ["All"], "excludeUsers": ["kim"]},
        {"includeUsers": ["All"], "excludeGroups": ["staff"]},
        {"includeUsers": ["GuestsOrExternalUsers"]},
    ],
)
def test_a_policy_that_does_not_cover_them_shuts_nothing(users: dict[str, Any]) -> None:
    """Not included, or excluded."""
    assert access(block(users)) is OPEN


@pytest.mark.parametrize(
    ("users", "person"),
    [
        ({"includeGroups": ["hidden"]}, replace(KIM, unread_groups=frozenset({"hidden"}))),
        (
            {"includeUsers": ["All"], "excludeGroups": ["hidden"]},
            replace(KIM, unread_groups=frozenset({"hidden"})),
        ),
        ({"includeUsers": ["All"], "excludeGroups": ["outside"]}, replace(KIM, could_join=DIM)),
        ({"includeUsers": ["All"], "excludeRoles": ["role-1"]}, replace(KIM, roles=DIM)),
        ({"includeUsers": ["All"], "excludeRoles": ["role-1"]}, replace(KIM, could_hold=DIM)),
        ({"includeRoles": ["role-1"]}, replace(KIM, roles=DIM)),
        (
            {"includeUsers": ["All"], "excludeUsers": ["GuestsOrExternalUsers"]},
            replace(KIM, guest=DIM),
        ),
        ({"includeUsers": ["All"], "excludeGuestsOrExternalUsers": {"x": 1}}, KIM),
        ({"includeUsers": ["All"], "excludeSomethingNew": ["x"]}, KIM),
        ({"includeSomethingNew": ["x"]}, KIM),
    ],
)
def test_where_it_decides_the_unknown_stays_unknown(
    users: dict[str, Any], person: Belonging
) -> None:
    """A group that hides its members, roles that nobody read, words that nobody knows."""
    found = access(block(users), person=person)
    assert isinstance(found, Unknown)
    assert "'policy'" in found.reason
    assert access(block(users), block(), person=person) is BLOCKED


@pytest.mark.parametrize(
    "person",
    [
        replace(KIM, could_join=frozenset({"outside"})),
        replace(KIM, could_hold=frozenset({"role-1"})),
        replace(KIM, roles=frozenset({"role-1"})),
        replace(KIM, guest=GuestKind.COLLABORATION_MEMBER),
    ],
)
def test_who_could_become_excluded_is_excluded(person: Belonging) -> None:
    """An eligible member needs nobody to get past the policy; nor does a member from outside."""
    users = {
        "includeUsers": ["All"],
        "excludeUsers": ["GuestsOrExternalUsers"],
        "excludeGroups": ["outside"],
        "excludeRoles": ["role-1"],
    }
    assert access(block(users), person=person) is OPEN


@pytest.mark.parametrize(
    "narrowed",
    [
        {"grant": MFA},
        {"grant": {"operator": "OR", "builtInControls": ["block", "mfa"]}},
        {"grant": None},
        {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]},
        {"clientAppTypes": ["other"]},
        {"applications": {"includeApplications": ["Office365"]}},
        {"applications": {"includeApplications": ["All"], "excludeApplications": ["x"]}},
        {"applications": {"includeUserActions": ["urn:user:registersecurityinfo"]}},
        {"locations": BUT_TRUSTED},
        {"locations": {"includeLocations": ["office"]}},
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
    assert access(block(**narrowed), around=PLACES) is OPEN


@pytest.mark.parametrize(
    "strange",
    [
        {"somethingNew": ["x"]},
        {"applications": {"includeApplications": ["All"], "applicationFilter": {"rule": "x"}}},
        {"grant": {"operator": "AND", "builtInControls": ["somethingNew"]}},
    ],
)
def test_what_is_not_recognised_proves_nothing(strange: dict[str, Any]) -> None:
    """It may narrow the policy, or be a block: where it decides, nobody can tell."""
    assert isinstance(access(block(**strange)), Unknown)


def test_policies_add_up() -> None:
    """One blocks ActiveSync, another one the rest; either alone leaves a door open."""
    one = block(clientAppTypes=["exchangeActiveSync"])
    other = block(clientAppTypes=["other"])
    assert access(one, other) is BLOCKED
    assert access(one) is OPEN


def test_places_add_up_once_they_are_known() -> None:
    """All but trusted locations, and these; till they are read, nobody can tell."""
    outside, inside = block(locations=BUT_TRUSTED), block(locations=TRUSTED)
    assert access(outside, inside, around=PLACES) is BLOCKED
    assert isinstance(access(outside, inside, around=UNREAD), Unknown)
    assert access(block(locations={"includeLocations": ["All"]}), around=UNREAD) is BLOCKED


def test_all_clients_are_old_ones_too() -> None:
    """Who is blocked altogether gets in by no client; nor where another control is needed too."""
    assert access(block(clientAppTypes=["all"])) is BLOCKED
    both = {"operator": "AND", "builtInControls": ["block", "mfa"]}
    assert access(block(grant=both)) is BLOCKED
