"""`$filter` on the report of registrations: the comparisons that its reference page lists.

Grammar: terms joined by `and`. A term is `eq` on a flag or a name, `startsWith` on a name, or `any`
with `eq` on a list of methods.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from local.graph.api.errors import GraphError, not_modelled, unsupported_query
from local.graph.tenant.registration_report import PROPERTIES

Test = Callable[[Mapping[str, Any]], bool]

_FLAGS = frozenset(name for name in PROPERTIES if name.startswith("is"))
_NAMES = frozenset({"userPrincipalName", "userDisplayName"})
_LISTS = frozenset({"methodsRegistered", "systemPreferredAuthenticationMethods"})
_TEXT = r"'(?P<text>(?:[^']|'')*)'"
_FLAG_TERM = re.compile(r"(?P<name>\w+)\s+eq\s+(?P<flag>true|false)\b")
_NAME_TERM = re.compile(rf"(?P<name>\w+)\s+eq\s+{_TEXT}")
_START_TERM = re.compile(rf"startswith\(\s*(?P<name>\w+)\s*,\s*{_TEXT}\s*\)", re.IGNORECASE)
_ANY_TERM = re.compile(rf"(?P<name>\w+)/any\(\s*(?P<one>\w+)\s*:\s*(?P=one)\s+eq\s+{_TEXT}\s*\)")
_AND = re.compile(r"\s+and\s+")
_OR = re.compile(r"\s+or\s+")


def parse_registration_filter(text: str | None) -> Test:
    """Turn `$filter` into a test of a row; without it every row fits.

    Raises:
        GraphError: 400 for what the report does not answer.
    """
    tests: list[Test] = []
    rest = "" if text is None else text.strip()
    while rest:
        test, rest = _first_term(rest)
        tests.append(test)
        joined = _AND.match(rest)
        if rest and joined is None:
            if _OR.match(rest):
                raise not_modelled("'or' in a filter of this report")
            raise _malformed(rest)
        if joined is not None:
            rest = rest[joined.end() :]
            if not rest:
                raise _malformed(text or "")
    return lambda row: all(test(row) for test in tests)


def _first_term(text: str) -> tuple[Test, str]:
    for pattern, names, make in (
        (_FLAG_TERM, _FLAGS, _flag_test),
        (_NAME_TERM, _NAMES, _name_test),
        (_START_TERM, _NAMES, _start_test),
        (_ANY_TERM, _LISTS, _any_test),
    ):
        match = pattern.match(text)
        if match is not None:
            if match["name"] not in names:
                raise _refused(match["name"])
            return make(match), text[match.end() :]
    raise _malformed(text)


def _flag_test(match: re.Match[str]) -> Test:
    name, wanted = match["name"], match["flag"] == "true"
    return lambda row: bool(row[name] is wanted)


def _name_test(match: re.Match[str]) -> Test:
    name, wanted = match["name"], _unquoted(match).casefold()
    return lambda row: bool(row[name].casefold() == wanted)


def _start_test(match: re.Match[str]) -> Test:
    name, wanted = match["name"], _unquoted(match).casefold()
    return lambda row: bool(row[name].casefold().startswith(wanted))


def _any_test(match: re.Match[str]) -> Test:
    name, wanted = match["name"], _unquoted(match)
    return lambda row: wanted in row[name]


def _unquoted(match: re.Match[str]) -> str:
    return match["text"].replace("''", "'")


def _refused(name: str) -> GraphError:
    if name in PROPERTIES:
        return unsupported_query(f"The property '{name}' cannot be filtered in this way.")
    return GraphError(
        400,
        "BadRequest",
        f"Invalid filter clause: Could not find a property named '{name}' on type"
        " 'microsoft.graph.userRegistrationDetails'.",
    )


def _malformed(text: str) -> GraphError:
    return GraphError(400, "BadRequest", f"Invalid filter clause: Syntax error in '{text}'.")
