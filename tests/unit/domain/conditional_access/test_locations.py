"""From where policies apply, and what they leave."""

from typing import Any, NamedTuple

import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.locations import (
    TRUSTED_IPS,
    UNKNOWN_COUNTRY,
    Locations,
    NamedLocation,
)
from shared.domain.conditional_access.reading import Surroundings
from shared.domain.conditional_access.requirement import Extent
from tests.unit.domain.conditional_access.telling import EVERYWHERE, NOWHERE, PARTLY, extents, told


def countries(*named: str, by_gps: bool = False) -> NamedLocation:
    """A location that is made of countries."""
    return NamedLocation(name=" ".join(named), countries=frozenset(named), by_gps=by_gps)


NAMED = {
    "office": NamedLocation(name="Office", trusted=True),
    "guest-wifi": NamedLocation(name="Guest wireless"),
    "de": countries("de"),
    "fr": countries("fr"),
    "de-fr": countries("de", "fr"),
    "fr-ch": countries("fr", "ch"),
    "de-gps": countries("de", by_gps=True),
    "fr-gps": countries("fr", by_gps=True),
    "de-nowhere": countries("de", UNKNOWN_COUNTRY),
    "fr-nowhere": countries("fr", UNKNOWN_COUNTRY),
}
PLAIN = Surroundings(locations=Locations(named=NAMED))
WITH_IPS = Surroundings(locations=Locations(named=NAMED, trusted_ips=True))
UNREAD = Surroundings(locations=Unknown("Nobody may read them."))


def at(*included: str, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """A condition about locations."""
    return {"locations": {"includeLocations": list(included), "excludeLocations": list(but)}}


class Row(NamedTuple):
    """The locations of some policies, and how far they require MFA."""

    why: str
    conditions: list[dict[str, Any]]
    least: Extent
    most: Extent | None = None
    around: Surroundings = PLAIN


ROWS = [
    Row("no condition", [{"locations": None}], EVERYWHERE),
    Row("all locations", [at("All")], EVERYWHERE),
    Row("all but an office leave the office", [at("All", but=("Office",))], PARTLY),
    Row("one location is not the ordinary one", [at("office")], NOWHERE),
    Row(
        "all but an office, and the office", [at("All", but=("office",)), at("OFFICE")], EVERYWHERE
    ),
    Row("all but trusted ones", [at("All", but=("AllTrusted",))], PARTLY),
    Row("trusted ones alone", [at("AllTrusted")], NOWHERE),
    Row("both", [at("All", but=("AllTrusted",)), at("AllTrusted")], EVERYWHERE),
    Row(
        "the office is the only trusted", [at("All", but=("AllTrusted",)), at("office")], EVERYWHERE
    ),
    Row("the wireless is not", [at("All", but=("AllTrusted",)), at("guest-wifi")], PARTLY),
    Row(
        "attested trusted IPs are trusted too",
        [at("All", but=("AllTrusted",)), at("office")],
        PARTLY,
        around=WITH_IPS,
    ),
    Row(
        "and may be named",
        [at("All", but=("AllTrusted",)), at("office", TRUSTED_IPS)],
        EVERYWHERE,
        around=WITH_IPS,
    ),
    Row("without trusted IPs nobody is there", [at("All", but=(TRUSTED_IPS,))], EVERYWHERE),
    Row("with them, somebody is", [at("All", but=(TRUSTED_IPS,))], PARTLY, around=WITH_IPS),
    Row("two ranges may overlap", [at("All", but=("office",)), at("guest-wifi")], PARTLY),
    Row("nobody is in two countries", [at("All", but=("de",)), at("All", but=("fr",))], EVERYWHERE),
    Row(
        "but in an office of a country",
        [at("All", but=("de",)), at("All", but=("office",))],
        PARTLY,
    ),
    Row("a country within a region", [at("All", but=("de",)), at("de-fr")], EVERYWHERE),
    Row("a region is more than a country", [at("All", but=("de-fr",)), at("de")], PARTLY),
    Row("two make a region", [at("All", but=("de-fr",)), at("de"), at("fr-ch")], EVERYWHERE),
    Row("one country in both", [at("All", but=("de-fr",)), at("All", but=("fr-ch",))], PARTLY),
    Row(
        "the address and the phone may differ",
        [at("All", but=("de",)), at("All", but=("fr-gps",))],
        PARTLY,
    ),
    Row(
        "a phone is in one country",
        [at("All", but=("de-gps",)), at("All", but=("fr-gps",))],
        EVERYWHERE,
    ),
    Row(
        "addresses of no known country are in both",
        [at("All", but=("de-nowhere",)), at("All", but=("fr-nowhere",))],
        PARTLY,
    ),
    Row("a location that is gone may be anywhere", [at("All", but=("gone",))], PARTLY),
    Row("locations can't be read", [at("All", but=("office",))], NOWHERE, EVERYWHERE, UNREAD),
    Row("which matters to nobody who names none", [{}], EVERYWHERE, around=UNREAD),
    Row("all but all", [at("All", but=("All",))], NOWHERE, EVERYWHERE),
    Row("a new way to name them", [{"locations": {"includeX": ["x"]}}], NOWHERE, EVERYWHERE),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_locations(row: Row) -> None:
    """A sign-in may be in several ranges of addresses, but in one country."""
    tellings = [told(name=str(number), **one) for number, one in enumerate(row.conditions)]
    assert extents(*tellings, around=row.around) == (row.least, row.most or row.least)
