"""The contract of the ports `Budgets` and `SpentRecords`."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.tables.budgets import REMEMBERED, TableBudgets
from shared.adapters.tables.store import TableStore
from shared.application.ports.budgets import Budgets
from shared.domain.budgets.flows import Budget, Flow
from shared.domain.budgets.limits import Allowance
from shared.domain.budgets.tally import Hold, Tally
from shared.domain.errors.budgets import NotHeld
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import SourceName
from shared.names import Table
from tests.contract.patience import patient
from tests.fakes.budgets import FakeBudgets
from tests.properties.clock import WorldClock
from tests.stands.transport import BreakableTransport

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
LEAVERS = Flow(Budget.LEAVER, SourceName("contoso-hr"))
PASSES = Flow(Budget.PASS, SourceName("people"))
THREE = Allowance(per_hour=3, per_day=5)
Counted = tuple[TableBudgets, BreakableTransport]


@pytest.fixture
def clock() -> WorldClock:
    """By which a host remembers."""
    return WorldClock()


@pytest.fixture(params=["fake", "tables"])
def budgets(request: pytest.FixtureRequest, clock: WorldClock) -> FakeBudgets | TableBudgets:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeBudgets()
    return TableBudgets(request.getfixturevalue("store"), clock.monotonic)


@pytest.fixture
async def counted(tables: str, clock: WorldClock) -> AsyncIterator[Counted]:
    """A host, and what it asks of the store."""
    transport = BreakableTransport()
    async with TableStore.from_connection_string(
        tables, transport=transport, patience=patient()
    ) as store:
        yield TableBudgets(store, clock.monotonic), transport


async def spend(budgets: Budgets, *keys: str, now: datetime = NOW) -> list[bool]:
    """Which of these were counted, or had been."""
    return [await budgets.spend(LEAVERS, key, THREE, now) for key in keys]


async def held(budgets: Budgets) -> Tally:
    """The flow after one change more than is allowed."""
    assert await spend(budgets, "1", "2", "3", "4") == [True, True, True, False]
    return await budgets.tally(LEAVERS, NOW)


async def held_now(budgets: Budgets) -> Hold:
    """The hold that there is."""
    hold = (await budgets.tally(LEAVERS, NOW)).hold
    assert hold is not None
    return hold


async def test_what_is_over_the_allowance_holds_the_flow(budgets: Budgets) -> None:
    """As many as are allowed pass; the next one begins a hold, which tells what was used up."""
    tally = await held(budgets)
    assert tally.hold is not None
    assert (tally.hold.since, tally.hold.allowance) == (NOW, THREE)
    assert not tally.hold.announced
    assert (tally.hour.used, tally.day.used) == (3, 3)


async def test_a_repetition_is_not_counted_and_passes(budgets: Budgets) -> None:
    """What was counted may have been done, so it goes on, held or not, and counts once."""
    assert await spend(budgets, "1", "1", "1", "2") == [True, True, True, True]
    assert (await budgets.tally(LEAVERS, NOW)).hour.used == 2
    assert await spend(budgets, "3", "4", "1") == [True, False, True]


async def test_flows_are_counted_apart(budgets: Budgets) -> None:
    """A hold of one flow is none of another, and each is listed."""
    await held(budgets)
    assert await budgets.spend(PASSES, "1", THREE, NOW)
    found = {tally.flow: tally.hour.used for tally in await budgets.tallies(NOW)}
    assert found == {LEAVERS: 3, PASSES: 1}


async def test_a_hold_outlasts_the_hour(budgets: Budgets) -> None:
    """Nothing but an approval ends it; the counts begin anew all the same."""
    tally = await held(budgets)
    tomorrow = NOW + timedelta(days=1)
    assert await spend(budgets, "5", now=tomorrow) == [False]
    later = await budgets.tally(LEAVERS, tomorrow)
    assert (later.hold, later.hour.used, later.day.used) == (tally.hold, 0, 0)


async def test_without_a_hold_the_next_hour_and_the_next_day_begin_with_nothing(
    budgets: Budgets,
) -> None:
    """The day goes on counting through its hours."""
    assert await spend(budgets, "1", "2", "3") == [True] * 3
    next_hour = NOW + timedelta(hours=1)
    assert await spend(budgets, "4", "5", now=next_hour) == [True] * 2
    tally = await budgets.tally(LEAVERS, next_hour)
    assert (tally.hour.used, tally.day.used) == (2, 5)
    tomorrow = NOW + timedelta(days=1)
    assert await spend(budgets, "6", now=tomorrow) == [True]


async def test_an_approval_allows_as_much_again(budgets: Budgets) -> None:
    """After it the flow goes on to the next hold, and who approved is told."""
    hold = (await held(budgets)).hold
    assert hold is not None
    after = await budgets.let_go_on(LEAVERS, hold.hold_id, "approver", NOW)
    assert after.hold is None
    assert after.leave is not None
    assert (after.leave.by, after.leave.at, after.leave.hold_id) == ("approver", NOW, hold.hold_id)
    assert await budgets.tally(LEAVERS, NOW) == after
    assert await spend(budgets, "4", "5", "6") == [True, True, False]
    again = (await budgets.tally(LEAVERS, NOW)).hold
    assert again is not None
    assert again.hold_id != hold.hold_id


async def test_an_approval_is_bound_to_its_hold(budgets: Budgets) -> None:
    """Nobody approves a hold that they have not seen; the same word twice is said once."""
    with pytest.raises(NotHeld):
        await budgets.let_go_on(LEAVERS, "0" * 32, "approver", NOW)
    hold = (await held(budgets)).hold
    assert hold is not None
    with pytest.raises(NotHeld):
        await budgets.let_go_on(LEAVERS, "f" * 32, "approver", NOW)
    first = await budgets.let_go_on(LEAVERS, hold.hold_id, "approver", NOW)
    assert await budgets.let_go_on(LEAVERS, hold.hold_id, "another", NOW) == first


async def test_a_hold_is_announced_once(budgets: Budgets) -> None:
    """That it was told stays with it, and another hold has to be told anew."""
    hold = (await held(budgets)).hold
    assert hold is not None
    await budgets.note_announced(LEAVERS, "f" * 32)
    assert not (await held_now(budgets)).announced
    await budgets.note_announced(LEAVERS, hold.hold_id)
    assert (await held_now(budgets)).announced
    await budgets.let_go_on(LEAVERS, hold.hold_id, "approver", NOW)
    await budgets.note_announced(LEAVERS, hold.hold_id)
    await spend(budgets, "4", "5", "6")
    assert not (await held_now(budgets)).announced


async def test_old_records_are_forgotten(
    budgets: FakeBudgets | TableBudgets, clock: WorldClock
) -> None:
    """So many at a time, and only those; what was forgotten counts anew."""
    await spend(budgets, "1", "2")
    later = NOW + timedelta(days=1)
    clock.advance(timedelta(days=1))
    await spend(budgets, "3", now=later)
    assert [await budgets.forget(later, 1) for _ in range(3)] == [1, 1, 0]
    assert await spend(budgets, "1", "3", now=later) == [True, True]
    assert (await budgets.tally(LEAVERS, later)).day.used == 2


async def test_of_many_at_once_no_more_pass(budgets: Budgets) -> None:
    """Changes that come side by side never pass the allowance together."""
    passed = await asyncio.gather(*(budgets.spend(LEAVERS, str(n), THREE, NOW) for n in range(20)))
    assert sum(passed) == 3


async def test_sixteen_hosts_count_together(store: TableStore, clock: WorldClock) -> None:
    """Hosts that know nothing of each other count each change once, and none too many."""
    hosts = [TableBudgets(store, clock.monotonic) for _ in range(16)]
    most = Allowance(per_hour=20, per_day=100)
    passed = await asyncio.gather(
        *(host.spend(LEAVERS, str(n % 24), most, NOW) for n, host in enumerate(hosts * 3))
    )
    assert sum(passed) == 40
    tally = await hosts[0].tally(LEAVERS, NOW)
    assert (tally.hour.count, tally.hold is not None) == (20, True)


async def test_what_cannot_be_read_lets_nothing_through(
    store: TableStore, clock: WorldClock
) -> None:
    """A broken tally is neither empty nor a reason to park: everything waits until it is mended."""
    budgets = TableBudgets(store, clock.monotonic)
    await held(budgets)
    (row,) = await store.find(Table.BUDGETS, "RowKey eq @tally", {"tally": "tally"}, 1)
    await store.put(Table.BUDGETS, {"PartitionKey": row.partition, "RowKey": row.key})
    with pytest.raises(StoreUnavailable, match="leaver"):
        await budgets.spend(LEAVERS, "5", THREE, NOW)
    with pytest.raises(StoreUnavailable, match="leaver"):
        await budgets.tally(LEAVERS, NOW)
    another_host = TableBudgets(store, clock.monotonic)
    assert await another_host.spend(LEAVERS, "1", THREE, NOW)


async def test_who_approved_stays_on_record(store: TableStore, clock: WorldClock) -> None:
    """Every approval is a row of its own, which no later one replaces."""
    budgets = TableBudgets(store, clock.monotonic)
    for keys in (("1", "2", "3", "4"), ("4", "5", "6")):
        await spend(budgets, *keys)
        hold = (await budgets.tally(LEAVERS, NOW)).hold
        assert hold is not None
        at = NOW + timedelta(seconds=int(keys[0]))
        await budgets.let_go_on(LEAVERS, hold.hold_id, f"approver-{keys[0]}", at)
    rows = await store.find(
        Table.BUDGETS,
        "RowKey ge @first and RowKey lt @end",
        {"first": "approval:", "end": "approval;"},
        10,
    )
    assert [row.columns["ApprovedBy"] for row in rows] == ["approver-1", "approver-4"]


async def test_a_host_asks_once_about_what_was_counted(
    counted: Counted, store: TableStore, clock: WorldClock
) -> None:
    """By itself or by another: for as long as a case is at work, and then anew."""
    budgets, transport = counted
    await TableBudgets(store, clock.monotonic).spend(LEAVERS, "1", THREE, NOW)
    asked = ["GET Budgets", "GET Budgets"]
    assert await spend(budgets, "1", "1") == [True, True]
    assert transport.requests == asked
    assert await spend(budgets, "2", "2") == [True, True]
    assert transport.requests == [*asked, *asked, "POST $batch"]
    clock.advance(timedelta(seconds=REMEMBERED))
    transport.requests.clear()
    assert await spend(budgets, "1", "2") == [True, True]
    assert transport.requests == [*asked, *asked]


async def test_a_host_remembers_each_flow_for_itself(counted: Counted) -> None:
    """What counted in one flow has not in another."""
    budgets, _ = counted
    assert await budgets.spend(LEAVERS, "1", THREE, NOW)
    none_left = Allowance(per_hour=0, per_day=0)
    assert not await budgets.spend(PASSES, "1", none_left, NOW)


async def test_a_host_asks_again_about_what_was_held(counted: Counted, store: TableStore) -> None:
    """Another host may have let the flow go on; what is counted by then stays counted."""
    budgets, _ = counted
    hold = (await held(budgets)).hold
    assert hold is not None
    assert await spend(budgets, "1", "4") == [True, False]
    await TableBudgets(store, WorldClock().monotonic).let_go_on(LEAVERS, hold.hold_id, "one", NOW)
    assert await spend(budgets, "4") == [True]


async def test_what_was_not_stored_is_not_remembered(tables: str, clock: WorldClock) -> None:
    """A host whose write breaks down asks the store the next time."""
    transport = BreakableTransport()
    patience = patient()
    async with TableStore.from_connection_string(
        tables, transport=transport, patience=patience
    ) as store:
        budgets = TableBudgets(store, clock.monotonic)
        await spend(budgets, "1")
        transport.break_at(len(transport.requests) + 3, "before")
        with pytest.raises(StoreUnavailable):
            await spend(budgets, "2")
        assert (await budgets.tally(LEAVERS, NOW)).hour.used == 1
        assert await spend(budgets, "2") == [True]
        assert (await budgets.tally(LEAVERS, NOW)).hour.used == 2
