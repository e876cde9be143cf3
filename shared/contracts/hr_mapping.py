"""What a vendor's webhook body means: JMESPath expressions to the fields of the canonical event.

JMESPath: https://jmespath.org/specification.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions
from jmespath.parser import ParsedResult, Parser

from shared.contracts.hr_events import HrEvent, HrEventType, event_of
from shared.contracts.hr_values import ISO, DayEdge, day_of, moment_of
from shared.contracts.mistakes import mistake
from shared.domain.errors.requests import InvalidEvent

MOST_EVENTS: Final = 100
"""One webhook may tell of this many people: all of them are stored before it is answered."""

_FUNCTIONS: Final[Mapping[str, Mapping[str, Any]]] = Functions.FUNCTION_TABLE

_LARGEST: Final = 2**63 - 1


class Expression:
    """A JMESPath expression that is known to be one, its functions included.

    Raises:
        ValueError: it is none; the text says why.
    """

    def __init__(self, text: str) -> None:
        try:
            self._parsed: ParsedResult = Parser().parse(text)
        except JMESPathError as error:
            raise ValueError(_complaint(error)) from error
        for name, given in _calls(self._parsed.parsed):
            _check_call(name, given)

    def of(self, document: object) -> Any:  # noqa: ANN401  (any JSON)
        """What it yields.

        Raises:
            ValueError: a function was given something of a type that it does not take.
        """
        try:
            return self._parsed.search(document)
        except (JMESPathError, ArithmeticError, TypeError, AttributeError) as error:
            # The package lets errors of Python through where it compares mixed types.
            raise ValueError("a function of the expression does not take what is there") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRule:
    """Where the type stands.

    Attributes:
        path: the expression.
        values: the vendor's words; one that is not among them marks an event that is none of
            ours. None where the vendor uses the canonical words.
    """

    path: Expression
    values: Mapping[str, HrEventType] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRule:
    """Where a text stands; numbers are taken for the text that they are written as."""

    path: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """Where a calendar day stands, and how it is written."""

    path: Expression
    format: str = ISO


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentRule:
    """Where a moment stands, and how it is written.

    Attributes:
        path: the expression.
        format: how it is written.
        day: which midnight a calendar day means.
    """

    path: Expression
    format: str = ISO
    day: DayEdge | None = None


Rule = TextRule | DayRule | MomentRule


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMapping:
    """A vendor's body as canonical events.

    Attributes:
        records: yields the list of records, or the one record, that the body holds.
        when: a record for which this is false (as JMESPath has it) is none of ours.
        type: where the type stands.
        fields: where the other fields stand, by their names in the canonical event.
        contact: where the contact's fields stand, by their names.
        zone: the time zone of days, and of moments without an offset.
    """

    records: Expression | None
    when: Expression | None
    type: TypeRule
    fields: Mapping[str, Rule]
    contact: Mapping[str, Rule]
    zone: ZoneInfo

    def events(self, body: bytes) -> tuple[tuple[int, HrEvent], ...]:
        """The events in a body, each with the number of its record; none where none is ours.

        Raises:
            InvalidEvent: the body is no JSON, or a record that is ours makes no event. The detail
                names the field, never its value.
        """
        try:
            document = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidEvent(f"The body is not JSON: {mistake(error)}") from error
        found: list[tuple[int, HrEvent]] = []
        for number, record in enumerate(self._records(document)):
            event = self._event(record, "" if self.records is None else f"record {number}: ")
            if event is not None:
                found.append((number, event))
        if len(found) > MOST_EVENTS:
            raise InvalidEvent(f"The body tells of more than {MOST_EVENTS} events.")
        return tuple(found)

    def _records(self, document: object) -> list[object]:
        if self.records is None:
            return [document]
        records = _asked("records", self.records, document)
        if records is None:
            return []
        return records if isinstance(records, list) else [records]

    def _event(self, record: object, where: str) -> HrEvent | None:
        try:
            if self.when is not None and _is_false(_asked("when", self.when, record)):
                return None
            kind = self._type(record)
            if kind is None:
                return None
            told = {"type": kind.value, **self._told(record, self.fields, "")}
            contact = self._told(record, self.contact, "contact.")
            return event_of(told | {"contact": contact} if contact else told)
        except RecursionError as error:
            raise InvalidEvent(f"{where}It is nested too deeply.") from error
        except InvalidEvent as error:
            raise InvalidEvent(f"{where}{error.detail}") from error

    def _type(self, record: object) -> HrEventType | None:
        word = _text("type", _asked("type", self.type.path, record))
        if word is None:
            raise InvalidEvent("type: the expression finds nothing in the body.")
        if self.type.values is not None:
            return self.type.values.get(word)
        try:
            return HrEventType(word)
        except ValueError:
            raise InvalidEvent("type: the value is none of joiner, rehire, leaver.") from None

    def _told(self, record: object, rules: Mapping[str, Rule], prefix: str) -> dict[str, object]:
        told = {name: self._value(f"{prefix}{name}", rule, record) for name, rule in rules.items()}
        return {name: value for name, value in told.items() if value is not None}

    def _value(self, name: str, rule: Rule, record: object) -> object:
        text = _text(name, _asked(name, rule.path, record))
        if text is None:
            return None
        try:
            match rule:
                case TextRule():
                    return text
                case DayRule():
                    return day_of(text, rule.format, self.zone)
                case MomentRule():
                    return moment_of(text, rule.format, self.zone, rule.day)
        except (ValueError, OverflowError) as error:
            raise InvalidEvent(f"{name}: the value is not written as the profile says.") from error


def _asked(name: str, expression: Expression, record: object) -> Any:  # noqa: ANN401  (any JSON)
    try:
        return expression.of(record)
    except ValueError as error:
        raise InvalidEvent(f"{name}: {error}.") from error


def _text(name: str, value: object) -> str | None:
    """A value as text; what is empty is not there."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        return str(value)
    if not isinstance(value, str):
        raise InvalidEvent(f"{name}: the value is neither text nor a whole number.")
    return value.strip() or None


def _is_false(value: object) -> bool:
    """JMESPath's meaning of false; 0 is true: https://jmespath.org/specification.html#or-expressions."""
    return value is None or value is False or value in ("", [], {})


def _calls(node: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The functions that an expression calls, with the number of their arguments."""
    if node["type"] == "function_expression":
        yield node["value"], len(node["children"])
    for child in node["children"]:
        # Slices have plain numbers for children.
        if isinstance(child, dict):
            yield from _calls(child)


def _check_call(name: str, given: int) -> None:
    function = _FUNCTIONS.get(name)
    if function is None:
        raise ValueError("calls a function that JMESPath does not have")
    signature = function["signature"]
    more = bool(signature) and bool(signature[-1].get("variadic"))
    if given < len(signature) or (given > len(signature) and not more):
        raise ValueError("calls a function with too few or too many arguments")


def _complaint(error: JMESPathError) -> str:
    place = getattr(error, "lex_position", None)
    return "is no JMESPath expression" + ("" if place is None else f" (at character {place + 1})")
