"""The profile of an HR source: a JSON object, checked as a whole before any event comes."""

from dataclasses import dataclass
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from shared.application.ports.sources import SchemeName
from shared.contracts.hr_events import HrEventType
from shared.contracts.hr_reading import EventReader
from shared.contracts.mistakes import mistake
from shared.domain.contacts import ContactKind
from shared.domain.ids import UserId, is_object_id
from shared.settings.json_fields import Fields
from shared.settings.mappings import mapping_from

FIELDS: Final = frozenset(
    {"scheme", "types", "timeZone", "domains", "dailyVolume", "preparation", "callers", "mapping"}
)
_DOMAIN = Annotated[str, msgspec.Meta(pattern=r"^[^\s@/\\]+\.[^\s@/\\.]+$", max_length=253)]
_VOLUME = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """An HR source, as its setting describes it.

    Attributes:
        scheme: how it proves who it is.
        reader: reads its bodies.
        daily_volume: how many new events it may send in a day (UTC); None where any number.
        preparation: what contact data of its joiners is registered for them.
        callers: the object ids of the service principals that may call, where the scheme looks at
            them.
    """

    scheme: SchemeName
    reader: EventReader
    daily_volume: int | None
    preparation: frozenset[ContactKind]
    callers: frozenset[UserId]


def profile_from(text: str | bytes, problems: list[str]) -> Profile | None:
    """The profile in a JSON text; None where anything is wrong with it.

    Args:
        text: the JSON.
        problems: all that is wrong goes here, by the names of the fields.
    """
    try:
        given = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problems.append(mistake(error))
        return None
    found: list[str] = []
    profile = _profile(Fields(given, found))
    problems += found
    return None if found else profile


def _profile(fields: Fields) -> Profile:
    fields.refuse_others(FIELDS)
    scheme = fields.read("scheme", SchemeName, SchemeName.STANDARD_WEBHOOKS)
    types = fields.read("types", frozenset[HrEventType], frozenset({HrEventType.JOINER}))
    if not types:
        fields.wrong("types", "names no type")
    domains = fields.read("domains", frozenset[_DOMAIN], frozenset())
    zone = fields.parse("timeZone", fields.read("timeZone", str, "UTC"), _zone) or ZoneInfo("UTC")
    inside = fields.inside("mapping")
    mapping = None if inside is None else mapping_from(inside, zone)
    if mapping is not None and frozenset((mapping.type.values or {}).values()) - types:
        fields.wrong("mapping.type.values", "names a type that types leaves out")
    return Profile(
        scheme=scheme,
        reader=EventReader(
            types=types,
            zone=zone,
            domains=frozenset(domain.lower() for domain in domains),
            mapping=mapping,
        ),
        daily_volume=fields.read("dailyVolume", _VOLUME, None),
        preparation=fields.read("preparation", frozenset[ContactKind], frozenset()),
        callers=_callers(fields, scheme),
    )


def _callers(fields: Fields, scheme: SchemeName) -> frozenset[UserId]:
    callers = fields.read("callers", frozenset[str], frozenset())
    if not all(map(is_object_id, callers)):
        fields.wrong("callers", "holds something that is no object id")
    if scheme is SchemeName.ENTRA_PRINCIPAL and not callers:
        fields.wrong("callers", f"the scheme {scheme} needs who may call")
    if scheme is not SchemeName.ENTRA_PRINCIPAL and callers:
        fields.wrong("callers", f"the scheme {scheme} does not look at them")
    return frozenset(UserId(caller.lower()) for caller in callers)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        # A folder of the time zone database is an OSError.
        raise ValueError("is not the name of a time zone") from error
