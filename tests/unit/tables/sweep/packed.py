"""Rows as the store hands them back."""

from collections.abc import Iterable
from datetime import UTC, datetime

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.rules import Row, check_row
from shared.adapters.tables.store import StoredRow
from shared.adapters.tables.sweep.packing import (
    Content,
    Form,
    content_of,
    content_of_rows,
    packed,
    packed_columns,
    packed_rows,
)
from shared.names import Table


def stored(row: Row) -> StoredRow:
    """A row that Azure takes, as it is read again."""
    check_row(Table.POSTURE, row)
    columns = {name: value for name, value in row.items() if not name.endswith("Key")}
    return StoredRow(
        table=Table.POSTURE,
        partition=str(row["PartitionKey"]),
        key=str(row["RowKey"]),
        columns=columns,
        etag="1",
        written_at=datetime(2025, 3, 14, tzinfo=UTC),
    )


def rows_of(form: Form[Content], content: Content) -> list[StoredRow]:
    """What something becomes."""
    return [stored(row) for row in packed_rows("p", "stem", form, packed(form, content))]


def packed_and_unpacked(form: Form[Content], content: Content) -> Content:
    """What comes back of something that stands in rows."""
    return content_of_rows(rows_of(form, content), form)


def in_one_row(form: Form[Content], content: Content) -> Content:
    """What comes back of something that stands in a row beside other columns."""
    row = stored({"PartitionKey": "p", "RowKey": "r", **packed_columns(form, content)})
    return content_of(Columns(row), form)


def changed(rows: Iterable[StoredRow], column: str, value: object) -> list[StoredRow]:
    """The same rows, but for what a column holds."""
    return [
        StoredRow(
            table=row.table,
            partition=row.partition,
            key=row.key,
            columns={**row.columns, column: value},
            etag=row.etag,
            written_at=row.written_at,
        )
        for row in rows
    ]
