"""How many requests a sweep makes of the store: they cost time, and there are very many people."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shared.adapters.tables.ledger import TableLedger
from shared.adapters.tables.store import TableStore
from shared.adapters.tables.sweep.history import TableHistory
from shared.adapters.tables.sweep.runs import TableRuns
from shared.adapters.tables.sweep.snapshots import TableSnapshots
from shared.adapters.tables.sweep.staging import TableStaging
from shared.application.ports.runs import Staged
from shared.domain.ledger import Doing, LedgerEntry
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.runs import RunId, RunState
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.totals import InDepartment, Totals
from tests.contract.sweep_samples import a_change, a_line, a_run, a_user, days, staged
from tests.stands.transport import BreakableTransport

RUN = RunId("20261122T020000Z-4f9c")
PART = Slice(3, 8)


@pytest.fixture
async def transport() -> BreakableTransport:
    """Counts."""
    return BreakableTransport()


@pytest.fixture
async def counted(tables: str, transport: BreakableTransport) -> AsyncIterator[TableStore]:
    """A store whose requests are counted, with the patience that it has by default."""
    async with TableStore.from_connection_string(tables, transport=transport) as store:
        yield store


async def test_a_chunk_takes_a_request_for_each_part_that_has_rows(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """Side by side; a part without rows takes none."""
    parts = {Slice(number, 16): staged(number) for number in range(12)}
    transport.let_meet(12)
    async with asyncio.timeout(20):
        await TableStaging(counted).keep(RUN, "c1", {**parts, Slice(13, 16): Staged()})
    assert transport.requests == ["PUT Staging"] * 12


async def test_so_many_parts_are_written_side_by_side(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """Sixteen at a time, and all 256 in the end."""
    parts = {Slice(number, 256): staged(number) for number in range(256)}
    transport.let_meet(16)
    async with asyncio.timeout(20):
        await TableStaging(counted).keep(RUN, "c1", parts)
    assert transport.requests == ["PUT Staging"] * 256


async def test_the_chunks_of_a_part_are_read_in_one_request(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """However many they are, as long as one answer holds them; no chunks take none."""
    staging = TableStaging(counted)
    chunks = [f"people-{number:04d}" for number in range(60)]
    for chunk in chunks:
        await staging.keep(RUN, chunk, {PART: staged(1)})
    transport.requests.clear()
    assert len((await staging.read(RUN, PART, chunks)).people) == 60
    assert transport.requests == ["GET Staging"]
    transport.requests.clear()
    assert await staging.read(RUN, PART, []) == Staged()
    assert transport.requests == []


async def test_the_ledger_of_a_part_is_read_in_one_request(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """Whoever is in it, and not by asking for each person."""
    ledger = TableLedger(counted)
    people = [a_user(number, "6") for number in range(40)]
    await ledger.keep(
        [
            LedgerEntry(entry_id=f"{user}", user_id=user, at=days(0), doing=Doing.CREATED)
            for user in people
        ]
    )
    transport.requests.clear()
    assert (await ledger.of_part(PART)).keys() == set(people)
    assert await ledger.of_part(Slice(0, 8)) == {}
    assert transport.requests == ["GET Ledger"] * 2


async def test_what_is_staged_is_forgotten_by_the_hundred(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """One request finds a thousand rows, one drops a hundred of a part."""
    staging = TableStaging(counted)
    for number in range(120):
        await staging.keep(RUN, f"c{number:03d}", {PART: staged(1), Slice(4, 8): staged(2)})
    transport.requests.clear()
    await staging.forget(RUN)
    assert transport.requests == ["GET Staging", *["POST $batch"] * 4]


async def test_the_totals_of_a_run_are_one_request(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """Of all 256 parts, and nothing is scanned."""
    snapshots = TableSnapshots(counted)
    totals = Totals(
        departments=Counter({InDepartment(f"Department {n}", Verdict.WEAK): n for n in range(300)})
    )
    for number in range(256):
        await snapshots.keep(RUN, Slice(number, 256), [], totals)
    transport.requests.clear()
    assert len(await snapshots.totals(RUN)) == 256
    assert len(await snapshots.judged(RUN)) == 256
    assert transport.requests == ["GET Posture", "GET Posture"]


async def test_lines_are_two_requests(counted: TableStore, transport: BreakableTransport) -> None:
    """What counts, and the lines: to keep them as well as to read them."""
    snapshots = TableSnapshots(counted)
    lines = [a_line(number) for number in range(4_000)]
    await snapshots.keep(RUN, PART, lines, Totals())
    await snapshots.lines(RUN, PART)
    assert transport.requests == ["PUT Posture", "PUT Posture", "GET Posture", "GET Posture"]


async def test_a_run_takes_few_requests(counted: TableStore, transport: BreakableTransport) -> None:
    """To begin one is to look what goes on and to write all at once; to save one is to write it."""
    runs = TableRuns(counted)
    begun = await runs.begin(a_run(1), given_up_before=days(0))
    assert transport.requests == ["GET Runs", "POST $batch"]
    transport.requests.clear()
    await runs.save(begun, replace(begun.run, state=RunState.COMPLETED))
    assert transport.requests == ["PUT Runs"]
    transport.requests.clear()
    await runs.begin(a_run(2), given_up_before=days(0))
    assert transport.requests == ["GET Runs", "GET Runs", "POST $batch"]
    transport.requests.clear()
    await runs.newest(None, 2)
    assert transport.requests == ["GET Runs"] * 3


async def test_changes_take_a_request_for_each_partition_that_has_some(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """And one for the mark. A night without changes takes one, and a person's history one."""
    history, at = TableHistory(counted), days(1)
    changes = [a_change(a_user(number, f"{number % 5:02x}"), at) for number in range(40)]
    await history.keep(RUN, at, Slice(0, 1), changes)
    assert Counter(transport.requests) == {"POST History": 1, "PUT History": 5}
    transport.requests.clear()
    await history.keep(RUN, at, Slice(1, 2), [])
    assert transport.requests == ["GET History"]
    transport.requests.clear()
    assert await history.of(changes[7].user_id, 10) == (changes[7],)
    assert transport.requests == ["GET History"]


async def test_old_changes_are_found_by_their_marks(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """No partition is looked at that has nothing to drop."""
    history = TableHistory(counted)
    for night in (1, 2, 3):
        at = days(night)
        users = [a_user(night, "00"), a_user(night, "ff")]
        changes = [a_change(user, at) for user in users]
        await history.keep(a_run(night).run_id, at, Slice(0, 1), changes)
    transport.requests.clear()
    assert await history.forget(days(3), 100) == 4
    assert Counter(transport.requests) == {"GET History": 1, "DELETE History": 6}
