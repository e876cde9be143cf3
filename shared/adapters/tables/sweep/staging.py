"""Rows between reading and judging, in Table Storage: a partition per part of the tenant."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain

from shared.adapters.tables.keys import escaped
from shared.adapters.tables.store import StoredRow, TableStore
from shared.adapters.tables.sweep.packing import (
    BEHIND,
    PAST,
    content_of_rows,
    packed,
    packed_rows,
    stem_of,
)
from shared.adapters.tables.sweep.requests import drop_all, rows_between, side_by_side
from shared.adapters.tables.sweep.staged_form import STAGED
from shared.application.ports.runs import Staged
from shared.domain.sweep.runs import RunId
from shared.domain.sweep.slices import Slice
from shared.names import Table


class TableStaging:
    """The port `Staging`."""

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def keep(self, run_id: RunId, chunk: str, rows: Mapping[Slice, Staged]) -> None:
        """Keep a chunk: the rows of each part of the tenant, side by side."""
        await side_by_side(
            partial(self._keep, run_id, chunk, part, staged)
            for part, staged in rows.items()
            if staged != Staged()
        )

    async def read(self, run_id: RunId, part: Slice, chunks: Sequence[str]) -> Staged:
        """The rows of a part, of these chunks alone, in their order, each once."""
        stems = list(dict.fromkeys(map(escaped, chunks)))
        if not stems:
            return Staged()
        found: dict[str, list[StoredRow]] = defaultdict(list)
        for row in await rows_between(
            self._store,
            Table.STAGING,
            _partition(run_id, part),
            min(f"{stem}{BEHIND}" for stem in stems),
            max(f"{stem}{PAST}" for stem in stems),
        ):
            found[stem_of(row)].append(row)
        read = [content_of_rows(found[stem], STAGED) for stem in stems if stem in found]
        return Staged(
            people=tuple(chain.from_iterable(one.people for one in read)),
            registrations=tuple(chain.from_iterable(one.registrations for one in read)),
            members=tuple(chain.from_iterable(one.members for one in read)),
        )

    async def forget(self, run_id: RunId) -> None:
        """Drop everything of a run."""
        run = escaped(run_id)
        await drop_all(
            self._store,
            Table.STAGING,
            "PartitionKey ge @first and PartitionKey lt @end",
            {"first": f"{run}{BEHIND}", "end": f"{run}{PAST}"},
        )

    async def _keep(self, run_id: RunId, chunk: str, part: Slice, staged: Staged) -> None:
        for row in packed_rows(
            _partition(run_id, part), escaped(chunk), STAGED, packed(STAGED, staged)
        ):
            await self._store.put(Table.STAGING, row)


def _partition(run_id: RunId, part: Slice) -> str:
    return f"{escaped(run_id)}{BEHIND}{part}"
