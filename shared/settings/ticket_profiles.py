"""The profile of a ticket source."""

from typing import Any, Final

from shared.contracts.expressions import Expression
from shared.contracts.ticket_mapping import TicketMapping, WordRule
from shared.contracts.ticket_reading import TicketReader
from shared.settings.json_fields import Fields
from shared.settings.profiles import Profile, read_profile

_NEEDED: Final = ("ticketId", "reason", "requestedBy")
_PEOPLE: Final = ("userPrincipalName", "userId")
_VERIFICATION: Final = ("by", "method")
_OF_THE_BODY: Final = frozenset({"when", "actions", "verification"})


def ticket_profile_from(text: str | bytes, problems: list[str]) -> Profile[TicketReader] | None:
    """The profile in a JSON text; None where anything is wrong with it.

    Args:
        text: the JSON.
        problems: all that is wrong goes here, by the names of the fields.
    """
    return read_profile(text, problems, further=frozenset(), reader_of=_reader)


def _reader(fields: Fields, domains: frozenset[str]) -> TicketReader:
    inside = fields.inside("mapping")
    return TicketReader(domains=domains, mapping=None if inside is None else _mapping(inside))


def _mapping(fields: Fields) -> TicketMapping:
    fields.refuse_others(_OF_THE_BODY | {*_NEEDED, *_PEOPLE})
    for name in _NEEDED:
        if name not in fields.given:
            fields.wrong(name, "is missing")
    if sum(name in fields.given for name in _PEOPLE) != 1:
        fields.wrong("userPrincipalName", "this or userId has to be there, and not both")
    verification = fields.inside("verification")
    if verification is not None:
        verification.refuse_others(frozenset(_VERIFICATION))
        for name in _VERIFICATION:
            if name not in verification.given:
                verification.wrong(name, "is missing")
    return TicketMapping(
        when=_expression(fields, "when"),
        fields=_rules(fields, (*_NEEDED, *_PEOPLE)),
        actions=_expression(fields, "actions"),
        verification={} if verification is None else _rules(verification, _VERIFICATION),
    )


def _rules(fields: Fields, names: tuple[str, ...]) -> dict[str, WordRule]:
    rules = {name: _rule(fields, name) for name in names if name in fields.given}
    return {name: rule for name, rule in rules.items() if rule is not None}


def _rule(fields: Fields, name: str) -> WordRule | None:
    """The rule in a field; an expression alone is a rule's path."""
    given: Any = fields.given[name]
    if isinstance(given, str):
        path = fields.parse(name, given, Expression)
        return None if path is None else WordRule(path=path)
    parts = fields.inside(name)
    if parts is None:
        return None
    parts.refuse_others(frozenset({"path", "values"}))
    path = _expression(parts, "path")
    if "path" not in parts.given:
        parts.wrong("path", "is missing")
    values = parts.read("values", dict[str, str] | None, None)
    return None if path is None else WordRule(path=path, values=values)


def _expression(fields: Fields, name: str) -> Expression | None:
    text = fields.read(name, str | None, None)
    return None if text is None else fields.parse(name, text, Expression)
