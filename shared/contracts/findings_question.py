"""Which findings a person asks for, in the query of an address."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, TypeVar

from shared.domain.errors.requests import InvalidRequest
from shared.domain.posture.exposure import Exposure
from shared.domain.posture.reasons import ReasonCode
from shared.domain.sweep.lines import Cause
from shared.domain.sweep.wanted import LISTED, Wanted

FILTERS: Final = ("verdict", "cause", "department", "reason", "exposure")
"""The names of what narrows the list."""

_Code = TypeVar("_Code", bound=StrEnum)


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """Who is asked for.

    Raises:
        InvalidRequest: a filter has a value that it can't have.
    """
    return Wanted(
        verdict=_one_of("verdict", LISTED, query),
        cause=_one_of("cause", Cause, query),
        department=query.get("department"),
        reason=_one_of("reason", ReasonCode, query),
        exposure=_one_of("exposure", Exposure, query),
    )


def _one_of(name: str, known: Iterable[_Code], query: Mapping[str, str]) -> _Code | None:
    if name not in query:
        return None
    by_value = {one.value: one for one in known}
    if query[name] not in by_value:
        raise InvalidRequest(f"{name} must be one of {', '.join(by_value)}.")
    return by_value[query[name]]
