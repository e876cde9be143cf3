"""Reads the fields of a JSON object one by one, so that all that is wrong is told at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec

from shared.contracts.mistakes import mistake

Value = TypeVar("Value")
_PLAIN: Final = re.compile("[A-Za-z][A-Za-z0-9]{0,39}")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an object, with what is wrong with them.

    Attributes:
        given: the object's fields.
        problems: what is wrong goes here, with the field's name and without its value.
        prefix: stands before the names.
    """

    given: Mapping[str, Any]
    problems: list[str]
    prefix: str = ""

    def refuse_others(self, known: frozenset[str]) -> None:
        """Every field has to be one of these."""
        for name in sorted(self.given.keys() - known):
            shown = f"{self.prefix}{name}" if _PLAIN.fullmatch(name) else f"{self.prefix}?"
            self.problems.append(f"{shown} is no field of a profile")

    def read(self, name: str, kind: Any, default: Value) -> Any:  # noqa: ANN401  (the kind's)
        """The field's value, of this type; the default where it is missing or wrong."""
        if name not in self.given:
            return default
        try:
            return msgspec.convert(self.given[name], kind)
        except msgspec.ValidationError as error:
            self.wrong(name, mistake(error))
            return default

    def parse(self, name: str, text: str, make: Callable[[str], Value]) -> Value | None:
        """What is made of a text; None where it can't be."""
        try:
            return make(text)
        except ValueError as error:
            self.wrong(name, str(error))
            return None

    def inside(self, name: str) -> "Fields | None":
        """The fields of the object in a field; None where the field is missing or no object."""
        given = self.read(name, dict[str, Any], None)
        return None if given is None else Fields(given, self.problems, f"{self.prefix}{name}.")

    def wrong(self, name: str, what: str) -> None:
        """Note what is wrong with a field."""
        self.problems.append(f"{self.prefix}{name}: {what}")
