"""Says in words which sign-ins a kind is made of."""

from collections.abc import Iterable, Iterator
from typing import Final

from shared.domain.conditional_access.applications import ADMIN_PORTALS, OFFICE, suite_property
from shared.domain.conditional_access.locations import TRUSTED_IPS, Locations, property_of
from shared.domain.conditional_access.sign_ins import (
    APPLICATION,
    CLIENT,
    COUNTRY,
    FLOW,
    GPS_COUNTRY,
    INSIDER_RISK,
    OTHER,
    PLATFORM,
    SIGN_IN_RISK,
    TARGET,
    USER_RISK,
    YES,
    Kind,
)

_MOST_NAMES: Final = 3
_APPLICATION: Final = "application"
_CLIENTS: Final = {
    "browser": "a browser",
    "mobileappsanddesktopclients": "an app for phones or desktops",
    "exchangeactivesync": "Exchange ActiveSync",
    "other": "another old client",
}
_SUITES: Final = {
    suite_property(OFFICE): "the applications of Office 365",
    suite_property(ADMIN_PORTALS): "Microsoft's admin portals",
}
_OTHERS: Final = {
    APPLICATION: "to an application that no policy names",
    PLATFORM: "on a platform that Entra ID does not recognise",
    COUNTRY: "from a country that no policy names",
    GPS_COUNTRY: "from a country by GPS that no policy names",
}
"""What nobody names, in words."""


def describe(kind: Kind, locations: Locations, asked: frozenset[str]) -> str:
    """What tells these sign-ins from others; empty where they are all.

    Args:
        kind: the sign-ins.
        locations: what their locations are called.
        asked: the kinds of client that are asked about, of which naming all says nothing.
    """
    return ", ".join(_traits(kind, locations, asked))


def some_of(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    told = sorted(set(names))
    more = len(told) - _MOST_NAMES
    listed = ", ".join(f"'{name}'" for name in told[:_MOST_NAMES])
    return f"{listed} and {more} more" if more > 0 else listed


def _traits(kind: Kind, locations: Locations, asked: frozenset[str]) -> Iterator[str]:
    for name in sorted(kind.said.keys() - {trait.name for trait in locations.assumed}):
        values = kind.values(name)
        match name:
            case _ if name == TARGET or values == kind.space.values(name):
                continue
            case _ if name in _OTHERS and values == {OTHER}:
                yield _OTHERS[name]
            case _ if name == CLIENT:
                if values != asked:
                    yield f"with {' or '.join(_CLIENTS[one] for one in sorted(values))}"
            case _ if name == APPLICATION:
                yield f"to the application {_listed(values)}"
            case _ if name == PLATFORM:
                yield f"on the platform {_listed(values)}"
            case _ if name in {COUNTRY, GPS_COUNTRY}:
                yield f"from the {name} {_listed(values)}"
            case _ if name in {SIGN_IN_RISK, USER_RISK, INSIDER_RISK, FLOW}:
                yield f"with the {name} {_listed(values)}"
            case _ if name.startswith("location "):
                place = _place(name, locations)
                yield f"from {place}" if values == YES else f"from outside {place}"
            case _ if name in _SUITES:
                yield f"{'to' if values == YES else 'outside'} {_SUITES[name]}"
            case _:
                # A filter of applications or devices.
                what, _, rule = name.partition(" filter ")
                verb = "to an" if what == _APPLICATION else "on a"
                found = "matches" if values == YES else "does not match"
                yield f"{verb} {what} that {found} the filter '{rule}'"


def _place(name: str, locations: Locations) -> str:
    if name == property_of(TRUSTED_IPS):
        return "the trusted IPs of the MFA service settings"
    named = locations.named.get(name.removeprefix(property_of("")))
    return f"'{named.name}'" if named is not None else f"the {name}"


def _listed(values: frozenset[str]) -> str:
    known = sorted(values - {OTHER})
    return " or ".join([*known, *([OTHER] if OTHER in values else [])])
