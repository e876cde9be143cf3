"""How many events a source has sent in a day: one row per source and day, counted up by ETag."""

import asyncio
from collections import defaultdict
from datetime import date
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.keys import escaped
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import TableStore
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import SourceName
from shared.names import Table

_ATTEMPTS: Final = 20
"""Of a write that other hosts come before; each of them has counted an event of its own."""


class TableVolumes:
    """The port `Volumes`.

    The events that come to one host at a time are counted one after the other, so that only hosts
    get into each other's way.
    """

    def __init__(self, store: TableStore) -> None:
        self._store = store
        self._turns: defaultdict[SourceName, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def take(self, source: SourceName, day: date, most: int) -> bool:
        """Count one more event of the source on this day, unless it has had `most` of them."""
        async with self._turns[source]:
            for _ in range(_ATTEMPTS):
                try:
                    return await self._take(source, day, most)
                except PreconditionFailed:
                    continue
        raise StoreUnavailable("Too many hosts count the events of one source.")

    async def _take(self, source: SourceName, day: date, most: int) -> bool:
        keys = {"PartitionKey": escaped(source), "RowKey": day.isoformat()}
        row = await self._store.get(Table.VOLUMES, keys["PartitionKey"], keys["RowKey"])
        count = 0 if row is None else Columns(row).number("Count")
        if count >= most:
            return False
        wanted: Row = {**keys, "Count": count + 1}
        if row is None:
            await self._store.insert(Table.VOLUMES, wanted)
        else:
            await self._store.replace(Table.VOLUMES, wanted, row.etag)
        return True
