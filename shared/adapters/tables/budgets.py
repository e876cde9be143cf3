"""What flows have used up, in Table Storage: a partition per flow.

In it stand the tally, counted up by ETag; a record per key, written in the same transaction, so
that nothing is counted twice; a line per record by time, so that old ones are found without a scan;
and a row per approval, which stays. One more partition lists the flows.
"""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.adapters.tables.budget_rows import (
    FLOWS,
    TALLY_KEY,
    approval_row,
    flow_of,
    flow_row,
    line_row,
    lines_before,
    partition_of,
    record_key,
    record_of_line,
    record_row,
    tally_of,
    tally_row,
)
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import Operation, StoredRow, TableStore
from shared.application.recent import Recent
from shared.domain.budgets.flows import Flow
from shared.domain.budgets.limits import Allowance
from shared.domain.budgets.tally import Tally, let_go_on, spend
from shared.domain.errors.budgets import NotHeld
from shared.domain.errors.storage import Conflict, StoreUnavailable, UnreadableRow
from shared.names import Table

_MOST_FLOWS: Final = 1000
"""Effects times sources; there are a handful of each."""
_ATTEMPTS: Final = 60
"""Of a write that other hosts come before; each time one of them gets on."""
_LONGEST_PAUSE: Final = 0.05
"""Seconds to stand back after another host came first, so that hosts fall out of step."""
REMEMBERED: Final = 600.0
"""Seconds for which a host asks no more about what was counted: longer than a case is at work."""
_MOST_REMEMBERED: Final = 1000
"""More than the cases that a host works on in that time and that write more than once."""


class TableBudgets:
    """The ports `Budgets` and `SpentRecords`.

    The changes that one host makes at a time are counted one after the other, so that only hosts
    get into each other's way.

    What a host has seen counted it lets through for a while without asking again, held or not, as
    the record does. Records stay for months, so all that can go wrong is that one that is forgotten
    in these minutes holds for so much longer.

    Args:
        store: where the rows are.
        monotonic: a clock in seconds that never goes back; `time.monotonic` in real use.
    """

    def __init__(self, store: TableStore, monotonic: Callable[[], float]) -> None:
        self._store = store
        self._counted: Recent[tuple[Flow, str], bool] = Recent(
            REMEMBERED, _MOST_REMEMBERED, monotonic
        )
        self._turns: defaultdict[Flow, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def spend(self, flow: Flow, key: str, allowance: Allowance, now: datetime) -> bool:
        """Count one more of a flow, unless it is held or by this comes to be."""
        if self._counted.get((flow, key)):
            return True
        began = self._counted.now()
        counted = await self._spend(flow, key, allowance, now)
        if counted:
            self._counted.put((flow, key), counted, at=began)
        return counted

    async def _spend(self, flow: Flow, key: str, allowance: Allowance, now: datetime) -> bool:
        def more(tally: Tally) -> Tally:
            return spend(tally, allowance, now, secrets.token_hex(16))

        async with self._turns[flow]:
            for _ in range(_ATTEMPTS):
                spent, row = await asyncio.gather(
                    self._row(flow, record_key(key)), self._row(flow, TALLY_KEY)
                )
                if spent is not None:
                    return True
                before = _tally(row, flow, now)
                after = more(before)
                if after.hold is not None and after == before.at(now):
                    return False
                counted = after.hold is None
                records = [record_row(flow, key, now), line_row(flow, key, now)]
                if await self._write(after, row, *(records if counted else ())):
                    return counted
                await _stand_back()
        raise Conflict(f"Too many hosts count in the flow {flow.name}.")

    async def tally(self, flow: Flow, now: datetime) -> Tally:
        """A flow as it stands."""
        return _tally(await self._row(flow, TALLY_KEY), flow, now).at(now)

    async def tallies(self, now: datetime) -> tuple[Tally, ...]:
        """Every flow of which anything was ever counted, by name."""
        flows = await self._flows()
        found = await asyncio.gather(*(self.tally(flow, now) for flow in flows))
        return tuple(sorted(found, key=lambda tally: tally.flow.name))

    async def let_go_on(self, flow: Flow, hold_id: str, by: str, now: datetime) -> Tally:
        """Approve as much again, on the record."""
        return await self._change(
            flow, lambda tally: let_go_on(tally, hold_id, by, now), approval=True
        )

    async def note_announced(self, flow: Flow, hold_id: str) -> None:
        """Note that an event has told of a hold."""

        def noted(tally: Tally) -> Tally:
            if tally.hold is None or tally.hold.hold_id != hold_id:
                return tally
            return replace(tally, hold=replace(tally.hold, announced=True))

        await self._change(flow, noted)

    async def forget(self, before: datetime, most: int) -> int:
        """Drop up to `most` records of each flow from before a moment, each line after its own."""
        forgotten = 0
        for flow in await self._flows():
            condition, values = lines_before(flow, before)
            for line in await self._store.find(Table.BUDGETS, condition, values, most):
                await self._store.delete(Table.BUDGETS, line.partition, record_of_line(line))
                await self._store.delete(Table.BUDGETS, line.partition, line.key)
                forgotten += 1
        return forgotten

    async def _change(
        self, flow: Flow, change: Callable[[Tally], Tally], *, approval: bool = False
    ) -> Tally:
        for _ in range(_ATTEMPTS):
            row = await self._row(flow, TALLY_KEY)
            if row is None:
                raise NotHeld(f"Nothing was ever counted in the flow {flow.name}.")
            before = _known(row, flow)
            after = change(before)
            if after == before:
                return after
            beside = [approval_row(before, after)] if approval else []
            if await self._write(after, row, *beside):
                return after
            await _stand_back()
        raise Conflict(f"Too many hosts count in the flow {flow.name}.")

    async def _write(self, tally: Tally, known: StoredRow | None, *beside: Row) -> bool:
        """Write a tally over the one that was read; False where somebody else came first."""
        row = tally_row(tally)
        if known is None:
            await self._store.put(Table.BUDGETS, flow_row(tally.flow))
            first = Operation(kind="create", row=row)
        else:
            first = Operation(kind="update", row=row, etag=known.etag)
        try:
            await self._store.transact(
                Table.BUDGETS, [first, *(Operation(kind="create", row=one) for one in beside)]
            )
        except PreconditionFailed:
            # Or it was our own write, whose answer was lost: the next look shows it.
            return False
        return True

    async def _row(self, flow: Flow, key: str) -> StoredRow | None:
        return await self._store.get(Table.BUDGETS, partition_of(flow), key)

    async def _flows(self) -> list[Flow]:
        rows = await self._store.find(
            Table.BUDGETS, "PartitionKey eq @flows", {"flows": FLOWS}, _MOST_FLOWS
        )
        return [flow_of(row) for row in rows]


def _tally(row: StoredRow | None, flow: Flow, now: datetime) -> Tally:
    return Tally.fresh(flow, now) if row is None else _known(row, flow)


def _known(row: StoredRow, flow: Flow) -> Tally:
    """The tally of a row. Until one that can't be read is mended nothing is counted, or parked.

    Raises:
        StoreUnavailable: it can't be read.
    """
    try:
        return tally_of(row, flow)
    except UnreadableRow as error:
        raise StoreUnavailable(f"What {flow.name} used up can't be read: {error.detail}") from error


async def _stand_back() -> None:
    pause = secrets.randbelow(1000) / 1000 * _LONGEST_PAUSE
    await asyncio.sleep(pause)
