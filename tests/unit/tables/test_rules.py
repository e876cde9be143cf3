"""What Azure refuses is refused before it is sent."""

import string
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.tables.rules import (
    Row,
    Value,
    check_row,
    check_table_name,
    check_transaction,
)
from shared.domain.errors.storage import StoreRefused
from shared.names import Table


def a_row(columns: Row | None = None, *, key: Value = "row") -> Row:
    """A row with these columns."""
    return {"PartitionKey": "partition", "RowKey": key, **(columns or {})}


@pytest.mark.parametrize(
    "name", ["", "ab", "1abc", "a-b", "a_b", "ä123", "a" * 64, "Tables", "a b"]
)
def test_illegal_table_name_is_refused(name: str) -> None:
    """A table is named by 3 to 63 letters and digits after a letter."""
    with pytest.raises(StoreRefused):
        check_table_name(name)


@pytest.mark.parametrize("name", [*Table, "abc", "a" * 63])
def test_our_table_names_are_legal(name: str) -> None:
    """Every table of the app has a name that Azure takes."""
    check_table_name(name)


@pytest.mark.parametrize("character", [*"/\\#?\t\n\r\x00\x1f\x7f\x80\x9f"])
@pytest.mark.parametrize("key", ["PartitionKey", "RowKey"])
def test_forbidden_character_in_a_key_is_refused(key: str, character: str) -> None:
    """No key holds a slash, a backslash, a hash, a question mark or a control character."""
    with pytest.raises(StoreRefused, match=key):
        check_row("Cases", {**a_row(), key: f"a{character}b"})


@pytest.mark.parametrize("row", [{"PartitionKey": "p"}, {"RowKey": "r"}, a_row(key=1)])
def test_missing_or_foreign_key_is_refused(row: Row) -> None:
    """Both keys are there, and they are strings."""
    with pytest.raises(StoreRefused):
        check_row("Cases", row)


def test_key_has_a_kibibyte() -> None:
    """A key has 1 KiB, two bytes to a character."""
    check_row("Cases", a_row(key="é" * 512))
    with pytest.raises(StoreRefused):
        check_row("Cases", a_row(key="é" * 513))


def test_row_has_252_columns() -> None:
    """252 columns beside the keys are allowed, one more is not."""
    columns: dict[str, Value] = {f"c{n}": n for n in range(252)}
    check_row("Cases", a_row(columns))
    with pytest.raises(StoreRefused, match="253"):
        check_row("Cases", a_row({**columns, "one_more": 1}))


@pytest.mark.parametrize("name", ["", "a-b", "1a", "Timestamp", "a" * 256, "ö b"])
def test_illegal_column_name_is_refused(name: str) -> None:
    """A column is named like an identifier, and not like the store's own."""
    with pytest.raises(StoreRefused):
        check_row("Cases", a_row({name: 1}))


LARGEST: list[tuple[Value, Value]] = [
    ("x" * 32_768, "x" * 32_769),
    ("😀" * 16_384, "😀" * 16_385),
    (b"x" * 65_536, b"x" * 65_537),
    (2**31 - 1, 2**31),
    (-(2**31), -(2**31) - 1),
    (datetime(1601, 1, 1, tzinfo=UTC), datetime(1600, 12, 31, tzinfo=UTC)),
]


@pytest.mark.parametrize(("largest", "too_large"), LARGEST, ids=lambda value: type(value).__name__)
def test_column_has_its_limits(largest: Value, too_large: Value) -> None:
    """Text and bytes have 64 KiB, numbers 32 bits, times begin in 1601."""
    check_row("Cases", a_row({"column": largest}))
    with pytest.raises(StoreRefused, match="column"):
        check_row("Cases", a_row({"column": too_large}))


@pytest.mark.parametrize("value", [datetime(2025, 1, 1), "\ud800"])  # noqa: DTZ001  (what is refused)
def test_ambiguous_value_is_refused(value: Any) -> None:  # noqa: ANN401  (of several types)
    """A time without an offset and half a character are refused."""
    with pytest.raises(StoreRefused, match="column"):
        check_row("Cases", a_row({"column": value}))


def test_row_has_a_mebibyte() -> None:
    """A row has 1 MiB in all, names and keys included."""
    columns: dict[str, Value] = {f"c{n:02d}": b"x" * 65_536 for n in range(15)}
    check_row("Cases", a_row(columns))
    with pytest.raises(StoreRefused, match="bytes"):
        check_row("Cases", a_row({**columns, "c15": b"x" * 65_536}))


def test_transaction_has_a_hundred_rows() -> None:
    """A transaction has 1 to 100 rows."""
    check_transaction("Cases", [a_row(key=f"{n}") for n in range(100)])
    for count in (0, 101):
        with pytest.raises(StoreRefused):
            check_transaction("Cases", [a_row(key=f"{n}") for n in range(count)])


def test_transaction_stays_in_one_partition() -> None:
    """All rows of a transaction have one partition key, and each its own row key."""
    with pytest.raises(StoreRefused, match="partition"):
        check_transaction("Cases", [a_row(key="1"), {**a_row(key="2"), "PartitionKey": "other"}])
    with pytest.raises(StoreRefused, match="twice"):
        check_transaction("Cases", [a_row(key="1"), a_row(key="1")])


def test_transaction_has_four_mebibytes() -> None:
    """A transaction has 4 MiB on the wire, where bytes are base64."""
    columns: dict[str, Value] = {f"c{n:02d}": b"x" * 65_536 for n in range(12)}
    check_transaction("Cases", [a_row(columns, key=f"{n}") for n in range(3)])
    with pytest.raises(StoreRefused, match="at once"):
        check_transaction("Cases", [a_row(columns, key=f"{n}") for n in range(4)])


def test_transaction_checks_its_rows() -> None:
    """A row that is refused alone is refused in a transaction."""
    with pytest.raises(StoreRefused, match="RowKey"):
        check_transaction("Cases", [a_row(key="fine"), a_row(key="not/fine")])


@given(st.text(string.printable))
def test_any_printable_text_is_a_value(text: str) -> None:
    """Columns take what keys refuse."""
    check_row("Cases", a_row({"column": text}))
