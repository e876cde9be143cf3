"""What cases ask of policies, against a simulation of every sign-in on what Graph tells."""

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.asking import (
    everywhere,
    legacy_clients_blocked,
    mfa_required,
    registering_guarded,
)
from shared.domain.conditional_access.locations import Locations
from shared.domain.ids import GroupId
from tests.properties.asking_the_engine import belonging, locations_of, read
from tests.properties.sign_in_oracle import Simulation
from tests.properties.sign_in_world import MODERN, TRUSTED_IPS, Place, RawTenant, Someone
from tests.properties.tenants_at_random import GROUPS, PEOPLE, tenants
from tests.properties.test_verdict_oracle import at_random, demanding, people
from tests.properties.who_is_covered import standing

ACTION = {"includeUserActions": ["urn:user:registersecurityinfo"]}
ALL_APPS = {"includeApplications": ["All"]}
UNREAD = Unknown("They were not read.")


def about(tenant: RawTenant, applications: dict[str, list[str]]) -> RawTenant:
    """The same tenant, where each policy is about these."""
    policies = (
        {**one, "conditions": {**one["conditions"], "applications": applications}}
        for one in tenant.policies
    )
    return replace(tenant, policies=tuple(policies))


def of_a_group(tenant: RawTenant) -> RawTenant:
    """The same tenant, where what is asked of all is asked of the members of a group."""

    def narrowed(users: dict[str, Any]) -> dict[str, Any]:
        if users.get("includeUsers") != ["All"]:
            return users
        return {**users, "includeUsers": [], "includeGroups": [GROUPS[0]]}

    policies = (
        {**one, "conditions": {**one["conditions"], "users": narrowed(one["conditions"]["users"])}}
        for one in tenant.policies
    )
    return replace(tenant, policies=tuple(policies))


def is_guarded(tenant: RawTenant, who: Someone, *, surely: bool) -> bool:
    """Whether policies leave no sign-in from outside trusted locations, whatever it is for."""
    trusted = {one for one, told in tenant.locations.items() if told.get("isTrusted")}
    trusted.add(TRUSTED_IPS)

    def outside(place: Place) -> bool:
        return trusted.isdisjoint(place.locations)

    anything = about(tenant, ALL_APPS)
    world = Simulation(anything, demanding(anything, who, surely=surely))
    return not world.is_uncovered(client=MODERN.__contains__, place=outside)


@at_random
@given(tenant=tenants(strange=True), who=people)
def test_registering(tenant: RawTenant, who: Someone) -> None:
    """It is guarded where every sign-in for it is, trusted locations aside."""
    registering = about(tenant, ACTION)
    required = registering_guarded(read(registering), locations_of(tenant))
    found = everywhere(required.of(belonging(tenant, who)))
    assert (found is True) == is_guarded(tenant, who, surely=True)
    assert (found is False) == (not is_guarded(tenant, who, surely=False))


@at_random
@given(tenant=tenants(strange=True), who=people)
def test_places_that_are_not_read(tenant: RawTenant, who: Someone) -> None:
    """Without them an answer is the same or unknown; unknown because of one that names some."""
    person = belonging(tenant, who)
    places = locations_of(tenant)
    for application, question in (
        (ALL_APPS, lambda on, _: legacy_clients_blocked(on)),
        (ACTION, registering_guarded),
    ):
        asked = about(tenant, application)
        answer = everywhere(question(read(asked), places).of(person))
        unplaced = question(read(asked, UNREAD), Locations(trusted_ips=True)).of(person)
        found = everywhere(unplaced)
        if found != answer:
            assert isinstance(found, Unknown)
            assert any("locations" in policy.unrecognised for policy in unplaced.doubtful)


def test_groups() -> None:
    """Of whose members MFA is said to be required, of each of them it is, with every client."""
    said: Counter[str] = Counter()

    @at_random
    @given(tenant=tenants(strange=True), narrowed=st.booleans())
    def compare(tenant: RawTenant, *, narrowed: bool) -> None:
        tenant = of_a_group(tenant) if narrowed else tenant
        found = mfa_required(read(tenant))
        said.update(found.of_groups, everybody=int(found.of_everybody))
        # Who is a member is one, whoever can read it.
        known = replace(tenant, unread=frozenset())
        for who in PEOPLE:
            theirs = standing(known, who).groups
            if any(found.of_members(GroupId(group)) for group in GROUPS if group in theirs):
                world = Simulation(known, demanding(known, who, surely=True))
                assert not world.is_uncovered()

    compare()
    assert said["everybody"]
    assert said.total() > said["everybody"]
