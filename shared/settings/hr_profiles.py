"""The profile of an HR source."""

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.contracts.hr_events import HrEventType
from shared.contracts.hr_reading import EventReader
from shared.domain.contacts import ContactKind
from shared.settings.json_fields import Fields
from shared.settings.mappings import mapping_from
from shared.settings.profiles import Profile, read_profile

FIELDS: Final = frozenset({"types", "timeZone", "preparation"})
"""Those that other sources do not have."""


def hr_profile_from(text: str | bytes, problems: list[str]) -> Profile[EventReader] | None:
    """The profile in a JSON text; None where anything is wrong with it.

    Args:
        text: the JSON.
        problems: all that is wrong goes here, by the names of the fields.
    """
    return read_profile(text, problems, further=FIELDS, reader_of=_reader)


def _reader(fields: Fields, domains: frozenset[str]) -> EventReader:
    types = fields.read("types", frozenset[HrEventType], frozenset({HrEventType.JOINER}))
    if not types:
        fields.wrong("types", "names no type")
    zone = fields.parse("timeZone", fields.read("timeZone", str, "UTC"), _zone) or ZoneInfo("UTC")
    inside = fields.inside("mapping")
    mapping = None if inside is None else mapping_from(inside, zone)
    if mapping is not None and frozenset((mapping.type.values or {}).values()) - types:
        fields.wrong("mapping.type.values", "names a type that types leaves out")
    return EventReader(
        types=types,
        zone=zone,
        domains=domains,
        mapping=mapping,
        preparation=fields.read("preparation", frozenset[ContactKind], frozenset()),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        # A folder of the time zone database is an OSError.
        raise ValueError("is not the name of a time zone") from error
