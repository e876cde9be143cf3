"""What Azure refuses, checked before every write.

The emulator takes much that Azure does not, so a mistake would show in production first. The limits
are those of https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
and https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from shared.domain.errors.storage import StoreRefused

Value = str | int | bool | bytes | datetime | None
"""What a column can hold; None is a column that is not there."""

Row = Mapping[str, Value]
"""A row to be written, its keys included."""

KIBIBYTE: Final = 1024
MEBIBYTE: Final = 1024 * KIBIBYTE
PROPERTY_BYTES: Final = 64 * KIBIBYTE
KEY_BYTES: Final = KIBIBYTE
ENTITY_BYTES: Final = MEBIBYTE
PROPERTIES: Final = 252
TRANSACTION_ROWS: Final = 100
TRANSACTION_BYTES: Final = 4 * MEBIBYTE

_TABLE_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{2,62}")
_COLUMN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}")
_KEYS: Final = ("PartitionKey", "RowKey")
_RESERVED: Final = frozenset({*_KEYS, "Timestamp"})
_FORBIDDEN_IN_KEYS: Final = re.compile(r"[/\\#?\x00-\x1f\x7f-\x9f]")
_EARLIEST: Final = datetime(1601, 1, 1, tzinfo=UTC)
_INT32: Final = range(-(2**31), 2**31)
_OPERATION_OVERHEAD: Final = KIBIBYTE
"""Headers, URL and boundary of one operation in a transaction, rounded up."""


def check_table_name(name: str) -> None:
    """Refuse a name that no table can have.

    Raises:
        StoreRefused: it is not 3 to 63 letters and digits after a letter, or it is reserved.
    """
    if not _TABLE_NAME.fullmatch(name) or name.lower() == "tables":
        raise StoreRefused(f"{name!r} can't be the name of a table.")


def check_row(table: str, row: Row) -> None:
    """Refuse a row that Azure would refuse.

    Raises:
        StoreRefused: a key, a column or the whole breaks a limit; the detail names it.
    """
    for key in _KEYS:
        _check_key(table, key, row.get(key))
    columns = {name: value for name, value in row.items() if name not in _KEYS}
    if len(columns) > PROPERTIES:
        raise StoreRefused(f"{table}: {len(columns)} columns, {PROPERTIES} are allowed.")
    for name, value in columns.items():
        _check_column(table, name, value)
    size = _size(row)
    if size > ENTITY_BYTES:
        raise StoreRefused(f"{table}: a row of {size} bytes, {ENTITY_BYTES} are allowed.")


def check_transaction(table: str, rows: Sequence[Row]) -> None:
    """Refuse a transaction that Azure would refuse, each of its rows included.

    Raises:
        StoreRefused: too many rows, too many bytes, a row twice, or more than one partition.
    """
    for row in rows:
        check_row(table, row)
    if not 1 <= len(rows) <= TRANSACTION_ROWS:
        raise StoreRefused(f"{table}: {len(rows)} rows in a transaction, 1 to 100 are allowed.")
    if len({row["PartitionKey"] for row in rows}) > 1:
        raise StoreRefused(f"{table}: a transaction over more than one partition.")
    if len({row["RowKey"] for row in rows}) < len(rows):
        raise StoreRefused(f"{table}: the same row twice in a transaction.")
    size = sum(_wire_size(row) for row in rows)
    if size > TRANSACTION_BYTES:
        raise StoreRefused(f"{table}: {size} bytes, {TRANSACTION_BYTES} are allowed at once.")


def _check_key(table: str, name: str, value: Value) -> None:
    if not isinstance(value, str):
        raise StoreRefused(f"{table}: {name} is not a string.")
    if _FORBIDDEN_IN_KEYS.search(value):
        raise StoreRefused(f"{table}: {name} holds a character that keys can't hold.")
    if _utf16(table, name, value) > KEY_BYTES:
        raise StoreRefused(f"{table}: {name} is longer than 1 KiB.")


def _check_column(table: str, name: str, value: Value) -> None:
    if name in _RESERVED or not _COLUMN_NAME.fullmatch(name):
        raise StoreRefused(f"{table}: {name!r} can't be the name of a column.")
    match value:
        case str() if _utf16(table, name, value) > PROPERTY_BYTES:
            raise StoreRefused(f"{table}: {name} is longer than 64 KiB.")
        case bytes() if len(value) > PROPERTY_BYTES:
            raise StoreRefused(f"{table}: {name} is longer than 64 KiB.")
        case datetime() if value.tzinfo is None:
            raise StoreRefused(f"{table}: {name} is a time without an offset.")
        case datetime() if value < _EARLIEST:
            raise StoreRefused(f"{table}: {name} is before the year 1601.")
        case int() if value not in _INT32:
            raise StoreRefused(f"{table}: {name} needs more than 32 bits.")
        case _:
            pass


def _utf16(table: str, name: str, text: str) -> int:
    try:
        return len(text.encode("utf-16-le"))
    except UnicodeEncodeError:
        raise StoreRefused(f"{table}: {name} holds half of a character.") from None


def _size(row: Row) -> int:
    """The size Azure counts: https://learn.microsoft.com/archive/blogs/avkashchauhan/how-the-size-of-an-entity-is-caclulated-in-windows-azure-table-storage."""
    keys = sum(2 * len(str(row[key])) for key in _KEYS)
    return (
        4
        + keys
        + sum(
            8 + 2 * len(name) + _value_size(value)
            for name, value in row.items()
            if name not in _KEYS and value is not None
        )
    )


def _value_size(value: Value) -> int:
    match value:
        case str():
            return len(value.encode("utf-16-le")) + 4
        case bytes():
            return len(value) + 4
        case bool():
            return 1
        case int():
            return 4
        case _:
            return 8


def _wire_size(row: Row) -> int:
    """How long the row is as JSON; binary columns travel as base64."""
    plain = {
        name: "x" * (4 * len(value) // 3 + 4) if isinstance(value, bytes) else str(value)
        for name, value in row.items()
    }
    return _OPERATION_OVERHEAD + len(json.dumps(plain))
