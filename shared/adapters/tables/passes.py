"""What is kept about passes in Table Storage: collections under way, and counts. Never a pass."""

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.keys import ascending, escaped
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow, TableStore
from shared.domain.errors.passes import TooManyPasses
from shared.domain.errors.storage import Conflict
from shared.domain.ids import CaseId, UserId
from shared.domain.passes.given import Collection
from shared.names import Table

_COLLECTIONS: Final = "collection"
_COUNTS: Final = "count"
_HOUR: Final = timedelta(hours=1)
_MOST_ROUNDS: Final = 20
"""How often a count is read again because somebody else was faster."""


class TableCollections:
    """The port `Collections`: one partition, because they are few and short-lived."""

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def put(self, collection: Collection) -> None:
        """Keep a record, in place of the one there may be."""
        await self._store.put(
            Table.PASSES,
            {
                "PartitionKey": _COLLECTIONS,
                "RowKey": collection.case_id,
                "UserId": collection.user_id,
                "By": collection.by,
                "BegunAt": collection.begun_at,
                "EndsAt": collection.ends_at,
                "GoneSince": collection.gone_since,
            },
        )

    async def get(self, case_id: CaseId) -> Collection | None:
        """The record of a case."""
        row = await self._store.get(Table.PASSES, _COLLECTIONS, case_id)
        return None if row is None else _collection(row)

    async def remove(self, case_id: CaseId) -> None:
        """Drop a record; one that is gone already is no error."""
        await self._store.delete(Table.PASSES, _COLLECTIONS, case_id)

    async def unfinished(self, most: int) -> tuple[Collection, ...]:
        """Up to `most` records."""
        rows = await self._store.find(
            Table.PASSES, "PartitionKey eq @collections", {"collections": _COLLECTIONS}, most
        )
        return tuple(map(_collection, rows))


class TablePassCounts:
    """The port `PassCounts`: a row per person with the moments of the last hour."""

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def take(self, by: str, now: datetime, most: int) -> None:
        """Count one more, unless the person has had so many in the hour before `now`."""
        ours = secrets.token_hex(8)
        for _ in range(_MOST_ROUNDS):
            row = await self._store.get(Table.PASSES, _COUNTS, escaped(by))
            if row is not None and Columns(row).text("Write") == ours:
                return  # Our own write, whose answer was lost.
            moments = [] if row is None else _within_the_hour(row, now)
            if len(moments) >= most:
                again = datetime.fromisoformat(min(moments)) + _HOUR
                raise TooManyPasses(
                    f"{len(moments)} passes were collected in the last hour; that is the most.",
                    retry_after=again - now,
                )
            wanted = _count_row(by, [*moments, ascending(now)], ours)
            try:
                if row is None:
                    await self._store.insert(Table.PASSES, wanted)
                else:
                    await self._store.replace(Table.PASSES, wanted, row.etag)
            except PreconditionFailed:
                continue
            return
        raise Conflict("Too many passes are being collected at once.")


def _collection(row: StoredRow) -> Collection:
    columns = Columns(row)
    return Collection(
        case_id=CaseId(row.key),
        user_id=UserId(columns.text("UserId")),
        by=columns.text("By"),
        begun_at=columns.moment("BegunAt"),
        ends_at=columns.moment("EndsAt"),
        gone_since=columns.optional_moment("GoneSince"),
    )


def _count_row(by: str, moments: list[str], write: str) -> Row:
    return {
        "PartitionKey": _COUNTS,
        "RowKey": escaped(by),
        "Moments": json.dumps(moments),
        "Write": write,
    }


def _within_the_hour(row: StoredRow, now: datetime) -> list[str]:
    since = ascending(now.astimezone(UTC) - _HOUR)
    return [moment for moment in Columns(row).texts("Moments") if moment > since]
