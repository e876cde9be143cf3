"""The control rows in Table Storage: one per capability, one per source that was ever suspended."""

from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.keys import escaped
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow, TableStore
from shared.domain.control import LET_IN, Capability, ControlEntry, Mode
from shared.domain.errors.storage import Conflict
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

    async def entry(self, subject: Capability | SourceName) -> ControlEntry:
        """The row as it stands at the store; without one, what holds on a new deployment."""
        row = await self._row(subject)
        return _default(subject) if row is None else _entry(row)

    async def replace(
        self, subject: Capability | SourceName, old: ControlEntry, new: ControlEntry
    ) -> None:
        """Write a row that was read as `old`.

        Raises:
            Conflict: somebody changed it meanwhile.
        """
        row = await self._row(subject)
        if (_default(subject) if row is None else _entry(row)) != old:
            raise Conflict(f"The control row of {subject} changed since it was read.")
        wanted = _control_row(subject, new)
        try:
            if row is None:
                await self._store.insert(Table.CONTROL, wanted)
            else:
                await self._store.replace(Table.CONTROL, wanted, row.etag)
        except PreconditionFailed:
            if await self.entry(subject) != new:
                raise Conflict(f"The control row of {subject} was just changed.") from None

    async def sources(self) -> dict[SourceName, ControlEntry]:
        """The rows of all sources that have one."""
        rows = await self._store.find(
            Table.CONTROL, "PartitionKey eq @source", {"source": _SOURCE}, _MOST_SOURCES
        )
        return {SourceName(Columns(row).text("Name")): _entry(row) for row in rows}

    async def _row(self, subject: Capability | SourceName) -> StoredRow | None:
        return await self._store.get(Table.CONTROL, _partition(subject), escaped(subject))


def _partition(subject: Capability | SourceName) -> str:
    return _CAPABILITY if isinstance(subject, Capability) else _SOURCE


def _default(subject: Capability | SourceName) -> ControlEntry:
    return ControlEntry() if isinstance(subject, Capability) else LET_IN


def _control_row(subject: Capability | SourceName, entry: ControlEntry) -> Row:
    return {
        "PartitionKey": _partition(subject),
        "RowKey": escaped(subject),
        "Name": str(subject),
        "Mode": entry.mode.value,
        "ChangedBy": entry.changed_by,
        "ChangedAt": entry.changed_at,
        "RequestedBy": entry.requested_by,
        "RequestedAt": entry.requested_at,
    }


def _entry(row: StoredRow) -> ControlEntry:
    columns = Columns(row)
    return ControlEntry(
        mode=columns.one_of("Mode", Mode),
        changed_by=columns.optional_text("ChangedBy"),
        changed_at=columns.optional_moment("ChangedAt"),
        requested_by=columns.optional_text("RequestedBy"),
        requested_at=columns.optional_moment("RequestedAt"),
    )
