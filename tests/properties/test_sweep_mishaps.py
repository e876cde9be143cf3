"""Mishaps of single runs: none makes up a verdict, and none stops the nights after it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.application.ports.runs import StoredRun
from shared.application.sweep.app_passwords import ReadAppPasswords
from shared.application.sweep.planning import Plan
from shared.contracts.sweep_commands import decode_sweep_command
from shared.contracts.sweep_events import SWEEP_FAILED
from shared.domain.errors.directory import Throttled
from shared.domain.errors.storage import Conflict, UnreadableRow
from shared.domain.ids import UserId
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.lines import Line
from shared.domain.sweep.runs import Run, RunId, RunState, Stage
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.tenant import TenantReading
from tests.fakes.runs import FakeRuns
from tests.fakes.sweeping import FakeSnapshots
from tests.properties.sweep_world import SweepWorld, drawn, tell, until

SEED, PEOPLE = 7, 25


def test_a_part_that_is_judged_again_when_all_is_over_stays() -> None:
    """A worker that comes late finds what was staged, and writes what stands there already."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        run_id = await until(world, Stage.EVALUATE)
        late = await world.runs.load(run_id)
        assert late is not None
        await world.work()
        run = await world.run(run_id)
        before = await world.lines(run)
        await world.worker().judge(late, Slice(0, 1))
        assert await world.lines(run) == before
        assert len(before) > PEOPLE / 2
        assert await world.history.of(UserId(next(iter(before))), 5) == ()

    tell(story())


def test_of_two_that_read_the_tenant_one_counts() -> None:
    """What the other has read, though it was kept last, is judged by nobody."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        run_id = await world.begin()
        both = await world.runs.load(run_id)
        assert both is not None
        app_passwords = ReadAppPasswords(world.ledger, world.clock)
        plan = Plan(world.tenant, world.tenant, app_passwords, world.runs, world.clock)
        planned = await plan(both)
        policies, world.tenant.policies = world.tenant.policies, []
        with pytest.raises(Conflict):
            await plan(both)
        kept = await world.runs.tenant(run_id, planned.run.reading)
        assert kept is not None
        assert len(kept.settings.policies) == len(policies)  # type: ignore[arg-type]

    tell(story())


@pytest.mark.parametrize(
    "since", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_a_date_at_the_end_of_time_is_a_date(since: datetime) -> None:
    """Nobody's hire date stops the sweep."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        for user, row in world.tenant.everybody.items():
            world.tenant.everybody[user] = replace(row, since=since)
        assert (await world.sweep()).state is RunState.COMPLETED

    tell(story())


class Unreadable(FakeSnapshots):
    """Snapshots of which those of one run can't be read."""

    def __init__(self) -> None:
        super().__init__()
        self.run: RunId | None = None

    async def lines(self, run_id: RunId, part: Slice) -> tuple[Line, ...]:
        """What it found, unless it is that run."""
        if run_id == self.run:
            raise UnreadableRow("its form is another one")
        return await super().lines(run_id, part)


def test_a_night_that_can_t_be_read_any_more_stops_no_other() -> None:
    """The verdicts are the same; only what changed since then is not told, and the run says so."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        world.snapshots = unreadable = Unreadable()
        first = await world.sweep()
        before = await world.lines(first)
        unreadable.run = first.run_id
        world.clock.advance(timedelta(days=1))
        world.tenant.policies.clear()
        second = await world.sweep()
        assert second.state is RunState.PARTIAL
        assert [one.what for one in second.problems] == [f"run {first.run_id}"]
        assert second.totals is not None
        assert not second.totals.moves
        after = await world.lines(second)
        assert after.keys() == before.keys()
        world.clock.advance(timedelta(days=1))
        third = await world.sweep()
        assert third.previous == second.run_id

    tell(story())


def test_what_nobody_foresaw_ends_the_run_and_is_told() -> None:
    """The next night begins anew, and somebody hears of this one."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        run_id = await until(world, Stage.COLLECT)
        world.tenant.everybody = None  # type: ignore[assignment]
        body, _ = world.queue.waiting.pop(0)
        for delivery in range(1, 5):
            with pytest.raises(TypeError):
                await world.worker()(body, delivery)
        assert (await world.run(run_id)).state is RunState.FAILED
        await world.work()
        assert [event.event_type for event in world.subscribers.told.values()] == [SWEEP_FAILED]

    tell(story())


