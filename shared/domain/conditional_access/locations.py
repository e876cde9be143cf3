"""Named locations: places that policies name.

https://learn.microsoft.com/graph/api/resources/namedlocation
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from shared.domain.conditional_access.sign_ins import YES, Trait

TRUSTED_IPS: Final = "00000000-0000-0000-0000-000000000000"
"""How policies name the trusted IPs of the per-user MFA service settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLocation:
    """A named location.

    Attributes:
        name: what people call it.
        trusted: whether it counts as trusted.
        countries: the countries that it is made of, in small letters, as the address tells them;
            None for IP ranges, and where the person's phone tells the country.
    """

    name: str
    trusted: bool = False
    countries: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Locations:
    """The named locations of a tenant.

    Attributes:
        named: by id, in small letters.
        trusted_ips: whether the MFA service settings name trusted IPs, which Graph does not tell.
    """

    named: Mapping[str, NamedLocation] = field(default_factory=dict, hash=False)
    trusted_ips: bool = False

    def inside(self, location: str) -> tuple[Trait, ...]:
        """What is true of a sign-in from a location, by the id that policies use for it."""
        if location == TRUSTED_IPS and not self.trusted_ips:
            return ()
        return (Trait(property_of(location), YES),)

    @property
    def all_trusted(self) -> tuple[str, ...]:
        """The ids of all trusted ones."""
        named = sorted(one for one, location in self.named.items() if location.trusted)
        return (*named, TRUSTED_IPS)

    @property
    def apart(self) -> frozenset[frozenset[str]]:
        """Which of them no sign-in is in at the same time: those of different countries."""
        countries = {
            location: named.countries
            for location, named in self.named.items()
            if named.countries is not None
        }
        return frozenset(
            frozenset({property_of(one), property_of(other)})
            for one, other in combinations(sorted(countries), 2)
            if countries[one].isdisjoint(countries[other])
        )


def property_of(location: str) -> str:
    """How the property of being in a location is called."""
    return f"location {location}"
