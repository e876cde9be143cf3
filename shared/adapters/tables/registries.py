"""The registries in Table Storage: a table each, all entries in one partition, read at once."""

from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.keys import escaped
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow, TableStore
from shared.domain.errors.storage import Conflict, StoreUnavailable
from shared.domain.ids import UserId
from shared.domain.registries import Entry, Registry
from shared.names import Table

MOST_ENTRIES: Final = 5000
_PARTITION: Final = "entry"
_TABLES: Final = {Registry.PROTECTED: Table.PROTECTED, Registry.EXCLUSIONS: Table.EXCLUSIONS}


class TableRegistries:
    """The port `Registries`.

    Args:
        store: where the rows are.
        most: how many entries a list may have. Of a longer one a part would be read, and whoever
            stands in the rest would seem to be unprotected, so it is not read at all.
    """

    def __init__(self, store: TableStore, *, most: int = MOST_ENTRIES) -> None:
        self._store = store
        self._most = most

    async def entries(self, registry: Registry) -> dict[UserId, Entry]:
        """All entries of a list."""
        table = _TABLES[registry]
        rows = await self._store.find(
            table, "PartitionKey eq @entry", {"entry": _PARTITION}, self._most + 1
        )
        if len(rows) > self._most:
            raise StoreUnavailable(f"{table} has more than {self._most} entries.")
        entries = (_entry(row) for row in rows)
        return {entry.user_id: entry for entry in entries}

    async def entry(self, registry: Registry, user: UserId) -> Entry | None:
        """The entry of a person."""
        row = await self._row(registry, user)
        return None if row is None else _entry(row)

    async def replace(self, registry: Registry, old: Entry | None, new: Entry) -> None:
        """Write the entry of a person that was read as `old`."""
        row = await self._row(registry, new.user_id)
        if (None if row is None else _entry(row)) != old:
            raise _changed(registry)
        try:
            if row is None:
                await self._store.insert(_TABLES[registry], _entry_row(new))
            else:
                await self._store.replace(_TABLES[registry], _entry_row(new), row.etag)
        except PreconditionFailed:
            if await self.entry(registry, new.user_id) != new:
                raise _changed(registry) from None

    async def remove(self, registry: Registry, old: Entry) -> None:
        """Take an entry away that was read as `old`."""
        row = await self._row(registry, old.user_id)
        if row is None:
            return
        if _entry(row) != old:
            raise _changed(registry)
        try:
            await self._store.delete(_TABLES[registry], row.partition, row.key, etag=row.etag)
        except PreconditionFailed:
            raise _changed(registry) from None

    async def _row(self, registry: Registry, user: UserId) -> StoredRow | None:
        return await self._store.get(_TABLES[registry], _PARTITION, escaped(user))


def _changed(registry: Registry) -> Conflict:
    return Conflict(f"The entry in {registry} was just changed.")


def _entry_row(entry: Entry) -> Row:
    return {
        "PartitionKey": _PARTITION,
        "RowKey": escaped(entry.user_id),
        "UserId": entry.user_id,
        "Owner": entry.owner,
        "Reason": entry.reason,
        "ExpiresAt": entry.expires_at,
        "AddedBy": entry.added_by,
        "AddedAt": entry.added_at,
        "RemovalRequestedBy": entry.removal_requested_by,
        "RemovalRequestedAt": entry.removal_requested_at,
    }


def _entry(row: StoredRow) -> Entry:
    columns = Columns(row)
    return Entry(
        user_id=UserId(columns.text("UserId")),
        owner=columns.text("Owner"),
        reason=columns.text("Reason"),
        expires_at=columns.optional_moment("ExpiresAt"),
        added_by=columns.text("AddedBy"),
        added_at=columns.moment("AddedAt"),
        removal_requested_by=columns.optional_text("RemovalRequestedBy"),
        removal_requested_at=columns.optional_moment("RemovalRequestedAt"),
    )
