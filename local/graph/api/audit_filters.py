"""`$filter` on the audit log, and what it says to what it does not answer.

Grammar: `and`, `or`, parentheses, `activityDisplayName eq 'text'`, `activityDateTime` with `eq`,
`ge` and `le`, `targetResources/any(t: t/id eq 'id')`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from local.graph.api.errors import GraphError, not_modelled, unsupported_query
from local.graph.tenant.audit import AuditEntry

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<word>[A-Za-z][\w/]*)|(?P<mark>[(),:]))"
)
_ACTIVITY, _TIME, _ANY_TARGET = "activityDisplayName", "activityDateTime", "targetResources/any"
_NOT_MODELLED = re.compile(r"(id|correlationId|loggedByService|category|startswith|initiatedBy/.*)")
"""What the documentation lets a caller filter by, and this tenant does not."""


@dataclass(frozen=True)
class Wanted:
    """Which entries a filter asks for.

    Attributes:
        fits: a test of an entry.
        about: the object id that all of them concern; None = they may concern any.
    """

    fits: Callable[[AuditEntry], bool]
    about: str | None = None


def parse_audit_filter(text: str | None) -> Wanted:
    """Read `$filter`; without one, all entries are wanted.

    Raises:
        GraphError: 400, or 501 for what Graph answers and this tenant does not.
    """
    if text is None:
        return Wanted(lambda _: True)
    parser = _Parser(text)
    wanted = parser.either()
    parser.expect_end()
    return wanted


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._read(text)
        self._next = 0

    def either(self) -> Wanted:
        parts = [self._both()]
        while self._take("word", "or"):
            parts.append(self._both())
        if len(parts) == 1:
            return parts[0]
        return Wanted(lambda entry: any(part.fits(entry) for part in parts))

    def _both(self) -> Wanted:
        parts = [self._one()]
        while self._take("word", "and"):
            parts.append(self._one())
        about = next((part.about for part in parts if part.about is not None), None)
        return Wanted(lambda entry: all(part.fits(entry) for part in parts), about)

    def _one(self) -> Wanted:
        if self._take("mark", "("):
            inner = self.either()
            self._need("mark", ")")
            return inner
        name = self._of("word")
        if name == _ANY_TARGET:
            return self._any_target()
        operator = self._of("word") if name in {_ACTIVITY, _TIME} else ""
        if name == _ACTIVITY and operator == "eq":
            wanted = self._literal()
            return Wanted(lambda entry: entry.activity == wanted)
        if name == _TIME and operator in {"eq", "ge", "le"}:
            return Wanted(self._at(operator))
        if _NOT_MODELLED.fullmatch(name):
            raise not_modelled(f"audit entries filtered by '{name}'")
        raise unsupported_query(f"The filter on '{name}' with '{operator}' is not supported.")

    def _any_target(self) -> Wanted:
        self._need("mark", "(")
        variable = self._of("word")
        self._need("mark", ":")
        self._need("word", f"{variable}/id")
        self._need("word", "eq")
        wanted = self._literal().casefold()
        self._need("mark", ")")
        return Wanted(lambda entry: wanted in map(str.casefold, entry.concerned), wanted)

    def _at(self, operator: str) -> Callable[[AuditEntry], bool]:
        text = self._of("time")
        try:
            wanted = datetime.fromisoformat(text)
        except ValueError as error:
            raise self._malformed() from error
        if operator == "ge":
            return lambda entry: datetime.fromisoformat(entry.at) >= wanted
        if operator == "le":
            return lambda entry: datetime.fromisoformat(entry.at) <= wanted
        return lambda entry: datetime.fromisoformat(entry.at) == wanted

    def _literal(self) -> str:
        return self._of("text")[1:-1].replace("''", "'")

    def _of(self, kind: str) -> str:
        if self._next >= len(self._tokens) or self._tokens[self._next][0] != kind:
            raise self._malformed()
        self._next += 1
        return self._tokens[self._next - 1][1]

    def _take(self, kind: str, value: str) -> bool:
        found = self._tokens[self._next : self._next + 1] == [(kind, value)]
        self._next += found
        return found

    def _need(self, kind: str, value: str) -> None:
        if not self._take(kind, value):
            raise self._malformed()

    def expect_end(self) -> None:
        if self._next != len(self._tokens):
            raise self._malformed()

    def _read(self, text: str) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise self._malformed()
            tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        return tokens

    def _malformed(self) -> GraphError:
        return GraphError(
            400, "BadRequest", f"Invalid filter clause: Syntax error in '{self._text}'."
        )
