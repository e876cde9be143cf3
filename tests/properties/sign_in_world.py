"""Every sign-in of a small tenant, told one by one: the world of the oracle.

Nothing here knows the engine. A dimension of a sign-in is a list of all values that it can have in
this tenant; a sign-in has one of each.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any, Final, NamedTuple

Raw = Mapping[str, Any]

TRUSTED_IPS: Final = "00000000-0000-0000-0000-000000000000"
EXCHANGE: Final = "00000002-0000-0ff1-ce00-000000000000"
SUITES: Final = ("Office365", "MicrosoftAdminPortals")
UNNAMED: Final = "an application that no policy names"
NOWHERE: Final = "a country that no location names"
STRANGE_PLATFORM: Final = "a platform that Entra does not recognise"
PLATFORMS: Final = ("android", "iOS", "windows", "windowsPhone", "macOS", "linux")
MODERN: Final = ("browser", "mobileAppsAndDesktopClients")
LEGACY: Final = ("exchangeActiveSync", "other")
RISKS: Final = ("none", "low", "medium", "high")


class Place(NamedTuple):
    """Where a sign-in comes from: by its address, and by the phone, which may be elsewhere."""

    country: str
    phone: str
    locations: frozenset[str]


class App(NamedTuple):
    """An application that is signed in to."""

    app_id: str
    suites: frozenset[str]
    filters: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class RawTenant:
    """A tenant, mostly as Graph tells it.

    Attributes:
        policies: the policies that are switched on.
        locations: named locations by id, with `isTrusted` and `countriesAndRegions`.
        trusted_ips: whether the MFA service settings name trusted IPs; None where nobody said so.
        strengths: authentication strengths by id.
        groups: direct members, people and groups alike, of each group.
        roles: who holds each role, people and groups alike.
        eligible: who could activate each role.
        joinable: who could make themselves a member of each group.
        unread: the groups of which the members can't be read.
    """

    policies: tuple[Raw, ...]
    locations: Mapping[str, Raw] = field(default_factory=dict)
    trusted_ips: bool | None = False
    strengths: Mapping[str, Raw] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    eligible: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joinable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Someone:
    """Somebody who signs in; the kind of guest by Graph's name, empty for a member."""

    user_id: str
    guest: str = ""


def every_app(tenant: RawTenant) -> list[App]:
    """Each application, in or out of the suites and filters of which nobody can tell."""
    ids, rules = set(), set()
    for policy in tenant.policies:
        said = policy["conditions"]["applications"]
        ids |= {*said.get("includeApplications", ()), *said.get("excludeApplications", ())}
        if said.get("applicationFilter"):
            rules.add(said["applicationFilter"]["rule"])
    named = {EXCHANGE, UNNAMED, *(ids - {"All", "None", *SUITES})}
    return [
        App(app, suites, filters)
        for app in sorted(named)
        for suites in _subsets(SUITES)
        for filters in _subsets(rules)
        if app != EXCHANGE or "Office365" in suites
    ]


def every_place(tenant: RawTenant) -> list[Place]:
    """Each place, with the named locations in which it lies."""
    by_country: dict[bool, dict[str, list[str]]] = {False: {}, True: {}}
    ranges = [TRUSTED_IPS] if tenant.trusted_ips else []
    for one, told in tenant.locations.items():
        if "countriesAndRegions" in told:
            by_phone = told.get("countryLookupMethod") == "authenticatorAppGps"
            by_country[by_phone][one] = told["countriesAndRegions"]
        else:
            ranges.append(one)
    return [
        Place(country, phone, addresses | around | called)
        for country, around in _countries(by_country[False])
        for phone, called in _countries(by_country[True])
        for addresses in _subsets(ranges)
    ]


def _countries(named: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, frozenset[str]]]:
    """Each country that matters, with the locations that name it."""
    countries = {NOWHERE, *(country for told in named.values() for country in told)}
    for country in sorted(countries):
        yield country, frozenset(one for one, told in named.items() if country in told)


def every_device(tenant: RawTenant) -> list[frozenset[str]]:
    """Each device, as the set of the filters that match it."""
    return list(
        _subsets(
            {
                policy["conditions"]["devices"]["deviceFilter"]["rule"]
                for policy in tenant.policies
                if policy["conditions"].get("devices")
            }
        )
    )


def every_value(tenant: RawTenant) -> dict[str, list[Any]]:
    """What each dimension of a sign-in can be."""
    return {
        "app": every_app(tenant),
        "client": [*MODERN, *LEGACY],
        "platform": [*PLATFORMS, STRANGE_PLATFORM],
        "place": every_place(tenant),
        "signInRisk": list(RISKS),
        "userRisk": list(RISKS),
        "insiderRisk": ["none", "minor", "moderate", "elevated"],
        "flow": ["none", "deviceCodeFlow", "authenticationTransfer"],
        "device": every_device(tenant),
    }


def every_sign_in(values: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Every combination."""
    for chosen in product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


def _subsets(of: Iterable[str]) -> Iterator[frozenset[str]]:
    members = sorted(of)
    for size in range(len(members) + 1):
        yield from map(frozenset, combinations(members, size))
