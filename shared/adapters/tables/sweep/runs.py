"""The runs of the sweep in Table Storage."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.store import Operation, StoredRow, TableStore
from shared.adapters.tables.sweep.editions import keep_edition, rows_of_edition
from shared.adapters.tables.sweep.packing import content_of_rows
from shared.adapters.tables.sweep.requests import drop, drop_all
from shared.adapters.tables.sweep.run_rows import (
    CURRENT,
    NEWEST,
    NEWEST_END,
    RUNS,
    TENANT,
    began_at,
    current_row,
    is_running,
    is_token,
    line_key,
    line_row,
    named_by,
    older_than,
    run_key,
    run_row,
    stored_run,
    tenant_partition,
)
from shared.application.ports.runs import StoredRun
from shared.domain.errors.requests import InvalidRequest
from shared.domain.errors.storage import Conflict, UnreadableRow
from shared.domain.errors.sweep import RunInProgress
from shared.domain.sweep.runs import Run, RunId, RunState
from shared.domain.sweep.tenant import TenantReading
from shared.names import Table
from shared.telemetry import EventLog

_ATTEMPTS: Final = 10
"""To begin a run. Each time another worker has changed the one that went on, or begun its own."""

_log = EventLog(__name__)


class TableRuns:
    """The port `Runs`."""

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def begin(self, run: Run, *, given_up_before: datetime) -> StoredRun:
        """Store a new run, which is then the one that goes on.

        All of it is one transaction, so that who dies leaves nothing half done.
        """
        for _ in range(_ATTEMPTS):
            current = await self._store.get(Table.RUNS, RUNS, CURRENT)
            other = None if current is None else await self._row(named_by(current))
            begun = [
                Operation(kind="create", row=run_row(run)),
                Operation(kind="create", row=line_row(run)),
                _naming(run, current),
                *_giving_up(run, other, given_up_before),
            ]
            try:
                etags = await self._store.transact(Table.RUNS, begun)
            except PreconditionFailed:
                stored = await self.load(run.run_id)
            else:
                return StoredRun(run=run, version=etags[0])
            if stored is not None and stored.run == run:
                # Our own write, whose answer was lost.
                return stored
            if stored is not None:
                raise RunInProgress(f"Run {run.run_id} has begun already.")
        raise RunInProgress("Others begin runs all the time.")

    async def load(self, run_id: RunId) -> StoredRun | None:
        """A run; None where there is none of this id."""
        row = await self._row(run_id)
        return None if row is None else stored_run(row)

    async def save(self, stored: StoredRun, run: Run) -> StoredRun:
        """Store how far a run is.

        Raises:
            Conflict: another worker has stored it since it was read, or it is forgotten.
        """
        try:
            etag = await self._store.replace(Table.RUNS, run_row(run), stored.version)
        except PreconditionFailed:
            found = await self.load(run.run_id)
            if found is not None and found.run == run:
                return found
            raise Conflict(f"Run {run.run_id} changed since it was read.") from None
        return StoredRun(run=run, version=etag)

    async def newest(self, token: str | None, most: int) -> tuple[Sequence[Run], str | None]:
        """A page of runs, newest first, and the token of the next page.

        Raises:
            InvalidRequest: the token is none of ours.
        """
        if token is not None and not is_token(token):
            raise InvalidRequest("The token is not one that a page of this list ended with.")
        lines = await self._store.find(
            Table.RUNS,
            "PartitionKey eq @runs and RowKey gt @after and RowKey lt @end",
            {"runs": RUNS, "after": token or NEWEST, "end": NEWEST_END},
            most + 1,
        )
        shown = lines[:most]
        found = await asyncio.gather(*(self._listed(named_by(line)) for line in shown))
        runs = [run for run in found if run is not None]
        return runs, shown[-1].key if len(lines) > most else None

    async def old(self, before: datetime, most: int) -> Sequence[RunId]:
        """Up to so many runs that began before; by the list alone, for a run may be unreadable."""
        lines = await self._store.find(
            Table.RUNS,
            "PartitionKey eq @runs and RowKey gt @before and RowKey lt @end",
            {"runs": RUNS, "before": older_than(before), "end": NEWEST_END},
            most,
        )
        return [named_by(line) for line in lines]

    async def _listed(self, run_id: RunId) -> Run | None:
        """A run of the list; one that can't be read must not keep the others from being seen."""
        try:
            stored = await self.load(run_id)
        except UnreadableRow as error:
            _log.warning("run.unreadable", run_id=run_id, code=error.code)
            return None
        return None if stored is None else stored.run

    async def keep_tenant(self, run_id: RunId, reading: TenantReading) -> str:
        """Keep what a worker has read of the tenant for a run, and say what it is called."""
        partition = tenant_partition(run_id)
        return await keep_edition(self._store, Table.RUNS, partition, TENANT, reading)

    async def tenant(self, run_id: RunId, reading: str) -> TenantReading | None:
        """What was read of the tenant under this name; None where nothing was kept."""
        partition = tenant_partition(run_id)
        rows = await rows_of_edition(self._store, Table.RUNS, partition, reading)
        return content_of_rows(rows, TENANT) if rows else None

    async def forget(self, run_id: RunId) -> None:
        """Drop a run and what it has read of the tenant; as long as that is left it is listed."""
        partition = tenant_partition(run_id)
        await drop_all(
            self._store, Table.RUNS, "PartitionKey eq @partition", {"partition": partition}
        )
        row = await self._row(run_id)
        if row is not None:
            line = line_key(run_id, began_at(row))
            await drop(self._store, Table.RUNS, [(RUNS, row.key), (RUNS, line)])

    async def _row(self, run_id: RunId) -> StoredRow | None:
        return await self._store.get(Table.RUNS, RUNS, run_key(run_id))


def _naming(run: Run, current: StoredRow | None) -> Operation:
    if current is None:
        return Operation(kind="create", row=current_row(run))
    return Operation(kind="update", row=current_row(run), etag=current.etag)


def _giving_up(run: Run, row: StoredRow | None, given_up_before: datetime) -> list[Operation]:
    """What becomes of the run that went on until now.

    Raises:
        RunInProgress: it still does.
    """
    if row is None or row.key == run_key(run.run_id) or not is_running(row):
        return []
    if began_at(row) >= given_up_before:
        raise RunInProgress(f"The run that began at {began_at(row).isoformat()} goes on.")
    try:
        other = stored_run(row).run
    except UnreadableRow as error:
        # What can't be read must not keep every later run from beginning.
        _log.warning("run.unreadable", row=row.key, code=error.code)
        return []
    failed = other.ended(RunState.FAILED, run.started_at)
    return [Operation(kind="update", row=run_row(failed), etag=row.etag)]
