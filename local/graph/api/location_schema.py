"""The shape of a named location, as strictly as the service checks it.

Source: https://learn.microsoft.com/graph/api/conditionalaccessroot-post-namedlocations
"""

import ipaddress
import re
from typing import Any, Literal

import msgspec

_COUNTRY = re.compile(r"[A-Z]{2}")


class InvalidLocationError(Exception):
    """The service does not take the location; the text says why."""


class _Model(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
    tag_field="@odata.type",
):
    pass


class IPv4Range(_Model, frozen=True, tag="#microsoft.graph.iPv4CidrRange"):
    """Addresses; the bits of the host may be set."""

    cidr_address: str

    def __post_init__(self) -> None:
        ipaddress.IPv4Network(self.cidr_address, strict=False)


class IPv6Range(_Model, frozen=True, tag="#microsoft.graph.iPv6CidrRange"):
    """Addresses; the bits of the host may be set."""

    cidr_address: str

    def __post_init__(self) -> None:
        ipaddress.IPv6Network(self.cidr_address, strict=False)


class IpLocation(_Model, frozen=True, tag="#microsoft.graph.ipNamedLocation"):
    """A place by its addresses; such a place may be trusted."""

    display_name: str
    ip_ranges: tuple[IPv4Range | IPv6Range, ...]
    is_trusted: bool = False

    def __post_init__(self) -> None:
        if not self.ip_ranges:
            raise ValueError("ipRanges is not empty")


class CountryLocation(_Model, frozen=True, tag="#microsoft.graph.countryNamedLocation"):
    """A place by its countries."""

    display_name: str
    countries_and_regions: tuple[str, ...]
    include_unknown_countries_and_regions: bool = False
    country_lookup_method: Literal["clientIpAddress", "authenticatorAppGps"] = "clientIpAddress"

    def __post_init__(self) -> None:
        if not self.countries_and_regions or not all(
            map(_COUNTRY.fullmatch, self.countries_and_regions)
        ):
            raise ValueError("countriesAndRegions are codes of two letters")


def read_location(given: dict[str, Any]) -> dict[str, Any]:
    """A location as the service stores it, with its type.

    Raises:
        InvalidLocationError: it has another shape.
    """
    try:
        location: IpLocation | CountryLocation = msgspec.convert(
            given, IpLocation | CountryLocation
        )
    except msgspec.ValidationError as error:
        raise InvalidLocationError(f"1007: The named location is not valid. {error}") from error
    if not location.display_name.strip():
        raise InvalidLocationError("1004: The display name must not be empty.")
    stored: dict[str, Any] = msgspec.to_builtins(location)
    return stored
