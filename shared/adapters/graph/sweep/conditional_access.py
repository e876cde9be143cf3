"""What Conditional Access requires, from Microsoft Graph, with all that policies refer to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from shared.adapters.graph.answers import Id, Page, SecurityDefaultsAnswer, read_answer
from shared.adapters.graph.calls.sweep import LOCATIONS, POLICIES, SECURITY_DEFAULTS
from shared.adapters.graph.sweep.sending import Lists, PacedGraph
from shared.adapters.graph.sweep.strengths import read_strengths
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.locations import UNKNOWN_COUNTRY, Locations, NamedLocation
from shared.domain.conditional_access.policies import Policy
from shared.domain.conditional_access.reading import Surroundings, read_policy
from shared.domain.posture.tenant import Settings

_OFF: Final = frozenset({"disabled", "enabledforreportingbutnotenforced"})
_ON: Final = "enabled"
_BY_ADDRESS: Final = frozenset({"", "clientipaddress"})
_BY_GPS: Final = "authenticatorappgps"
_COUNTRY: Final = "#microsoft.graph.countrynamedlocation"


class LocationAnswer(msgspec.Struct, rename="camel"):
    """A named location: addresses or countries."""

    id: Id
    odata_type: str = msgspec.field(name="@odata.type", default="")
    display_name: str | None = None
    is_trusted: bool | None = None
    countries_and_regions: list[str] | None = None
    include_unknown_countries_and_regions: bool | None = None
    country_lookup_method: str | None = None


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """What the tenant requires of its people.

    Attributes:
        settings: all of it.
        named_locations: why those could not be read; None where they were.
        strengths: the same of authentication strengths.
    """

    settings: Settings
    named_locations: Unknown | None
    strengths: Unknown | None


async def read_settings(
    graph: PacedGraph, lists: Lists, *, trusted_ips: bool | None
) -> SettingsRead:
    """What the tenant requires of its people.

    Args:
        graph: sends the requests.
        lists: reads lists.
        trusted_ips: whether the MFA service settings name trusted IPs, which Graph does not tell.
    """
    found = await _locations(lists, trusted_ips=trusted_ips)
    strengths = await read_strengths(lists)
    policies = await lists.read(POLICIES, Page[dict[str, Any]])
    around = Surroundings(
        locations=found, strengths={} if isinstance(strengths, Unknown) else strengths
    )
    settings = Settings(
        policies=policies
        if isinstance(policies, Unknown)
        else tuple(switched_on(policies, around)),
        locations=Locations(trusted_ips=trusted_ips) if isinstance(found, Unknown) else found,
        security_defaults=await lists.unless_refused(_security_defaults(graph)),
    )
    return SettingsRead(
        settings,
        named_locations=found if isinstance(found, Unknown) else None,
        strengths=strengths if isinstance(strengths, Unknown) else None,
    )


def switched_on(told: Iterable[Mapping[str, Any]], around: Surroundings) -> Iterable[Policy]:
    """The policies that are switched on; of one in a state of its own nobody can tell."""
    for one in told:
        state = str(one.get("state", "")).lower()
        if state in _OFF:
            continue
        policy = read_policy(one, around)
        if policy is None:
            continue
        strange = () if state == _ON else ("state",)
        yield replace(policy, unrecognised=(*policy.unrecognised, *strange))


async def _locations(lists: Lists, *, trusted_ips: bool | None) -> Locations | Unknown:
    """`GET /v1.0/identity/conditionalAccess/namedLocations`."""
    found = await lists.read(LOCATIONS, Page[LocationAnswer])
    return found if isinstance(found, Unknown) else locations_of(found, trusted_ips=trusted_ips)


def locations_of(told: Iterable[LocationAnswer], *, trusted_ips: bool | None) -> Locations:
    """The named locations.

    Args:
        told: what Graph tells of them.
        trusted_ips: whether the MFA service settings name trusted IPs, which it does not tell.
    """
    named = {one.id.lower(): _location(one) for one in told}
    return Locations(named=named, trusted_ips=trusted_ips)


def _location(told: LocationAnswer) -> NamedLocation:
    """A location; one whose countries are told in a way of its own is just a place."""
    countries = None
    method = (told.country_lookup_method or "").lower()
    regions = told.countries_and_regions
    is_understood = method in {*_BY_ADDRESS, _BY_GPS} and regions is not None
    if told.odata_type.lower() == _COUNTRY and is_understood:
        named = {one.casefold() for one in regions or ()}
        unknown = {UNKNOWN_COUNTRY} if told.include_unknown_countries_and_regions else set()
        countries = frozenset(named | unknown)
    return NamedLocation(
        name=told.display_name or told.id,
        trusted=told.is_trusted is True,
        countries=countries,
        by_gps=method == _BY_GPS,
    )


async def _security_defaults(graph: PacedGraph) -> bool:
    """`GET /v1.0/policies/identitySecurityDefaultsEnforcementPolicy`."""
    body = await graph.send(SECURITY_DEFAULTS, {})
    return read_answer(body, SecurityDefaultsAnswer).is_enabled
