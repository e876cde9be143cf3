"""Says in words which sign-ins a kind is made of."""

from collections.abc import Iterator

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


def describe(kind: Kind, locations: Locations, asked: frozenset[str]) -> str:
    """What tells these sign-ins from others; empty where they are all.

    Args:
        kind: the sign-ins.
        locations: what their locations are called.
        asked: the kinds of client that are asked about, of which naming all says nothing.
    """
    return ", ".join(_traits(kind, locations, asked))


def _traits(kind: Kind, locations: Locations, asked: frozenset[str]) -> Iterator[str]:
    for name in sorted(kind.said.keys() - {trait.name for trait in locations.assumed}):
        values = kind.values(name)
        match name:
            case _ if name == TARGET or values == kind.space.values(name):
                continue
            case _ if name == CLIENT:
                if values != asked:
                    yield f"with the client {_listed(values)}"
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
                yield f"from {place}" if values == YES else f"not from {place}"
            case _:
                yield f"with an {name}" if values == YES else f"with no {name}"


def _place(name: str, locations: Locations) -> str:
    if name == property_of(TRUSTED_IPS):
        return "the trusted IPs of the MFA service settings"
    named = locations.named.get(name.removeprefix(property_of("")))
    return f"'{named.name}'" if named is not None else f"the {name}"


def _listed(values: frozenset[str]) -> str:
    known = sorted(values - {OTHER})
    return " or ".join([*known, *([OTHER] if OTHER in values else [])])
