"""Named locations: places that policies name.

https://learn.microsoft.com/graph/api/resources/namedlocation
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from shared.domain.conditional_access.sign_ins import COUNTRY, GPS_COUNTRY, NO, YES, Trait

TRUSTED_IPS: Final = "00000000-0000-0000-0000-000000000000"
"""How policies name the trusted IPs of the per-user MFA service settings."""
UNKNOWN_COUNTRY: Final = "unknown"
"""Where addresses are of which nobody knows the country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLocation:
    """A named location.

    Attributes:
        name: what people call it.
        trusted: whether it counts as trusted.
        countries: the countries that it is made of, in small letters, with `UNKNOWN_COUNTRY` among
            them where it takes in addresses of no known country; None for IP ranges.
        by_gps: whether the country is told by the Authenticator instead of by the address; the two
            may differ.
    """

    name: str
    trusted: bool = False
    countries: frozenset[str] | None = None
    by_gps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Locations:
    """The named locations of a tenant.

    Attributes:
        named: by id, in small letters.
        trusted_ips: whether the MFA service settings name trusted IPs, which Graph does not tell;
            None where nobody has said so, and none are assumed.
    """

    named: Mapping[str, NamedLocation] = field(default_factory=dict, hash=False)
    trusted_ips: bool | None = False

    def inside(self, location: str) -> tuple[Trait, ...]:
        """What is true of a sign-in from a location, by the id that policies use for it."""
        if location == TRUSTED_IPS and self.trusted_ips is False:
            return ()
        named = self.named.get(location)
        if named is None or named.countries is None:
            return (Trait(property_of(location), YES),)
        # A sign-in is in one country, however many locations name it.
        return (Trait(GPS_COUNTRY if named.by_gps else COUNTRY, named.countries),)

    @property
    def assumed(self) -> tuple[Trait, ...]:
        """What is taken to be true of every sign-in, though nobody has said so."""
        return (Trait(property_of(TRUSTED_IPS), NO),) if self.trusted_ips is None else ()

    @property
    def all_trusted(self) -> tuple[str, ...]:
        """The ids of all trusted ones."""
        named = sorted(one for one, location in self.named.items() if location.trusted)
        return (*named, TRUSTED_IPS)


def property_of(location: str) -> str:
    """How the property of being in a location is called, which is not made of countries."""
    return f"location {location}"
