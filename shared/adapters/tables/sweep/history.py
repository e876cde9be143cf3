"""Verdicts that became others, in Table Storage."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.keys import descending
from shared.adapters.tables.store import TableStore
from shared.adapters.tables.sweep.history_rows import (
    MARKS,
    Mark,
    by_partition,
    changes_of,
    changes_row,
    key_of,
    mark_of,
    partition_of,
)
from shared.adapters.tables.sweep.requests import drop, pages, side_by_side
from shared.domain.ids import UserId
from shared.domain.sweep.lines import Change
from shared.domain.sweep.runs import RunId
from shared.domain.sweep.slices import Slice
from shared.names import Table


class TableHistory:
    """The port `History`."""

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def keep(
        self, run_id: RunId, started_at: datetime, part: Slice, changes: Sequence[Change]
    ) -> None:
        """Keep what changed in a part, in place of what this run kept of it before."""
        spread = by_partition(changes)
        wanted = Mark(key_of(run_id, started_at, part), frozenset(spread))
        left = await self._mark(wanted) - wanted.partitions
        await side_by_side(
            partial(self._store.put, Table.HISTORY, changes_row(partition, wanted.key, found))
            for partition, found in spread.items()
        )
        if left:
            await self._drop(wanted.key, left)
            await self._settle(wanted)

    async def of(self, user: UserId, most: int) -> tuple[Change, ...]:
        """What changed for a person, the latest first."""
        values = {"partition": partition_of(user)}
        found: list[Change] = []
        async for rows in pages(self._store, Table.HISTORY, "PartitionKey eq @partition", values):
            found.extend(change for row in rows for change in changes_of(row, user))
            if len(found) >= most:
                break
        return tuple(found[:most])

    async def forget(self, before: datetime, most: int) -> int:
        """Drop up to so many rows of runs that began before; how many were dropped."""
        marks = await self._store.find(
            Table.HISTORY,
            "PartitionKey eq @marks and RowKey gt @end",
            {"marks": MARKS, "end": _last_kept(before)},
            most,
        )
        dropped = 0
        for mark in map(mark_of, marks):
            going = frozenset(sorted(mark.partitions)[: most - dropped])
            await self._drop(mark.key, going)
            await self._settle(replace(mark, partitions=mark.partitions - going))
            dropped += len(going)
            if dropped == most:
                break
        return dropped

    async def _mark(self, wanted: Mark) -> frozenset[str]:
        """Mark where rows are about to be written; return where there may be some already."""
        if wanted.partitions:
            try:
                await self._store.insert(Table.HISTORY, wanted.row)
            except PreconditionFailed:
                pass
            else:
                return frozenset()
        row = await self._store.get(Table.HISTORY, MARKS, wanted.key)
        if row is None:
            return frozenset()
        there = mark_of(row).partitions
        if not wanted.partitions <= there:
            together = replace(wanted, partitions=wanted.partitions | there)
            await self._store.put(Table.HISTORY, together.row)
        return there

    async def _settle(self, mark: Mark) -> None:
        if mark.partitions:
            await self._store.put(Table.HISTORY, mark.row)
        else:
            await self._store.delete(Table.HISTORY, MARKS, mark.key)

    async def _drop(self, key: str, partitions: frozenset[str]) -> None:
        await drop(self._store, Table.HISTORY, [(partition, key) for partition in partitions])


def _last_kept(before: datetime) -> str:
    """Behind it stand the marks of the runs that began before."""
    return f"{descending(before)}`"
