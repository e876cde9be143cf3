"""The part `mapping` of an HR source's profile."""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.contracts.expressions import Expression, TextRule
from shared.contracts.hr_events import HrEventType
from shared.contracts.hr_mapping import DayRule, EventMapping, MomentRule, Rule, TypeRule
from shared.contracts.hr_values import ISO, DayEdge, format_weakness
from shared.settings.json_fields import Fields

_KINDS: Final[Mapping[str, type[Rule]]] = {
    "id": TextRule,
    "occurredAt": MomentRule,
    "employeeId": TextRule,
    "userPrincipalName": TextRule,
    "startDate": DayRule,
    "effectiveAt": MomentRule,
    "enforceBy": MomentRule,
}
_CONTACT: Final[Mapping[str, type[Rule]]] = {"mobile": TextRule, "email": TextRule}
_OF_THE_BODY: Final = frozenset({"records", "when", "type", "contact"})
_PARTS: Final[Mapping[type[Rule], frozenset[str]]] = {
    TextRule: frozenset({"path"}),
    DayRule: frozenset({"path", "format"}),
    MomentRule: frozenset({"path", "format", "day"}),
}


def mapping_from(fields: Fields, zone: ZoneInfo) -> EventMapping | None:
    """The mapping; None where anything is wrong with it, which goes to the fields' problems."""
    before = len(fields.problems)
    fields.refuse_others(_OF_THE_BODY | _KINDS.keys())
    records = _optional(fields, "records")
    when = _optional(fields, "when")
    kind = _type_rule(fields)
    found = _rules(fields, _KINDS)
    contact = _contact(fields)
    if not {"userPrincipalName", "employeeId"} & fields.given.keys():
        fields.wrong("userPrincipalName", "is missing, and so is employeeId: one has to be there")
    if kind is None or len(fields.problems) > before:
        return None
    return EventMapping(
        records=records, when=when, type=kind, fields=found, contact=contact, zone=zone
    )


def _contact(fields: Fields) -> dict[str, Rule]:
    inside = fields.inside("contact")
    if inside is None:
        return {}
    inside.refuse_others(frozenset(_CONTACT))
    return _rules(inside, _CONTACT)


def _optional(fields: Fields, name: str) -> Expression | None:
    text = fields.read(name, str | None, None)
    return None if text is None else fields.parse(name, text, Expression)


def _rules(fields: Fields, kinds: Mapping[str, type[Rule]]) -> dict[str, Rule]:
    rules = {
        name: _rule(fields, name, kind) for name, kind in kinds.items() if name in fields.given
    }
    return {name: rule for name, rule in rules.items() if rule is not None}


def _rule(fields: Fields, name: str, kind: type[Rule]) -> Rule | None:
    parts = _parts(fields, name, _PARTS[kind])
    if parts is None:
        return None
    path = _path(parts)
    pattern = parts.read("format", str, ISO)
    weak = format_weakness(pattern)
    if weak is not None:
        parts.wrong("format", weak)
    edge = parts.read("day", DayEdge | None, None)
    if path is None:
        return None
    if kind is MomentRule:
        return MomentRule(path=path, format=pattern, day=edge)
    return DayRule(path=path, format=pattern) if kind is DayRule else TextRule(path=path)


def _type_rule(fields: Fields) -> TypeRule | None:
    if "type" not in fields.given:
        fields.wrong("type", "is missing")
    parts = _parts(fields, "type", frozenset({"path", "values"}))
    if parts is None:
        return None
    path = _path(parts)
    values = parts.read("values", dict[str, HrEventType] | None, None)
    return None if path is None else TypeRule(path=path, values=values)


def _parts(fields: Fields, name: str, known: frozenset[str]) -> Fields | None:
    """The parts of a rule; an expression alone is a rule's path."""
    given: Any = fields.given.get(name)
    if isinstance(given, str):
        return Fields({"path": given}, fields.problems, f"{fields.prefix}{name}.")
    parts = fields.inside(name)
    if parts is not None:
        parts.refuse_others(known)
    return parts


def _path(parts: Fields) -> Expression | None:
    text = parts.read("path", str, None)
    if text is None:
        if "path" not in parts.given:
            parts.wrong("path", "is missing")
        return None
    return parts.parse("path", text, Expression)
