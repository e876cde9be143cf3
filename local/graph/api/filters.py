"""`$filter` on users: the comparisons that the directory answers, and what it says to others.

Grammar: `and`, `or`, `not`, parentheses, `eq ne ge le in`, `startsWith`, `endsWith`. As in the
directory, `ne`, `not` and `endsWith` are advanced queries.
"""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from local.graph.api.errors import GraphError, request_denied, unsupported_query
from local.graph.tenant.person import Person
from local.graph.tenant.user_properties import PROPERTIES, Property, Type

Test = Callable[[Person], bool]
Literal = str | bool | datetime | None

MFA_STATE = "perUserMfaState"
_MFA_STATE_PROPERTY = Property(MFA_STATE)
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<word>[A-Za-z][\w/]*)|(?P<mark>[(),]))"
)
_BY_EMPLOYEE_ID = re.compile(r"\s*employeeId\s+eq\s+'((?:[^']|'')*)'\s*")
_TEXT_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
}


def employee_id_in(text: str) -> str | None:
    """The employee id, where `$filter` asks for the bearers of one and for nothing else."""
    match = _BY_EMPLOYEE_ID.fullmatch(text)
    return None if match is None else match[1].replace("''", "'")


def parse_filter(
    text: str, *, readable: Collection[str], advanced: bool, with_mfa_state: bool
) -> Test:
    """Turn `$filter` into a test of a person.

    Args:
        readable: the properties that the token may read.
        advanced: the request has `ConsistencyLevel: eventual` and `$count=true`.
        with_mfa_state: the undocumented `perUserMfaState` can be filtered (advanced only).

    Raises:
        GraphError: 400, as the directory words it; 403 for what the token may not read.
    """
    parser = _Parser(text, readable, advanced=advanced, with_mfa_state=with_mfa_state)
    test = parser.either()
    parser.expect_end()
    return test


class _Parser:
    def __init__(
        self, text: str, readable: Collection[str], *, advanced: bool, with_mfa_state: bool
    ) -> None:
        self._text = text
        self._readable = readable
        self._tokens = list(_tokens(text))
        self._next = 0
        self._advanced = advanced
        self._with_mfa_state = with_mfa_state

    def either(self) -> Test:
        tests = [self._both()]
        while self._take_word("or"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda person: any(test(person) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._take_word("and"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda person: all(test(person) for test in tests)

    def _one(self) -> Test:
        if self._take_word("not"):
            self._need_advanced()
            negated = self._one()
            return lambda person: not negated(person)
        if self._take_mark("("):
            inner = self.either()
            self._need_mark(")")
            return inner
        name = self._word()
        if name.lower() in _TEXT_FUNCTIONS:
            return self._text_function(name.lower())
        return self._comparison(name)

    def _text_function(self, function: str) -> Test:
        if function == "endswith":
            self._need_advanced()
        self._need_mark("(")
        known = self._property(self._word())
        self._need_mark(",")
        value = self._literal()
        self._need_mark(")")
        if not isinstance(value, str) or known.type is not Type.TEXT:
            raise self._unsupported(known)
        compare, folded, name = _TEXT_FUNCTIONS[function], value.casefold(), known.name
        return lambda person: compare(str(_value(person, name) or "").casefold(), folded)

    def _comparison(self, name: str) -> Test:
        known = self._property(name)
        operator = self._word().lower()
        if operator == "in":
            self._need_mark("(")
            values = [self._folded(known)]
            while self._take_mark(","):
                values.append(self._folded(known))
            self._need_mark(")")
            return lambda person: _comparable(known, person) in values
        if operator not in {"eq", "ne", "ge", "le"}:
            raise self._malformed()
        wanted = self._folded(known)
        if operator == "eq":
            return lambda person: _comparable(known, person) == wanted
        if operator == "ne":
            self._need_advanced()
            return lambda person: _comparable(known, person) != wanted
        if not isinstance(wanted, datetime):
            raise self._unsupported(known)
        return _time_test(known, wanted, at_least=operator == "ge")

    def _property(self, name: str) -> Property:
        if name == MFA_STATE and self._with_mfa_state:
            self._need_advanced()
            return _MFA_STATE_PROPERTY
        known = PROPERTIES.get(name)
        if known is None:
            raise GraphError(
                400,
                "BadRequest",
                f"Invalid filter clause: Could not find a property named '{name}' on type"
                " 'microsoft.graph.user'.",
            )
        if not known.filterable:
            raise self._unsupported(known)
        if name not in self._readable:
            raise request_denied()
        return known

    def _folded(self, known: Property) -> Literal:
        value = self._literal()
        expected: dict[Type, type] = {Type.TEXT: str, Type.FLAG: bool, Type.TIME: datetime}
        if value is not None and not isinstance(value, expected.get(known.type, type(None))):
            raise GraphError(
                400,
                "BadRequest",
                "Invalid filter clause: A binary operator with incompatible types was detected.",
            )
        return value.casefold() if isinstance(value, str) else value

    def _literal(self) -> Literal:
        kind, value = self._token()
        if kind == "text":
            return value[1:-1].replace("''", "'")
        if kind == "time":
            return datetime.fromisoformat(value)
        words: dict[str, Literal] = {"true": True, "false": False, "null": None}
        if value not in words:
            raise self._malformed()
        return words[value]

    def _token(self) -> tuple[str, str]:
        if self._next >= len(self._tokens):
            raise self._malformed()
        self._next += 1
        return self._tokens[self._next - 1]

    def _word(self) -> str:
        kind, value = self._token()
        if kind != "word":
            raise self._malformed()
        return value

    def _take_word(self, word: str) -> bool:
        return self._take("word", word)

    def _take_mark(self, mark: str) -> bool:
        return self._take("mark", mark)

    def _take(self, kind: str, value: str) -> bool:
        found = self._tokens[self._next : self._next + 1] == [(kind, value)]
        self._next += found
        return found

    def _need_mark(self, mark: str) -> None:
        if not self._take_mark(mark):
            raise self._malformed()

    def _need_advanced(self) -> None:
        if not self._advanced:
            raise unsupported_query(
                "The specified filter needs advanced query capabilities: 'ConsistencyLevel:"
                " eventual' and '$count=true'."
            )

    def expect_end(self) -> None:
        if self._next != len(self._tokens):
            raise self._malformed()

    def _malformed(self) -> GraphError:
        return GraphError(
            400, "BadRequest", f"Invalid filter clause: Syntax error in '{self._text}'."
        )

    def _unsupported(self, known: Property) -> GraphError:
        return unsupported_query(
            "Unsupported or invalid query filter clause specified for property"
            f" '{known.name}' of resource 'User'."
        )


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise GraphError(
                400,
                "BadRequest",
                f"Invalid filter clause: Syntax error at position {position} in '{text}'.",
            )
        yield match.lastgroup, match[match.lastgroup]
        position = match.end()


def _value(person: Person, name: str) -> object:
    return person.per_user_mfa_state if name == MFA_STATE else person.value(name)


def _comparable(known: Property, person: Person) -> object:
    value = _value(person, known.name)
    if isinstance(value, str):
        return datetime.fromisoformat(value) if known.type is Type.TIME else value.casefold()
    return value


def _time_test(known: Property, wanted: datetime, *, at_least: bool) -> Test:
    def test(person: Person) -> bool:
        value = _comparable(known, person)
        if not isinstance(value, datetime):
            return False
        return value >= wanted if at_least else value <= wanted

    return test
