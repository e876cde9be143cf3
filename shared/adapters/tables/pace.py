"""Whose turn it is within a limit: one row per limit with the last turns, changed by ETag."""

import asyncio
import secrets
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.keys import escaped
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow, TableStore
from shared.application.ports.clock import Clock
from shared.domain.errors.directory import Throttled
from shared.domain.errors.storage import StoreUnavailable, UnreadableRow
from shared.domain.sweep.pace import Limit, Turn, next_turn
from shared.names import Table

LONGEST_WAIT: Final = timedelta(seconds=30)
"""For a turn. Whoever would wait longer does something else meanwhile."""
_KEY: Final = "turns"
_ATTEMPTS: Final = 60
"""Of a write that other hosts come before; each time one of them gets a turn."""
_LONGEST_PAUSE: Final = 0.05
"""Seconds to stand back after another host came first, so that hosts fall out of step."""


class TablePace:
    """The port `Pace`.

    Those on one host take their turns one after the other, so that only hosts get into each other's
    way. A write whose answer was lost may take a turn that nobody uses.

    Args:
        store: where the rows are.
        clock: tells the time that is stored, and waits.
        scale: multiplies the time of every limit (tests and benchmarks).
        longest: how long anybody waits for a turn.
    """

    def __init__(
        self,
        store: TableStore,
        clock: Clock,
        *,
        scale: float = 1.0,
        longest: timedelta = LONGEST_WAIT,
    ) -> None:
        self._store = store
        self._clock = clock
        self._scale = scale
        self._longest = longest
        self._queues: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def wait(self, limit: Limit) -> None:
        """Wait until a request that falls under this limit may go."""
        at = await self._turn(limit.scaled(self._scale))
        pause = (at - self._clock.now()).total_seconds()
        if pause > 0:
            await self._clock.sleep(pause)

    async def _turn(self, limit: Limit) -> datetime:
        async with self._queues[limit.name]:
            for _ in range(_ATTEMPTS):
                row = await self._store.get(Table.BUCKETS, escaped(limit.name), _KEY)
                turn = next_turn(limit, _taken(row), self._clock.now(), self._longest)
                if not isinstance(turn, Turn):
                    raise Throttled(
                        f"Too many wait for their turn: {limit.name}.", retry_after=turn
                    )
                try:
                    await self._write(limit, turn, row)
                except PreconditionFailed:
                    await asyncio.sleep(secrets.randbelow(1000) / 1000 * _LONGEST_PAUSE)
                else:
                    return turn.at
        raise StoreUnavailable(f"Too many hosts want a turn: {limit.name}.")

    async def _write(self, limit: Limit, turn: Turn, known: StoredRow | None) -> None:
        taken = msgspec.json.encode([moment.isoformat() for moment in turn.taken]).decode()
        row: Row = {"PartitionKey": escaped(limit.name), "RowKey": _KEY, "Taken": taken}
        if known is None:
            await self._store.insert(Table.BUCKETS, row)
        else:
            await self._store.replace(Table.BUCKETS, row, known.etag)


def _taken(row: StoredRow | None) -> list[datetime]:
    """The turns in a row. One that can't be read holds none: it is about seconds, and goes by."""
    if row is None:
        return []
    try:
        found = [datetime.fromisoformat(moment) for moment in Columns(row).texts("Taken")]
    except (UnreadableRow, ValueError):
        return []
    return [moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in found]
