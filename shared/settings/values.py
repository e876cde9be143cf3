"""How the text of a setting becomes its value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from shared.domain.ids import GroupId, UserId, is_object_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """What a setting is.

    Attributes:
        name: its name in the environment.
        meaning: what it decides, for the operator.
        parse: makes its value from its text; raises ValueError with what is wrong.
        default: its text where it is missing; None where it is required.
    """

    name: str
    meaning: str
    parse: Callable[[str], Any]
    default: str | None

    def read(self, environment: Mapping[str, str], problems: list[str]) -> Any:  # noqa: ANN401
        """The setting's value; what is wrong with it goes to `problems`."""
        text = environment.get(self.name, "").strip() or self.default
        if text is None:
            problems.append(f"{self.name} is missing")
            return None
        try:
            return self.parse(text)
        except (ValueError, OverflowError):
            problems.append(f"{self.name} is wrong: {self.meaning}")
            return None


def setting(
    name: str, meaning: str, parse: Callable[[str], Any], *, default: str | None = None
) -> Any:  # noqa: ANN401  (as dataclasses.field: the field's annotation says the type)
    """A dataclass field that stands in a setting."""
    specification = Specification(name=name, meaning=meaning, parse=parse, default=default)
    # What connects us may hold a key, so no setting shows when settings are printed.
    return field(metadata={"setting": specification}, repr=False)


def optional(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """None for an empty text."""
    return lambda text: parse(text) if text else None


def one_of(*choices: str) -> Callable[[str], str]:
    """One of these words."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(text)
        return text

    return parse


def truth(text: str) -> bool:
    """True or false."""
    return one_of("true", "false")(text.lower()) == "true"


def positive(text: str) -> float:
    """A number greater than zero."""
    number = float(text)
    if not isfinite(number) or number <= 0:
        raise ValueError(text)
    return number


def whole_number(text: str) -> int:
    """A whole number greater than zero."""
    number = int(text)
    if number <= 0:
        raise ValueError(text)
    return number


def share(text: str) -> float:
    """A part of the whole: more than nothing, at most 1."""
    number = positive(text)
    if number > 1:
        raise ValueError(text)
    return number


def days(text: str) -> timedelta:
    """A time in days."""
    return timedelta(days=positive(text))


def contact_days(text: str) -> timedelta:
    """A time in days, 30 at most."""
    time = days(text)
    if time > timedelta(days=30):
        raise ValueError(text)
    return time


def group(text: str) -> GroupId:
    """The object id of a group, in small letters."""
    if not is_object_id(text.strip()):
        raise ValueError(text)
    return GroupId(text.strip().lower())


def falling_days(text: str) -> tuple[timedelta, ...]:
    """Times in days, separated by commas, each shorter than the one before."""
    times = tuple(days(part) for part in text.split(","))
    if any(later >= earlier for earlier, later in pairwise(times)):
        raise ValueError(text)
    return times


def hours(text: str) -> timedelta:
    """A time in hours."""
    return timedelta(hours=positive(text))


def minutes(text: str) -> timedelta:
    """A time in minutes."""
    return timedelta(minutes=positive(text))


def seconds(text: str) -> timedelta:
    """A time in seconds."""
    return timedelta(seconds=positive(text))


def pauses(text: str) -> tuple[timedelta, ...]:
    """Times in seconds, separated by commas; zero is allowed."""
    numbers = [float(part) for part in text.split(",")]
    if any(not isfinite(number) or number < 0 for number in numbers):
        raise ValueError(text)
    return tuple(timedelta(seconds=number) for number in numbers)


def ids(text: str) -> frozenset[UserId]:
    """Object ids, separated by commas, in small letters."""
    parts = [part.strip().lower() for part in text.split(",") if part.strip()]
    if not all(map(is_object_id, parts)):
        raise ValueError(text)
    return frozenset(map(UserId, parts))


def words(text: str) -> frozenset[str]:
    """Words, separated by commas; at least one."""
    found = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not found:
        raise ValueError(text)
    return found


def web_address(text: str) -> str:
    """The root of a web service; without TLS only on this machine."""
    parts = urlsplit(text)
    local = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if not parts.hostname or parts.scheme not in ({"http", "https"} if local else {"https"}):
        raise ValueError(text)
    return text
