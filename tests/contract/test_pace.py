"""The contract of the port `Pace`."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.tables.pace import TablePace
from shared.adapters.tables.store import TableStore
from shared.application.ports.pace import Pace
from shared.domain.errors.directory import Throttled
from shared.domain.sweep.pace import CONDITIONAL_ACCESS, REPORTS, Limit
from shared.names import Table
from tests.fakes.pace import FakePace

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class HostClock:
    """The clock of one host: it stands still, and notes for when its pauses were.

    Attributes:
        at: what time it is.
        pauses: how long each pause was.
    """

    at: datetime = NOON
    pauses: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        """The time."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Note a pause; others get on meanwhile."""
        self.pauses.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Host:
    """An instance of the app."""

    clock: HostClock
    pace: Pace

    async def turn(self, limit: Limit) -> datetime:
        """When it had a turn, by its clock. Only one of these at a time."""
        before = len(self.clock.pauses)
        await self.pace.wait(limit)
        return self.clock.at + timedelta(seconds=sum(self.clock.pauses[before:]))


Hosts = Callable[[], Host]


@pytest.fixture(params=["fake", "tables"])
def new_host(request: pytest.FixtureRequest) -> Hosts:
    """Starts instances that share the limits, of each implementation in turn."""
    if request.param == "fake":
        taken: dict[str, tuple[datetime, ...]] = {}

        def fake() -> Host:
            clock = HostClock()
            return Host(clock, FakePace(clock, taken))

        return fake
    store: TableStore = request.getfixturevalue("store")

    def real() -> Host:
        clock = HostClock()
        return Host(clock, TablePace(store, clock))

    return real


async def test_as_many_as_the_limit_go_at_once(new_host: Hosts) -> None:
    """The next one goes when the first one is a window old."""
    host = new_host()
    found = [await host.turn(REPORTS) for _ in range(6)]
    assert found == [NOON] * 5 + [NOON + REPORTS.window]


async def test_limits_do_not_wait_for_each_other(new_host: Hosts) -> None:
    """Who reads policies takes no turn from who reads reports."""
    host = new_host()
    assert await host.turn(CONDITIONAL_ACCESS) == NOON
    assert await host.turn(REPORTS) == NOON
    assert await host.turn(CONDITIONAL_ACCESS) == NOON + CONDITIONAL_ACCESS.window


async def test_of_many_instances_at_once_none_goes_too_early(new_host: Hosts) -> None:
    """However many ask at the same moment, no window has more turns than the limit allows."""
    hosts = [new_host() for _ in range(12)]
    found = sorted(await asyncio.gather(*(host.turn(REPORTS) for host in hosts)))
    for first, beyond in zip(found, found[REPORTS.requests :], strict=False):
        assert beyond - first >= REPORTS.window
    assert found[-1] == NOON + 2 * REPORTS.window


async def test_many_on_one_host_queue_up(new_host: Hosts) -> None:
    """They share its connection and wait for one another's turn, not for one another's pause."""
    host = new_host()
    await asyncio.gather(*(host.pace.wait(CONDITIONAL_ACCESS) for _ in range(8)))
    window = CONDITIONAL_ACCESS.window.total_seconds()
    assert sorted(host.clock.pauses) == [window * number for number in range(1, 8)]


async def test_a_turn_that_is_too_far_off_is_told_and_not_taken(new_host: Hosts) -> None:
    """The work is put off for as long; when the time has come, the turn is still there."""
    host = new_host()
    for _ in range(15):
        await host.turn(REPORTS)
    with pytest.raises(Throttled) as told:
        await host.turn(REPORTS)
    assert told.value.retry_after == 3 * REPORTS.window
    host.clock.at += REPORTS.window
    assert await host.turn(REPORTS) == NOON + 3 * REPORTS.window


async def test_a_scale_shortens_every_limit(store: TableStore) -> None:
    """For tests and benchmarks."""
    clock = HostClock()
    pace = TablePace(store, clock, scale=0.1)
    for _ in range(2):
        await pace.wait(CONDITIONAL_ACCESS)
    assert clock.pauses == [pytest.approx(0.125)]


async def test_a_row_that_cannot_be_read_stops_nobody(store: TableStore) -> None:
    """It is about seconds: the next turn mends it."""
    clock = HostClock()
    pace = TablePace(store, clock)
    keys = {"PartitionKey": REPORTS.name, "RowKey": "turns"}
    await store.insert(Table.BUCKETS, {**keys, "Taken": '["yesterday"]'})
    await pace.wait(REPORTS)
    assert clock.pauses == []
    row = await store.get(Table.BUCKETS, *keys.values())
    assert row is not None
    assert NOON.isoformat() in row.columns["Taken"]
