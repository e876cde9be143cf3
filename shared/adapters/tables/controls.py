"""The control rows in Table Storage: one per capability, one per source that was ever suspended."""

from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.keys import escaped
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow, TableStore
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.errors import Conflict
from shared.domain.ids import SourceName
from shared.names import Table

_CAPABILITY: Final = "capability"
_SOURCE: Final = "source"
_MOST_SOURCES: Final = 1000
"""Sources are settings of the app; there are a handful."""


class TableControls:
    """The port `Controls`."""

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def entry(self, capability: Capability) -> ControlEntry:
        """The row as it stands at the store; a missing one observes."""
        row = await self._row(capability)
        return ControlEntry() if row is None else _entry(row)

    async def replace(self, capability: Capability, old: ControlEntry, new: ControlEntry) -> None:
        """Write a row that was read as `old`.

        Raises:
            Conflict: somebody changed it meanwhile.
        """
        row = await self._row(capability)
        if (ControlEntry() if row is None else _entry(row)) != old:
            raise Conflict(f"The control row of {capability} changed since it was read.")
        wanted = _control_row(capability, new)
        try:
            if row is None:
                await self._store.insert(Table.CONTROL, wanted)
            else:
                await self._store.replace(Table.CONTROL, wanted, row.etag)
        except PreconditionFailed:
            if await self.entry(capability) != new:
                raise Conflict(f"The control row of {capability} was just changed.") from None

    async def suspended(self) -> frozenset[SourceName]:
        """The sources whose webhooks are turned away."""
        rows = await self._store.find(
            Table.CONTROL, "PartitionKey eq @source", {"source": _SOURCE}, _MOST_SOURCES
        )
        sources = map(Columns, rows)
        return frozenset(
            SourceName(source.text("Source")) for source in sources if source.flag("Suspended")
        )

    async def suspend(self, source: SourceName, *, suspended: bool, by: str) -> None:
        """Turn a source's webhooks away, or let them in again."""
        await self._store.put(
            Table.CONTROL,
            {
                "PartitionKey": _SOURCE,
                "RowKey": escaped(source),
                "Source": source,
                "Suspended": suspended,
                "ChangedBy": by,
            },
        )

    async def _row(self, capability: Capability) -> StoredRow | None:
        return await self._store.get(Table.CONTROL, _CAPABILITY, escaped(capability))


def _control_row(capability: Capability, entry: ControlEntry) -> Row:
    return {
        "PartitionKey": _CAPABILITY,
        "RowKey": escaped(capability),
        "Mode": entry.mode.value,
        "ChangedBy": entry.changed_by,
        "ChangedAt": entry.changed_at,
        "RequestedBy": entry.requested_by,
    }


def _entry(row: StoredRow) -> ControlEntry:
    columns = Columns(row)
    return ControlEntry(
        mode=columns.one_of("Mode", Mode),
        changed_by=columns.optional_text("ChangedBy"),
        changed_at=columns.optional_moment("ChangedAt"),
        requested_by=columns.optional_text("RequestedBy"),
    )
