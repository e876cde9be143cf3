"""The profile of a source: a JSON object, checked as a whole before anything comes from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, TypeVar

import msgspec

from shared.application.ports.sources import SchemeName
from shared.contracts.mistakes import mistake
from shared.domain.ids import UserId, is_object_id
from shared.settings.json_fields import Fields

FIELDS: Final = frozenset({"scheme", "domains", "dailyVolume", "callers", "mapping"})
"""Those that the profile of any source may have."""

_DOMAIN = Annotated[str, msgspec.Meta(pattern=r"^[^\s@/\\]+\.[^\s@/\\.]+$", max_length=253)]
_VOLUME = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]

Reader = TypeVar("Reader")
"""What reads the bodies of a kind of source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(Generic[Reader]):
    """A source, as its setting describes it.

    Attributes:
        scheme: how it proves who it is.
        reader: reads its bodies.
        domains: those in which it may have accounts touched, in small letters; empty where any
            will do.
        daily_volume: how many new events or tickets it may send in a day (UTC); None where any
            number.
        callers: the object ids of the service principals that may call, where the scheme looks at
            them.
    """

    scheme: SchemeName
    reader: Reader
    domains: frozenset[str]
    daily_volume: int | None
    callers: frozenset[UserId]


def read_profile(
    text: str | bytes,
    problems: list[str],
    *,
    further: frozenset[str],
    reader_of: Callable[[Fields, frozenset[str]], Reader],
) -> Profile[Reader] | None:
    """The profile in a JSON text; None where anything is wrong with it.

    Args:
        text: the JSON.
        problems: all that is wrong goes here, by the names of the fields.
        further: the fields that this kind of source has beside those of any.
        reader_of: makes the reader of the fields and the domains; what is wrong goes to the fields.
    """
    try:
        given = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problems.append(mistake(error))
        return None
    found: list[str] = []
    fields = Fields(given, found)
    fields.refuse_others(FIELDS | further)
    scheme = fields.read("scheme", SchemeName, SchemeName.STANDARD_WEBHOOKS)
    given_domains = fields.read("domains", frozenset[_DOMAIN], frozenset())
    domains = frozenset(domain.lower() for domain in given_domains)
    profile = Profile(
        scheme=scheme,
        reader=reader_of(fields, domains),
        domains=domains,
        daily_volume=fields.read("dailyVolume", _VOLUME, None),
        callers=_callers(fields, scheme),
    )
    problems += found
    return None if found else profile


def _callers(fields: Fields, scheme: SchemeName) -> frozenset[UserId]:
    callers = fields.read("callers", frozenset[str], frozenset())
    if not all(map(is_object_id, callers)):
        fields.wrong("callers", "holds something that is no object id")
    if scheme is SchemeName.ENTRA_PRINCIPAL and not callers:
        fields.wrong("callers", f"the scheme {scheme} needs who may call")
    if scheme is not SchemeName.ENTRA_PRINCIPAL and callers:
        fields.wrong("callers", f"the scheme {scheme} does not look at them")
    return frozenset(UserId(caller.lower()) for caller in callers)
