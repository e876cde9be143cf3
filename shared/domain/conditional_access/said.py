"""A part of what Graph tells about a policy, without what it leaves open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_OPEN: Final[tuple[object, ...]] = (None, "", [], (), {})


class Unrecognised(Exception):
    """Something is said that nobody here understands."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said by name, where anything is."""

    values: Mapping[str, object]

    @classmethod
    def of(cls, told: object) -> "Said":
        """What is told, without what says nothing."""
        if not isinstance(told, Mapping):
            return cls({})
        return cls(
            {
                str(name): value
                for name, value in told.items()
                if not _is_open(value) and "@odata." not in str(name)
            }
        )

    @property
    def names(self) -> set[str]:
        """Of what something is said."""
        return set(self.values)

    def get(self, name: str) -> object:
        """What is said of one thing; None where nothing is."""
        return self.values.get(name)

    def texts(self, name: str) -> frozenset[str]:
        """The values in a list, in small letters, or those in a text with commas between them.

        Raises:
            Unrecognised: it is neither.
        """
        value = self.values.get(name)
        if value is None:
            return frozenset()
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list | tuple) or not all(isinstance(one, str) for one in parts):
            raise Unrecognised
        return frozenset(one.strip().casefold() for one in parts)

    def inner(self, name: str, known: set[str]) -> "Said | None":
        """What is said of a thing's parts; None where nothing is.

        Raises:
            Unrecognised: something is said of other parts than those that are known.
        """
        value = self.values.get(name)
        if value is None:
            return None
        inner = Said.of(value)
        if not inner.names or not inner.names <= known:
            raise Unrecognised
        return inner

    def filter(self, name: str) -> tuple[str, str]:
        """The mode of a filter, `include` or `exclude`, and its rule.

        Raises:
            Unrecognised: it is no filter.
        """
        said = self.inner(name, {"mode", "rule"}) or Said({})
        mode, rule = said.get("mode"), said.get("rule")
        if not isinstance(mode, str) or not isinstance(rule, str):
            raise Unrecognised
        if mode.casefold() not in {"include", "exclude"}:
            raise Unrecognised
        return mode.casefold(), rule


def _is_open(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(_is_open(inner) for inner in value.values())
    return value in _OPEN
