"""`$filter` on the audit log, and what it says to what it does not answer.

Grammar: `and`, `or`, parentheses, `activityDisplayName eq 'text'`, `activityDateTime` with `eq`,
`ge` and `le`, `targetResources/any(t: t/id eq 'id')`.
"""

import re
from collections.abc import Callable
from datetime import datetime

from local.graph.api.errors import GraphError, not_modelled, unsupported_query
from local.graph.tenant.audit import AuditEntry

Test = Callable[[AuditEntry], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<word>[A-Za-z][\w/]*)|(?P<mark>[(),:]))"
)
_ACTIVITY, _TIME, _ANY_TARGET = "activityDisplayName", "activityDateTime", "targetResources/any"
_NOT_MODELLED = re.compile(r"(id|correlationId|loggedByService|category|startswith|initiatedBy/.*)")
"""What the documentation lets a caller filter by, and this tenant does not."""


def parse_audit_filter(text: str | None) -> Test:
    """Turn `$filter` into a test of an entry; without one, all of them pass.

    Raises:
        GraphError: 400, or 501 for what Graph answers and this tenant does not.
    """
    if text is None:
        return lambda _: True
    parser = _Parser(text)
    test = parser.either()
    parser.expect_end()
    return test


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._read(text)
        self._next = 0

    def either(self) -> Test:
        tests = [self._both()]
        while self._take("word", "or"):
            tests.append(self._both())
        return lambda entry: any(test(entry) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._take("word", "and"):
            tests.append(self._one())
        return lambda entry: all(test(entry) for test in tests)

    def _one(self) -> Test:
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
            return lambda entry: entry.activity == wanted
        if name == _TIME and operator in {"eq", "ge", "le"}:
            return self._at(operator)
        if _NOT_MODELLED.fullmatch(name):
            raise not_modelled(f"audit entries filtered by '{name}'")
        raise unsupported_query(f"The filter on '{name}' with '{operator}' is not supported.")

    def _any_target(self) -> Test:
        self._need("mark", "(")
        variable = self._of("word")
        self._need("mark", ":")
        self._need("word", f"{variable}/id")
        self._need("word", "eq")
        wanted = self._literal().casefold()
        self._need("mark", ")")
        return lambda entry: entry.target.casefold() == wanted

    def _at(self, operator: str) -> Test:
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
