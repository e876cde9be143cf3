"""What runs found about everybody, in the table `Posture`.

The totals of a run stand in one partition, so that one query finds them. The row of a part also
names the editions of its lines and of its changes, which stand in a partition of their own.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.keys import escaped
from shared.adapters.tables.store import StoredRow, TableStore
from shared.adapters.tables.sweep.changes_form import CHANGES
from shared.adapters.tables.sweep.editions import edition_of, keep_edition
from shared.adapters.tables.sweep.lines_form import LINES
from shared.adapters.tables.sweep.packing import BEHIND, PAST, content_of, packed_columns
from shared.adapters.tables.sweep.requests import drop_all, pages
from shared.adapters.tables.sweep.totals_form import TOTALS
from shared.domain.sweep.lines import Change, Line
from shared.domain.sweep.runs import RunId
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.totals import Totals
from shared.names import Table


class TableSnapshots:
    """The port `Snapshots`."""

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def keep(
        self,
        run_id: RunId,
        part: Slice,
        lines: Sequence[Line],
        totals: Totals,
        changes: Sequence[Change] = (),
    ) -> None:
        """Keep what a run found about the people of a part, in place of what it kept before."""
        partition = _partition(run_id, part)
        in_order = sorted(lines, key=lambda line: line.user_id)
        edition = await keep_edition(self._store, Table.POSTURE, partition, LINES, in_order)
        changed: str | None = None
        if changes:
            changed = await keep_edition(self._store, Table.POSTURE, partition, CHANGES, changes)
        await self._store.put(
            Table.POSTURE,
            {
                "PartitionKey": escaped(run_id),
                "RowKey": str(part),
                "Number": part.number,
                "Of": part.of,
                "Edition": edition,
                "Changes": changed,
                **packed_columns(TOTALS, totals),
            },
        )

    async def lines(self, run_id: RunId, part: Slice) -> tuple[Line, ...]:
        """What it found about them, by user id; nothing where it kept nothing."""
        head = await self._store.get(Table.POSTURE, escaped(run_id), str(part))
        if head is None:
            return ()
        partition, columns = _partition(run_id, part), Columns(head)
        found = await edition_of(self._store, Table.POSTURE, partition, LINES, columns)
        return tuple(found)

    async def changes(self, run_id: RunId, part: Slice) -> tuple[Change, ...]:
        """What it found changed in a part; nothing where it kept nothing."""
        head = await self._store.get(Table.POSTURE, escaped(run_id), str(part))
        if head is None or not Columns(head).has("Changes"):
            return ()
        partition, columns = _partition(run_id, part), Columns(head)
        found = await edition_of(
            self._store, Table.POSTURE, partition, CHANGES, columns, named="Changes"
        )
        return tuple(found)

    async def judged(self, run_id: RunId) -> AbstractSet[Slice]:
        """The parts that were judged. Each part asks it; so nothing is unpacked."""
        return {_part(row) async for row in self._heads(run_id)}

    async def totals(self, run_id: RunId) -> Mapping[Slice, Totals]:
        """The totals of the parts that were judged."""
        return {_part(row): content_of(Columns(row), TOTALS) async for row in self._heads(run_id)}

    async def _heads(self, run_id: RunId) -> AsyncIterator[StoredRow]:
        values = {"run": escaped(run_id)}
        async for rows in pages(self._store, Table.POSTURE, "PartitionKey eq @run", values):
            for row in rows:
                yield row

    async def forget(self, run_id: RunId) -> None:
        """Drop everything of a run, the totals first, so that no part has lost its lines."""
        run = escaped(run_id)
        await drop_all(self._store, Table.POSTURE, "PartitionKey eq @run", {"run": run})
        await drop_all(
            self._store,
            Table.POSTURE,
            "PartitionKey ge @first and PartitionKey lt @end",
            {"first": f"{run}{BEHIND}", "end": f"{run}{PAST}"},
        )


def _partition(run_id: RunId, part: Slice) -> str:
    return f"{escaped(run_id)}{BEHIND}{part}"


def _part(row: StoredRow) -> Slice:
    columns = Columns(row)
    return Slice(columns.number("Number"), columns.number("Of"))
