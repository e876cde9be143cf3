"""Reads policies as Graph tells them. Whatever it does not recognise, it says so.

https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.applications import read_applications
from shared.domain.conditional_access.assignments import Named, Users
from shared.domain.conditional_access.demands import names_mfa, read_demand, strengths_of
from shared.domain.conditional_access.locations import Locations
from shared.domain.conditional_access.policies import Clause, Demand, Policy
from shared.domain.conditional_access.said import Said, Unrecognised
from shared.domain.conditional_access.sign_ins import (
    CLIENT,
    FLOW,
    INSIDER_RISK,
    LEGACY_CLIENTS,
    MODERN_CLIENTS,
    NO,
    NONE,
    PLATFORM,
    PLATFORMS,
    SIGN_IN_RISK,
    USER_RISK,
    YES,
    Trait,
    values_of,
)
from shared.domain.conditional_access.strengths import Strength
from shared.domain.conditional_access.users import read_users

_ALL: Final = "all"
_ALL_TRUSTED: Final = "alltrusted"
_NOT_TOLD: Final = ""
_ANYBODY: Final = Users(included=Named(unrecognised=True))
"""Whom a policy covers that does not tell it."""
_NO_LEVEL: Final = frozenset({NONE})
"""What policies do not name where they name values as flags; of risks they do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What policies refer to.

    Attributes:
        locations: the named locations.
        strengths: the authentication strengths, by id.
    """

    locations: Locations | Unknown = field(default_factory=Locations)
    strengths: Mapping[str, Strength] = field(default_factory=dict, hash=False)


def read_policy(told: Mapping[str, object], around: Surroundings) -> Policy | None:
    """A policy; None where it is about no person, but about applications themselves.

    Args:
        told: the policy by Graph's names.
        around: what it refers to.
    """
    said = told.get("conditions")
    conditions = Said.of(said)
    users = said.get("users") if isinstance(said, Mapping) else None
    if conditions.get("clientApplications") or conditions.get("servicePrincipalRiskLevels"):
        return None
    # Nothing is asked where there is a null; where nothing is told, nobody knows.
    controls = told.get("grantControls", _NOT_TOLD)
    grant = Said.of(controls)
    clauses: list[Clause] = []
    strange: list[str] = []
    for name, read in _CONDITIONS.items():
        try:
            clauses += read(conditions, around)
        except Unrecognised:
            strange.append(name)
    strange += conditions.names - _CONDITIONS.keys() - {"users"}
    return Policy(
        policy_id=str(told.get("id", "")),
        name=str(told.get("displayName", "")),
        users=read_users(Said.of(users)) if isinstance(users, Mapping) else _ANYBODY,
        conditions=tuple(clauses),
        unrecognised=tuple(sorted(strange)),
        demand=read_demand(grant, around.strengths)
        if controls is None or isinstance(controls, Mapping)
        else Demand.UNKNOWN,
        names_mfa=names_mfa(grant, around.strengths),
        strengths=strengths_of(grant, around.strengths),
    )


def _clients(conditions: Said, _: Surroundings) -> Iterator[Clause]:
    named = conditions.texts("clientAppTypes")
    if named == {_ALL}:
        return
    if not named or not named <= MODERN_CLIENTS | LEGACY_CLIENTS:
        raise Unrecognised
    yield (Trait(CLIENT, named),)


def _platforms(conditions: Said, _: Surroundings) -> Iterator[Clause]:
    said = conditions.inner("platforms", {"includePlatforms", "excludePlatforms"})
    if said is None:
        return
    included, excluded = said.texts("includePlatforms"), said.texts("excludePlatforms")
    if not included or not (included - {_ALL}) | excluded <= PLATFORMS:
        raise Unrecognised
    if _ALL not in included:
        yield (Trait(PLATFORM, included),)
    if excluded:
        yield (Trait(PLATFORM, excluded).opposite,)


def _locations(conditions: Said, around: Surroundings) -> Iterator[Clause]:
    said = conditions.inner("locations", {"includeLocations", "excludeLocations"})
    if said is None:
        return
    included, excluded = said.texts("includeLocations"), said.texts("excludeLocations")
    if _ALL in included and not excluded:
        return
    places = around.locations
    if isinstance(places, Unknown):
        raise Unrecognised
    if not included or _ALL in excluded:
        raise Unrecognised
    if _ALL not in included:
        named = _resolved(included, places)
        yield tuple(trait for one in named for trait in places.inside(one))
    for one in _resolved(excluded, places):
        for trait in places.inside(one):
            yield (trait.opposite,)


def _resolved(named: frozenset[str], places: Locations) -> list[str]:
    trusted = places.all_trusted if _ALL_TRUSTED in named else ()
    return sorted({*named, *trusted} - {_ALL_TRUSTED})


def _levels(
    name: str, trait: str, never: frozenset[str] = frozenset()
) -> Callable[[Said, Surroundings], Iterator[Clause]]:
    def read(conditions: Said, _: Surroundings) -> Iterator[Clause]:
        named = conditions.texts(name)
        if not named <= values_of(trait) - never:
            raise Unrecognised
        if named:
            yield (Trait(trait, named),)

    return read


def _flows(conditions: Said, _: Surroundings) -> Iterator[Clause]:
    said = conditions.inner("authenticationFlows", {"transferMethods"})
    if said is None:
        return
    named = said.texts("transferMethods")
    if not named <= values_of(FLOW) - _NO_LEVEL:
        raise Unrecognised
    yield (Trait(FLOW, named),)


def _devices(conditions: Said, _: Surroundings) -> Iterator[Clause]:
    said = conditions.inner("devices", {"deviceFilter"})
    if said is None:
        return
    mode, rule = said.filter("deviceFilter")
    yield (Trait(f"device filter {rule}", YES if mode == "include" else NO),)


_CONDITIONS: Final[Mapping[str, Callable[[Said, Surroundings], Iterator[Clause]]]] = {
    "applications": lambda conditions, _: read_applications(conditions),
    "clientAppTypes": _clients,
    "platforms": _platforms,
    "locations": _locations,
    "signInRiskLevels": _levels("signInRiskLevels", SIGN_IN_RISK),
    "userRiskLevels": _levels("userRiskLevels", USER_RISK),
    "insiderRiskLevels": _levels("insiderRiskLevels", INSIDER_RISK, never=_NO_LEVEL),
    "authenticationFlows": _flows,
    "devices": _devices,
}
