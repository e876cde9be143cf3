"""Table Storage for measurements: rows in a SQLite file, which may lie in memory.

Azurite reads the whole of a table for each query, so what it costs grows with what is stored, and a
sweep of a million people beside it would tell of Azurite. Here a query costs what it finds. The
contract suites of all that a sweep keeps run against it; what it leaves out is the network.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec

from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.rules import MEBIBYTE, Row, check_row, check_transaction
from shared.adapters.tables.store import ANY_ETAG, Operation, RowPage, StoredRow, TableStore
from shared.names import Table

_WORDS: Final = {
    "eq": "=",
    "ne": "<>",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "and": "AND",
    "or": "OR",
    "PartitionKey": "partition",
    "RowKey": "key",
}
_TOKEN: Final = re.compile(r"'(?:[^']|'')*'|@?[A-Za-z_]\w*")
_KEYS: Final = frozenset({"PartitionKey", "RowKey"})
_PAGE_ROWS: Final = 1000
_PAGE_BYTES: Final = 4 * MEBIBYTE
"""https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination"""
_SCHEMA: Final = """
    PRAGMA journal_mode = MEMORY;
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS rows (
        name TEXT, partition TEXT, key TEXT, etag INTEGER, written REAL, columns BLOB,
        PRIMARY KEY (name, partition, key)
    );
"""
_READ: Final = "SELECT partition, key, etag, written, columns FROM rows WHERE name = :_name AND "
_WRITE: Final = "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?)"
_DROP: Final = "DELETE FROM rows WHERE name = ? AND partition = ? AND key = ?"


class MemoryStore(TableStore):
    """A table store without a service: each method that would ask one is its own.

    Args:
        path: the file; made where it is missing.

    Attributes:
        writes: how many rows were written, by whomever; those dropped don't count.
    """

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.executescript(_SCHEMA)
        self._file.create_function("column_of", 2, _column_of, deterministic=True)
        (self.writes,) = self._file.execute("SELECT coalesce(max(etag), 0) FROM rows").fetchone()

    async def close(self) -> None:
        """Close the file."""
        self._file.close()

    async def insert(self, table: Table, row: Row) -> str:
        """Write a new row and return its ETag."""
        return await self._one(table, Operation(kind="create", row=row))

    async def put(self, table: Table, row: Row) -> None:
        """Write a row, whatever stood there."""
        await self._one(table, Operation(kind="put", row=row))

    async def replace(self, table: Table, row: Row, etag: str) -> str:
        """Write a row over the version with this ETag and return its new one."""
        return await self._one(table, Operation(kind="update", row=row, etag=etag))

    async def merge(self, table: Table, row: Row) -> None:
        """Set columns of a row that must be there."""
        await self._one(table, Operation(kind="merge", row=row))

    async def delete(
        self, table: Table, partition: str, key: str, *, etag: str | None = None
    ) -> None:
        """Remove a row, with an ETag only that version; one that is gone already is no error."""
        if self._row(table, partition, key) is not None:
            row = {"PartitionKey": partition, "RowKey": key}
            self._do(table, Operation(kind="delete", row=row, etag=etag or ANY_ETAG))

    async def get(self, table: Table, partition: str, key: str) -> StoredRow | None:
        """One row, or None where there is none."""
        return self._row(table, partition, key)

    async def find(
        self, table: Table, condition: str, values: Mapping[str, str], most: int
    ) -> list[StoredRow]:
        """Up to `most` rows that meet a condition, by partition and row key."""
        return list(islice(self._rows(table, condition, values), most))

    async def page(
        self,
        table: Table,
        condition: str,
        values: Mapping[str, str],
        *,
        columns: Sequence[str] = (),
        token: Any = None,  # noqa: ANN401  (as in the class above)
    ) -> RowPage:
        """As many of the rows that meet a condition as one answer holds."""
        rows: list[StoredRow] = []
        size = 0
        for row in self._rows(table, condition, values, after=token):
            size += sum(len(one) for one in row.columns.values() if isinstance(one, bytes))
            if rows and (len(rows) == _PAGE_ROWS or size > _PAGE_BYTES):
                return RowPage(rows=rows, token=(rows[-1].partition, rows[-1].key))
            rows.append(_selected(row, columns))
        return RowPage(rows=rows, token=None)

    async def transact(self, table: Table, operations: Sequence[Operation]) -> list[str]:
        """Do all of these or none; return the ETags."""
        check_transaction(table, [operation.row for operation in operations])
        with self._together():
            return [self._do(table, operation) for operation in operations]

    async def _one(self, table: Table, operation: Operation) -> str:
        check_row(table, operation.row)
        return self._do(table, operation)

    def _row(self, table: Table, partition: str, key: str) -> StoredRow | None:
        condition = "PartitionKey eq @partition and RowKey eq @key"
        return next(self._rows(table, condition, {"partition": partition, "key": key}), None)

    def _rows(
        self,
        table: Table,
        condition: str,
        values: Mapping[str, str],
        after: tuple[str, str] | None = None,
    ) -> Iterator[StoredRow]:
        partition, key = after or ("", "")
        further = "" if after is None else " AND (partition, key) > (:_partition, :_key)"
        found = self._file.execute(
            f"{_READ}({_sql(condition)}){further} ORDER BY partition, key",
            {**values, "_name": table.value, "_partition": partition, "_key": key},
        )
        for partition, key, etag, written, columns in found:
            yield StoredRow(
                table=table,
                partition=partition,
                key=key,
                columns=msgspec.msgpack.decode(columns),
                etag=str(etag),
                written_at=datetime.fromtimestamp(written, UTC),
            )

    def _do(self, table: Table, operation: Operation) -> str:
        """Write a row as an operation asks for it; the row's new ETag."""
        row, kind = operation.row, operation.kind
        partition, key = str(row["PartitionKey"]), str(row["RowKey"])
        there = None if kind == "put" else self._row(table, partition, key)
        if kind == "create" and there is not None:
            raise PreconditionFailed(f"{table}: there is such a row.")
        if kind in {"update", "merge", "delete"} and (
            there is None or operation.etag not in {ANY_ETAG, there.etag}
        ):
            raise PreconditionFailed(f"{table}: the row is another one, or gone.")
        if kind == "delete":
            self._file.execute(_DROP, (table.value, partition, key))
            return ""
        columns = {name: value for name, value in row.items() if name not in _KEYS}
        if kind == "merge" and there is not None:
            columns = {**there.columns, **columns}
        kept = {name: value for name, value in columns.items() if value is not None}
        self.writes += 1
        now = datetime.now(UTC).timestamp()
        body = msgspec.msgpack.encode(kept)
        self._file.execute(_WRITE, (table.value, partition, key, self.writes, now, body))
        return str(self.writes)

    @contextmanager
    def _together(self) -> Iterator[None]:
        self._file.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")


def _sql(condition: str) -> str:
    """An OData condition as SQL, which writes texts alike."""

    def word(found: re.Match[str]) -> str:
        told = found[0]
        if told[0] == "'":
            return told
        if told[0] == "@":
            return f":{told[1:]}"
        return _WORDS.get(told, f"column_of(columns, '{told}')")

    return _TOKEN.sub(word, condition)


def _column_of(columns: bytes, name: str) -> str | int | None:
    found: dict[str, str | int | None] = msgspec.msgpack.decode(columns)
    return found.get(name)


def _selected(row: StoredRow, names: Sequence[str]) -> StoredRow:
    if not names:
        return row
    return replace(row, columns={name: one for name, one in row.columns.items() if name in names})
