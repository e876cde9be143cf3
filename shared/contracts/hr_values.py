"""How vendors write days and moments, and what is meant by them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

ISO: Final = "iso"
UNIX_SECONDS: Final = "unix-seconds"
UNIX_MILLISECONDS: Final = "unix-milliseconds"

DayEdge = Literal["begin", "end"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}")
_DAY_PARTS: Final = ({"%d", "%m"}, {"%j"})
_YEARS: Final = {"%Y", "%y"}
_TIMES: Final = {"%H", "%I", "%M", "%S", "%f", "%p"}
_OFFSETS: Final = {"%z"}
_MEANINGFUL: Final = set().union(*_DAY_PARTS) | _YEARS | _TIMES | _OFFSETS | {"%%"}
_PLACEHOLDER: Final = re.compile("%.?", re.DOTALL)


def format_weakness(pattern: str) -> str | None:
    """What is wrong with a format; None where nothing is.

    A format is `iso`, `unix-seconds`, `unix-milliseconds`, or a pattern of `strptime` whose
    placeholders mean the same in every language of the machine.
    """
    if pattern in {ISO, UNIX_SECONDS, UNIX_MILLISECONDS}:
        return None
    placeholders = _PLACEHOLDER.findall(pattern)
    if set(placeholders) - _MEANINGFUL:
        return "holds a placeholder that is none of %Y %y %m %d %j %H %I %M %S %f %p %z %%"
    if len(set(placeholders)) < len(placeholders) or not (
        any(parts <= set(placeholders) for parts in _DAY_PARTS) and _YEARS & set(placeholders)
    ):
        return f"is neither {ISO}, {UNIX_SECONDS}, {UNIX_MILLISECONDS} nor a pattern with one day"
    return None


def day_of(value: str, pattern: str, zone: ZoneInfo) -> date:
    """The calendar day that a vendor wrote; of a moment with an offset, its day in the zone.

    Raises:
        ValueError: it is not written in this format.
        OverflowError: there is no such moment.
    """
    if pattern == ISO and _is_iso_day(value):
        return date.fromisoformat(value)
    moment = _written(value, pattern)
    return (moment if moment.tzinfo is None else moment.astimezone(zone)).date()


def moment_of(value: str, pattern: str, zone: ZoneInfo, edge: DayEdge | None) -> datetime:
    """The moment that a vendor wrote; without an offset, by the clocks of the zone.

    Args:
        value: the text.
        pattern: its format.
        zone: the time zone of the source.
        edge: which midnight a calendar day means; None refuses a calendar day.

    Raises:
        ValueError: it is not written in this format, or it is a day and no edge was given.
        OverflowError: there is no such moment.
    """
    if _is_day(value, pattern):
        if edge is None:
            raise ValueError("a day is no moment")
        day = day_of(value, pattern, zone)
        first = day if edge == "begin" else day + timedelta(days=1)
        return datetime.combine(first, time(), zone).astimezone(UTC)
    moment = _written(value, pattern)
    return (moment.replace(tzinfo=zone) if moment.tzinfo is None else moment).astimezone(UTC)


def _is_day(value: str, pattern: str) -> bool:
    if pattern == ISO:
        return _is_iso_day(value)
    return "%" in pattern and not _TIMES & set(_PLACEHOLDER.findall(pattern))


def _is_iso_day(value: str) -> bool:
    """`datetime` reads a day as its midnight, so it has to be told apart before."""
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _written(value: str, pattern: str) -> datetime:
    if pattern == ISO:
        return datetime.fromisoformat(value)
    if pattern == UNIX_SECONDS:
        return _EPOCH + timedelta(seconds=_number(value))
    if pattern == UNIX_MILLISECONDS:
        return _EPOCH + timedelta(milliseconds=_number(value))
    return datetime.strptime(value, pattern)  # noqa: DTZ007  (the zone is the source's)


def _number(value: str) -> int:
    if not _NUMBER.fullmatch(value):
        raise ValueError("that is no whole number")
    return int(value)
