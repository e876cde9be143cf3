"""What is packed comes back, in rows that Azure takes, or the row is named that is wrong."""

import secrets
import zlib

import pytest

from shared.adapters.tables.rules import PROPERTY_BYTES
from shared.adapters.tables.sweep.packing import ROW_BYTES, Form, content_of_rows
from shared.domain.errors.storage import UnreadableRow
from tests.unit.tables.sweep.packed import changed, in_one_row, packed_and_unpacked, rows_of

OCTETS: Form[bytes] = Form("octets-1", bytes, bytes)


@pytest.mark.parametrize("edge", [0, PROPERTY_BYTES, ROW_BYTES, 2 * ROW_BYTES])
@pytest.mark.parametrize("beside", [-64, 0, 1])
def test_any_length_comes_back(edge: int, beside: int) -> None:
    """Whatever does not compress is cut into columns and rows that hold it."""
    octets = secrets.token_bytes(max(edge + beside, 0))
    assert packed_and_unpacked(OCTETS, octets) == octets


@pytest.mark.parametrize("length", [0, PROPERTY_BYTES, ROW_BYTES - 1000])
def test_one_row_holds_a_thing_beside_other_columns(length: int) -> None:
    """As much as a row takes."""
    octets = secrets.token_bytes(length)
    assert in_one_row(OCTETS, octets) == octets


def test_what_repeats_takes_little_room() -> None:
    """Rows are compressed."""
    (row,) = rows_of(OCTETS, b"verdict" * 1_000_000)
    assert len(row.columns["Body00"]) < PROPERTY_BYTES


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_missing_row_is_noticed(gone: int) -> None:
    """Some of a thing is never taken for all of it."""
    rows = rows_of(OCTETS, secrets.token_bytes(2 * ROW_BYTES + 1))
    with pytest.raises(UnreadableRow, match="of 3 rows that belong together 2 stand"):
        content_of_rows(rows[:gone] + rows[gone + 1 :], OCTETS)


def test_rows_behind_are_no_part_of_it() -> None:
    """Something longer stood there before, be it in another form."""
    long = changed(rows_of(OCTETS, secrets.token_bytes(2 * ROW_BYTES)), "Form", "octets-0")
    short = rows_of(OCTETS, b"short")
    assert content_of_rows([*short, *long[1:]], OCTETS) == b"short"


def test_rows_of_two_editions_are_noticed() -> None:
    """A mixture is nothing that was ever written."""
    one, other = (rows_of(OCTETS, secrets.token_bytes(ROW_BYTES + 1)) for _ in range(2))
    with pytest.raises(UnreadableRow):
        content_of_rows([one[0], other[1]], OCTETS)


def test_another_form_is_not_guessed_at() -> None:
    """What a later version wrote needs that version; the error says so."""
    rows = changed(rows_of(OCTETS, b"something"), "Form", "octets-2")
    with pytest.raises(UnreadableRow, match="octets-2"):
        content_of_rows(rows, OCTETS)


@pytest.mark.parametrize("body", [b"", b"no zlib", zlib.compress(b"whole")[:-1]])
def test_damaged_bytes_are_noticed(body: bytes) -> None:
    """What is no compressed thing is named."""
    with pytest.raises(UnreadableRow):
        content_of_rows(changed(rows_of(OCTETS, b"whole"), "Body00", body), OCTETS)


@pytest.mark.parametrize("length", [ROW_BYTES + 1, 3 * ROW_BYTES])
def test_text_of_any_length_that_compresses_is_one_row(length: int) -> None:
    """Rows are counted after compression."""
    assert len(rows_of(OCTETS, b"x" * length)) == 1
