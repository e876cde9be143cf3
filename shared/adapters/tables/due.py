"""What is due, in Table Storage: sixteen partitions, each sorted by time."""

from datetime import UTC, datetime, timedelta
from typing import Final

from shared.adapters.tables.cases import read_case
from shared.adapters.tables.columns import Columns
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.indexes import remove_lines
from shared.adapters.tables.keys import BUCKETS, ascending
from shared.adapters.tables.store import StoredRow, TableStore
from shared.application.ports.cases import DueCase
from shared.domain.cases import CaseState
from shared.domain.errors.storage import UnreadableRow
from shared.domain.ids import CaseId
from shared.names import Table
from shared.telemetry import EventLog

SETTLED: Final = timedelta(seconds=60)
"""How old a due row must be before it may be forgotten, in real time.

Due rows are written before their case. A younger one may belong to a transaction under way, or to
one whose request the store has yet to work off.
"""


_log = EventLog(__name__)


class TableDueCases:
    """The port `DueCases`.

    A row that is postponed stays where it is and bears a later `NotBefore`, so that the case's next
    save removes it like any other.

    Args:
        store: where the rows are.
        settled_after: how old a row must be before it may be forgotten.
    """

    def __init__(self, store: TableStore, *, settled_after: timedelta = SETTLED) -> None:
        self._store = store
        self._settled_after = settled_after

    async def overdue(self, now: datetime, most: int) -> tuple[DueCase, ...]:
        """Up to `most` cases that were due before `now`, the oldest first."""
        # One after the other: of a backlog of thousands, all together would take longer than the
        # store may.
        found = [await self._in_bucket(bucket, now, most) for bucket in BUCKETS]
        rows = sorted((row for rows in found for row in rows), key=lambda row: row.key)
        cases: dict[CaseId, DueCase] = {}
        for row in rows:
            try:
                due = _due_case(row)
            except UnreadableRow as error:
                # It keeps no other case waiting; its own is found by hand, by the log.
                _log.warning("due.unreadable-row", why=error.detail)
                continue
            cases.setdefault(due.case_id, due)
        return tuple(cases.values())[:most]

    async def postpone(self, due: DueCase, until: datetime) -> None:
        """Look at this one again later."""
        partition, key = due.row
        try:
            await self._store.merge(
                Table.DUE, {"PartitionKey": partition, "RowKey": key, "NotBefore": ascending(until)}
            )
        except PreconditionFailed:
            return  # The case has moved on and taken its row along.

    async def forget(self, due: DueCase) -> None:
        """Drop a row that no case stands behind any more, and the lines written with it.

        A row that the case still counts on stays, and so does one that is too young to tell.
        """
        partition, key = due.row
        row = await self._store.get(Table.DUE, partition, key)
        if row is None or datetime.now(UTC) - row.written_at < self._settled_after:
            return
        record = await read_case(self._store, due.case_id)
        if record is not None:
            unpublished = not all(event.published for event in record.events)
            if key == record.marks.due or (key == record.marks.pending and unpublished):
                return
        columns = Columns(row)
        line = columns.text("LineRow")
        if record is None or line != record.marks.line:
            await remove_lines(
                self._store,
                due.case_id,
                columns.one_of("State", CaseState),
                columns.texts("People"),
                line,
            )
        await self._store.delete(Table.DUE, partition, key)

    async def _in_bucket(self, bucket: str, now: datetime, most: int) -> list[StoredRow]:
        return await self._store.find(
            Table.DUE,
            "PartitionKey eq @bucket and RowKey lt @now and NotBefore lt @now",
            {"bucket": bucket, "now": ascending(now)},
            most,
        )


def _due_case(row: StoredRow) -> DueCase:
    columns = Columns(row)
    return DueCase(
        case_id=CaseId(columns.text("CaseId")),
        due_at=columns.moment("DueAt"),
        row=(row.partition, row.key),
    )
