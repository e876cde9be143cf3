"""Packed rows: something large, compressed and cut into binary columns, in as few rows as it takes.

A binary column holds 64 KiB, a row 1 MiB.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.rules import PROPERTY_BYTES, Row, Value
from shared.adapters.tables.store import StoredRow

Content = TypeVar("Content")

BEHIND: Final = "|"
"""Stands before the last part of a key. No escaped text holds it, and it sorts behind them all."""
PAST: Final = "}"
"""The character after that one, so that a range of keys ends before it."""
ROW_BYTES: Final = 11 * PROPERTY_BYTES
"""704 KiB, which are less than 1 MiB as they travel, in base64: aiohttp warns of longer bodies."""
_QUICK: Final = 1
"""The level of compression: any higher costs several times as much for a few per cent."""


@dataclass(frozen=True, slots=True)
class Form(Generic[Content]):
    """How something is written as bytes.

    Attributes:
        name: what it is and in which version; what was written in another is not guessed at.
        write: makes the bytes.
        read: reads them; raises DecodeError, LookupError or ValueError where they are not what
            `write` makes.
    """

    name: str
    write: Callable[[Content], bytes]
    read: Callable[[bytes], Content]


def packed_columns(form: Form[Content], content: Content) -> dict[str, Value]:
    """The columns of something that has to fit into one row, where the store refuses the rest."""
    return _columns(form.name, packed(form, content))


def content_of(columns: Columns, form: Form[Content]) -> Content:
    """What is in a row.

    Raises:
        UnreadableRow: it is not what we write.
    """
    return _content(columns, form, _octets(columns, form))


def packed(form: Form[Content], content: Content) -> bytes:
    """Something as it stands in rows, one after the other."""
    return zlib.compress(form.write(content), _QUICK)


def packed_rows(partition: str, stem: str, form: Form[Content], body: bytes) -> tuple[Row, ...]:
    """The rows of something packed, each of which says how many there are.

    Args:
        partition: where they stand.
        stem: with what their keys begin.
        form: in which it was packed.
        body: what was packed.
    """
    cuts = [body[start : start + ROW_BYTES] for start in range(0, len(body), ROW_BYTES)]
    return tuple(
        {
            "PartitionKey": partition,
            "RowKey": f"{stem}{BEHIND}{number:03d}",
            "Rows": len(cuts),
            **_columns(form.name, cut),
        }
        for number, cut in enumerate(cuts)
    )


def stem_of(row: StoredRow) -> str:
    """With what the keys of all rows of the same thing begin."""
    return row.key.rpartition(BEHIND)[0]


def content_of_rows(rows: Sequence[StoredRow], form: Form[Content]) -> Content:
    """What is in rows that belong together, in the order of their keys.

    Those behind it were left by something longer that stood there before.

    Raises:
        UnreadableRow: a row is missing, or they are not what we write.
    """
    first = Columns(rows[0])
    count = first.number("Rows")
    if count > len(rows):
        raise first.wrong(f"of {count} rows that belong together {len(rows)} stand")
    return _content(first, form, b"".join(_octets(Columns(row), form) for row in rows[:count]))


def _columns(form: str, body: bytes) -> dict[str, Value]:
    cuts = range(0, len(body), PROPERTY_BYTES)
    return {
        "Form": form,
        **{
            _name(number): body[start : start + PROPERTY_BYTES] for number, start in enumerate(cuts)
        },
    }


def _octets(columns: Columns, form: Form[Content]) -> bytes:
    written = columns.text("Form")
    if written != form.name:
        raise columns.wrong(f"its form is {written!r}, not {form.name!r}")
    cuts = [columns.octets(_name(0))]
    while columns.has(_name(len(cuts))):
        cuts.append(columns.octets(_name(len(cuts))))
    return b"".join(cuts)


def _content(columns: Columns, form: Form[Content], body: bytes) -> Content:
    try:
        return form.read(zlib.decompress(body))
    except (zlib.error, msgspec.DecodeError, LookupError, ValueError) as error:
        raise columns.wrong(f"it holds nothing in the form {form.name!r}: {error}") from None


def _name(number: int) -> str:
    return f"Body{number:02d}"
