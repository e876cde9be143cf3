"""What a vendor's body means: JMESPath expressions on JSON.

JMESPath: https://jmespath.org/specification.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions
from jmespath.parser import ParsedResult, Parser

from shared.contracts.mistakes import mistake
from shared.domain.errors.requests import InvalidEvent

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
class TextRule:
    """Where a text stands; numbers are taken for the text that they are written as."""

    path: Expression


def document_in(body: bytes) -> Any:  # noqa: ANN401  (any JSON)
    """The document in a body.

    Raises:
        InvalidEvent: it is no JSON.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidEvent(f"The body is not JSON: {mistake(error)}") from error


def records_in(document: object, records: Expression | None) -> list[object]:
    """The records of a document; without an expression, the document is the record.

    Raises:
        InvalidEvent: a function of the expression does not take what is there.
    """
    if records is None:
        return [document]
    found = asked("records", records, document)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def asked(name: str, expression: Expression, record: object) -> Any:  # noqa: ANN401  (any JSON)
    """What an expression yields of a record.

    Raises:
        InvalidEvent: a function was given something of a type that it does not take.
    """
    try:
        return expression.of(record)
    except ValueError as error:
        raise InvalidEvent(f"{name}: {error}.") from error


def text(name: str, value: object) -> str | None:
    """A value as text; what is empty is not there.

    Raises:
        InvalidEvent: it is neither text nor a whole number.
    """
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        return str(value)
    if not isinstance(value, str):
        raise InvalidEvent(f"{name}: the value is neither text nor a whole number.")
    return value.strip() or None


def is_false(value: object) -> bool:
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