class Overtaken(FakeRuns):
    """Runs of which another worker has always stored more by the time that one is to fail."""

    async def save(self, stored: StoredRun, run: Run) -> StoredRun:
        """Store how far a run is, unless it failed."""
        if run.state is RunState.FAILED:
            raise Conflict("another worker goes on")
        return await super().save(stored, run)


def test_who_fails_behind_another_worker_tells_nothing() -> None:
    """The run goes on; an event that it failed would hide the one of its real end."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        world.runs = Overtaken()
        run_id = await until(world, Stage.COLLECT)
        world.tenant.everybody = None  # type: ignore[assignment]
        body, _ = world.queue.waiting.pop(0)
        with pytest.raises(TypeError):
            await world.worker()(body, 4)
        assert (await world.run(run_id)).state is RunState.RUNNING
        assert world.subscribers.told == {}

    tell(story())


def test_a_run_that_waits_does_not_stand_still() -> None:
    """While Graph asks for a pause the watch sends nothing beside what is scheduled."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        await until(world, Stage.COLLECT)
        pause = timedelta(minutes=15)
        world.tenant.refused = {"registrations": Throttled("429", retry_after=pause)}
        body, _ = world.queue.waiting.pop(0)
        await world.worker()(body, 1)
        assert len(world.queue.waiting) == 1
        for _ in range(20):
            world.clock.advance(timedelta(minutes=1))
            await world.watch()
        assert len(world.queue.waiting) == 1

    tell(story())


def test_a_list_that_ends_early_is_not_everybody() -> None:
    """Who is missing is unknown and not gone, and the run says that it is partial."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        before = await world.lines(await world.sweep())
        counted = len(world.tenant.everybody)
        world.tenant.counted = counted
        for user in sorted(world.tenant.everybody)[5:]:
            del world.tenant.everybody[user]
        run = await world.sweep()
        lines = await world.lines(run)
        assert run.state is RunState.PARTIAL
        assert lines.keys() == before.keys()
        missing = before.keys() - world.tenant.everybody.keys()
        assert {lines[user].verdict for user in missing} == {Verdict.UNKNOWN}

    tell(story())


class Meanwhile:
    """The tenant, where another worker gets the same message while it is read."""

    def __init__(self, world: SweepWorld, body: bytes) -> None:
        self._world, self._body = world, body

    async def tenant(self, *, last_try: bool = False) -> TenantReading:
        """All of it, after the other one was told to wait."""
        refused = dict(self._world.tenant.refused)
        self._world.tenant.refused = {"tenant": Throttled("429")}
        await self._world.worker()(self._body, 2)
        self._world.tenant.refused = refused
        return await self._world.tenant.tenant(last_try=last_try)


@pytest.mark.parametrize("in_vain", [False, True])
def test_who_waits_is_neither_progress_nor_in_the_way(*, in_vain: bool) -> None:
    """That another worker notes that the run waits: attempts count on, and what was read counts."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        run_id = await world.begin()
        ((body, _),) = world.queue.waiting
        world.queue.waiting.clear()
        worker = world.worker()
        object.__setattr__(worker.plan, "source", Meanwhile(world, body))
        world.tenant.refused = {"tenant": Throttled("429")} if in_vain else {}
        await worker(body, 1)
        sent = [decode_sweep_command(body) for body, _ in world.queue.waiting]
        if in_vain:
            assert [one.attempt for one in sent] == [1, 1]
        else:
            assert (await world.run(run_id)).stage is Stage.COLLECT

    tell(story())
