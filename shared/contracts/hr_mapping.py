"""What a vendor's webhook body means: JMESPath expressions to the fields of the canonical event.

JMESPath: https://jmespath.org/specification.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from shared.contracts.expressions import (
    Expression,
    TextRule,
    asked,
    document_in,
    is_false,
    records_in,
    text,
)
from shared.contracts.hr_events import HrEvent, HrEventType, event_of
from shared.contracts.hr_values import ISO, DayEdge, day_of, moment_of
from shared.domain.errors.requests import InvalidEvent

MOST_EVENTS: Final = 100
"""One webhook may tell of this many people: all of them are stored before it is answered."""


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
        found: list[tuple[int, HrEvent]] = []
        for number, record in enumerate(records_in(document_in(body), self.records)):
            event = self._event(record, "" if self.records is None else f"record {number}: ")
            if event is not None:
                found.append((number, event))
        if len(found) > MOST_EVENTS:
            raise InvalidEvent(f"The body tells of more than {MOST_EVENTS} events.")
        return tuple(found)

    def _event(self, record: object, where: str) -> HrEvent | None:
        try:
            if self.when is not None and is_false(asked("when", self.when, record)):
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
        word = text("type", asked("type", self.type.path, record))
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
        written = text(name, asked(name, rule.path, record))
        if written is None:
            return None
        try:
            match rule:
                case TextRule():
                    return written
                case DayRule():
                    return day_of(written, rule.format, self.zone)
                case MomentRule():
                    return moment_of(written, rule.format, self.zone, rule.day)
        except (ValueError, OverflowError) as error:
            raise InvalidEvent(f"{name}: the value is not written as the profile says.") from error
