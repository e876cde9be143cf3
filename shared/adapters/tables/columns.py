"""Reads columns, and says which row is wrong instead of guessing."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from shared.adapters.tables.store import StoredRow
from shared.domain.errors.storage import UnreadableRow

Member = TypeVar("Member", bound=StrEnum)
Kind = TypeVar("Kind")


class Columns:
    """The columns of a row, by type.

    Each method raises UnreadableRow, naming table and row, where the column is missing (unless it
    is optional) or holds something else.
    """

    def __init__(self, row: StoredRow) -> None:
        self._row = row

    def text(self, name: str) -> str:
        """A string."""
        return self._one(name, str)

    def optional_text(self, name: str) -> str | None:
        """A string, or None where there is no such column."""
        return self.text(name) if self.has(name) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Strings, as a JSON array."""
        try:
            return tuple(msgspec.json.decode(self.text(name), type=list[str]))
        except msgspec.DecodeError:
            raise self.wrong(f"{name} is no JSON array of strings") from None

    def number(self, name: str) -> int:
        """A whole number."""
        return self._one(name, int)

    def flag(self, name: str) -> bool:
        """True or False."""
        return self._one(name, bool)

    def octets(self, name: str) -> bytes:
        """Bytes."""
        return self._one(name, bytes)

    def moment(self, name: str) -> datetime:
        """A time, in UTC."""
        return _plain(self._one(name, datetime))

    def optional_moment(self, name: str) -> datetime | None:
        """A time, or None where there is no such column."""
        return self.moment(name) if self.has(name) else None

    def one_of(self, name: str, kind: type[Member]) -> Member:
        """A member of an enumeration."""
        value = self.text(name)
        try:
            return kind(value)
        except ValueError:
            raise self.wrong(f"{name} is {value!r}, which is no {kind.__name__}") from None

    def optional_one_of(self, name: str, kind: type[Member]) -> Member | None:
        """A member of an enumeration, or None where there is no such column."""
        return self.one_of(name, kind) if self.has(name) else None

    def members(self, name: str, kind: type[Member]) -> tuple[Member, ...]:
        """Members of an enumeration, as a JSON array."""
        values = self.texts(name)
        try:
            return tuple(map(kind, values))
        except ValueError:
            raise self.wrong(
                f"{name} is {values!r}, not all of which are {kind.__name__}"
            ) from None

    def has(self, name: str) -> bool:
        """Whether there is such a column."""
        return name in self._row.columns

    def wrong(self, what: str) -> UnreadableRow:
        """The error to raise about this row."""
        row = self._row
        return UnreadableRow(f"{row.table} row ({row.partition}, {row.key}): {what}.")

    def _one(self, name: str, kind: type[Kind]) -> Kind:
        if not self.has(name):
            raise self.wrong(f"{name} is missing")
        value: Any = self._row.columns[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong(f"{name} is no {kind.__name__}")
        return value


def _plain(value: datetime) -> datetime:
    """The SDK's own kind of datetime, as everybody else's."""
    return datetime.combine(value.date(), value.time(), tzinfo=UTC)
