"""The ledger of app passwords in Table Storage: a row per line of the audit log, by person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.keys import ascending, escaped
from shared.adapters.tables.store import StoredRow, TableStore
from shared.adapters.tables.sweep.requests import pages
from shared.domain.authentication import Unknown
from shared.domain.errors.storage import UnreadableRow
from shared.domain.ids import UserId
from shared.domain.ledger import Coverage, Doing, LedgerEntry
from shared.domain.sweep.slices import Slice
from shared.names import Table

_COVERAGE: Final = "coverage"
"""Both keys of the one row that says of what time every line is kept; no person has such an id."""
_MOST: Final = 10_000
"""Lines about one person. Who has as many can't be told apart from who has more."""


class TableLedger:
    """The port `Ledger`."""

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def keep(self, entries: Sequence[LedgerEntry]) -> None:
        """Keep lines; the id of a line in its key lets it stand once, however often it is read."""
        for entry in entries:
            await self._store.put(
                Table.LEDGER,
                {
                    "PartitionKey": entry.user_id.lower(),
                    "RowKey": f"{ascending(entry.at)}-{escaped(entry.entry_id)}",
                    "EntryId": entry.entry_id,
                    "At": entry.at,
                    "Doing": entry.doing.value,
                },
            )

    async def of(self, user: UserId) -> tuple[LedgerEntry, ...]:
        """The lines about a person, the earliest first.

        Raises:
            UnreadableRow: there are too many to read, or one of them is not what we write.
        """
        person = user.lower()
        rows = await self._store.find(
            Table.LEDGER, "PartitionKey eq @person", {"person": person}, _MOST
        )
        if len(rows) == _MOST:
            raise UnreadableRow(f"Ledger rows of {person}: there are too many.")
        return _entries(rows)

    async def of_part(self, part: Slice) -> Mapping[UserId, tuple[LedgerEntry, ...] | Unknown]:
        """The lines about the people of a part of the tenant: one range of partitions."""
        found: defaultdict[UserId, list[StoredRow]] = defaultdict(list)
        async for rows in pages(
            self._store,
            Table.LEDGER,
            "PartitionKey ge @first and PartitionKey lt @end and PartitionKey ne @coverage",
            {"first": part.first, "end": part.end, "coverage": _COVERAGE},
        ):
            for row in rows:
                found[UserId(row.partition)].append(row)
        return {user: _readable(rows) for user, rows in found.items()}

    async def coverage(self) -> Coverage:
        """Of what time every line is kept."""
        row = await self._store.get(Table.LEDGER, _COVERAGE, _COVERAGE)
        if row is None:
            return Coverage()
        columns = Columns(row)
        try:
            return msgspec.json.decode(columns.text("Spans"), type=Coverage)
        except msgspec.DecodeError:
            raise columns.wrong("Spans is no coverage") from None

    async def cover(self, coverage: Coverage) -> None:
        """State of what time every line is kept."""
        await self._store.put(
            Table.LEDGER,
            {
                "PartitionKey": _COVERAGE,
                "RowKey": _COVERAGE,
                "Spans": msgspec.json.encode(coverage).decode(),
            },
        )


def _readable(rows: Sequence[StoredRow]) -> tuple[LedgerEntry, ...] | Unknown:
    try:
        return _entries(rows)
    except UnreadableRow as error:
        return Unknown(error.detail)


def _entries(rows: Sequence[StoredRow]) -> tuple[LedgerEntry, ...]:
    """The lines in the rows of a person.

    Raises:
        UnreadableRow: one of them is not what we write.
    """
    return tuple(
        LedgerEntry(
            entry_id=columns.text("EntryId"),
            user_id=UserId(row.partition),
            at=columns.moment("At"),
            doing=columns.one_of("Doing", Doing),
        )
        for row, columns in zip(rows, map(Columns, rows), strict=True)
    )
