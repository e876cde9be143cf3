"""Whether registering takes more than the password: only where policies prove it."""

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.asking import everywhere, registering_guarded
from shared.domain.conditional_access.assignments import Belonging
from shared.domain.conditional_access.coverage import TOO_MANY
from shared.domain.conditional_access.locations import TRUSTED_IPS, Locations, NamedLocation
from shared.domain.conditional_access.reading import Surroundings
from shared.domain.conditional_access.requirement import Extent, Requirement
from tests.unit.domain.conditional_access.telling import (
    ALL_APPS,
    BLOCK,
    KIM,
    STRENGTHS,
    policies,
    told,
)

ACTION = {"includeUserActions": ["urn:user:registersecurityinfo"]}
PERSON = replace(KIM, groups=frozenset({"staff"}))
LOCATIONS = Locations(
    named={
        "office": NamedLocation(name="Office", trusted=True),
        "guest-wifi": NamedLocation(name="Guest wireless"),
        "de": NamedLocation(name="Germany", countries=frozenset({"de"})),
    },
    trusted_ips=True,
)
UNREAD = Unknown("Nobody may read them.")


def guard(users: dict[str, Any] | None = None, **said: Any) -> dict[str, Any]:  # noqa: ANN401  (any condition)
    """A policy that asks everybody who registers for MFA, but for what is said here."""
    return told(users, **{"applications": ACTION, **said})


def at(*included: str, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """A condition about locations."""
    return {"locations": {"includeLocations": list(included), "excludeLocations": list(but)}}


def asking(*controls: str, operator: str = "OR", **others: object) -> dict[str, Any]:
    """What a policy asks for."""
    return {"grant": {"operator": operator, "builtInControls": list(controls), **others}}


def strength(name: str) -> dict[str, Any]:
    """The same by a strength."""
    return asking(authenticationStrength={"id": name})


def guarded(
    *tellings: dict[str, Any],
    person: Belonging = PERSON,
    locations: Locations | Unknown = LOCATIONS,
) -> bool | Unknown:
    """What follows from these policies."""
    known = policies(*tellings, around=Surroundings(locations=locations, strengths=STRENGTHS))
    places = Locations(trusted_ips=True) if isinstance(locations, Unknown) else locations
    return everywhere(registering_guarded(known, places).of(person))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"grant": BLOCK},
        strength("s-mfa"),
        asking("mfa", operator="AND", termsOfUse=["terms"]),
        asking("mfa", "compliantDevice", operator="AND"),
        {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]},
        {"platforms": {"includePlatforms": ["all"]}},
        at("All"),
        at("All", but=("AllTrusted",)),
        at("All", but=("office",)),
        at("All", but=("office", TRUSTED_IPS)),
    ],
)
def test_what_a_password_can_not_satisfy_guards(said: dict[str, Any]) -> None:
    """In all places, or in all but trusted ones."""
    assert guarded(guard(**said)) is True


@pytest.mark.parametrize(
    "said",
    [
        {"grant": None},
        asking(termsOfUse=["terms"]),
        asking("mfa", customAuthenticationFactors=["duo"]),
        asking("mfa", "passwordChange"),
        strength("s-weak"),
        asking(operator="AND", termsOfUse=["terms"], customAuthenticationFactors=["duo"]),
        asking("approvedApplication"),
        asking("compliantDevice"),
        asking("mfa", "compliantDevice"),
        {"applications": ALL_APPS},
        {"applications": {"includeUserActions": ["urn:user:registerdevice"]}},
        at("guest-wifi"),
        at("All", but=("guest-wifi",)),
        at("All", but=("AllTrusted", "guest-wifi")),
        at("All", but=("de",)),
        at("AllTrusted"),
        {"platforms": {"includePlatforms": ["android"]}},
        {"userRiskLevels": ["high"]},
        {"clientAppTypes": ["browser"]},
        {"users": {"includeUsers": ["All"], "excludeUsers": ["kim"]}},
        {"users": {"includeUsers": ["All"], "excludeGroups": ["staff"]}},
    ],
)
def test_what_leaves_a_way_guards_nothing(said: dict[str, Any]) -> None:
    """A weaker alternative, another action, a condition, an exclusion."""
    assert guarded(guard(**said)) is False


@pytest.mark.parametrize(
    "said",
    [
        {"users": {"includeGroups": ["hidden"]}},
        {"somethingNew": ["x"]},
        {"applications": {**ACTION, "includeUserActions": [*ACTION["includeUserActions"], "new"]}},
        {"applications": {**ACTION, **ALL_APPS}},
        {"applications": {**ACTION, "excludeApplications": ["app"]}},
        asking("somethingNew"),
        strength("s-odd"),
        strength("s-gone"),
    ],
)
def test_what_can_not_be_told_is_unknown(said: dict[str, Any]) -> None:
    """Not whom it covers, where, or what it asks for; one that surely guards is enough."""
    person = replace(PERSON, unread_groups=frozenset({"hidden"}))
    found = guarded(guard(**said), person=person)
    assert isinstance(found, Unknown)
    assert "'policy'" in found.reason
    assert guarded(guard(**said), guard(), person=person) is True
    assert guarded() is False


def test_places_decide_nothing_before_they_are_read() -> None:
    """Nor do they matter where another policy names none."""
    in_places = guard(**at("All", but=("AllTrusted",)))
    assert isinstance(guarded(in_places, locations=UNREAD), Unknown)
    assert guarded(in_places, guard(), locations=UNREAD) is True
    assert guarded(guard(**at("All")), locations=UNREAD) is True


def test_policies_add_up() -> None:
    """What one leaves, another takes; and neither alone guards."""
    phones = {"includePlatforms": ["android", "iOS"]}
    but_phones = {"includePlatforms": ["all"], "excludePlatforms": ["android", "iOS"]}
    one, other = guard(platforms=phones, grant=BLOCK), guard(platforms=but_phones)
    assert guarded(one, other) is True
    assert guarded(one) is False
    assert guarded(other) is False


def test_too_many_ways_to_look_at_are_unknown() -> None:
    """The reason says so."""
    dim = Requirement(least=Extent.NOWHERE, most=Extent.EVERYWHERE, gap=TOO_MANY)
    assert everywhere(dim) == TOO_MANY
