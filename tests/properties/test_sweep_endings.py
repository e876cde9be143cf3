"""The ends of runs: each is told once, whoever dies, and nothing counts that was found before."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.application.ports.messages import OutgoingEvent
from shared.application.sweep.nightly import TIMER
from shared.application.sweep.sending import SendStage
from shared.application.sweep.starting import GIVEN_UP_AFTER, StartRun
from shared.application.sweep.watching import STILL_FOR
from shared.application.sweep.working import MOST_ATTEMPTS, UNFORESEEN
from shared.contracts.sweep_events import POSTURE_LOST, SWEEP_COMPLETED, SWEEP_FAILED, SWEEP_HELD
from shared.domain.errors.messages import BrokerUnavailable
from shared.domain.errors.storage import UnreadableRow
from shared.domain.ids import CaseId
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.lines import Change
from shared.domain.sweep.runs import Remediation, RunId, RunState, Stage
from shared.domain.sweep.slices import Slice
from tests.fakes.sweeping import FakeSnapshots
from tests.properties.interrupting import How
from tests.properties.sweep_world import Subscribers, SweepWorld, drawn

SEED, PEOPLE = 7, 25
A_DAY = timedelta(days=1)


def tell(story: Coroutine[Any, Any, None]) -> None:
    """Play a story to its end."""
    asyncio.run(story)


async def until(world: SweepWorld, stage: Stage) -> RunId:
    """A run that has come to a stage."""
    run_id = await world.begin()
    while (await world.run(run_id)).stage is not stage:
        body, _ = world.queue.waiting.pop(0)
        await world.worker()(body, 1)
    return run_id


async def fail(world: SweepWorld, run_id: RunId) -> None:
    """What nobody foresaw happens in this stage as often as it takes, and the worker dies."""
    body, _ = world.queue.waiting.pop(0)
    worker = world.worker()
    worker.judge.staging = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        await worker(body, UNFORESEEN)
    world.queue.waiting.clear()
    assert (await world.run(run_id)).state is RunState.FAILED


def types(world: SweepWorld) -> list[str]:
    """The types of all events, in order."""
    return [event.event_type for event in world.subscribers.told.values()]


def test_an_end_that_nobody_told_is_told_by_the_watch() -> None:
    """The worker that stored that a run failed has died, and so has its message."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        run_id = await until(world, Stage.EVALUATE)
        await fail(world, run_id)
        assert types(world) == []
        for _ in range(2):
            world.clock.advance(STILL_FOR + timedelta(minutes=1))
            await world.watch()
            await world.work()
        assert types(world) == [SWEEP_FAILED]
        assert (await world.run(run_id)).stage is Stage.NOTHING

    tell(story())


def test_a_run_that_was_given_up_is_told() -> None:
    """The next run takes its place, and subscribers hear of both, of each under its own id."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        first = await until(world, Stage.COLLECT)
        world.queue.waiting.clear()
        world.clock.advance(GIVEN_UP_AFTER + timedelta(minutes=1))
        second = await world.sweep()
        assert second.state is RunState.COMPLETED
        world.clock.advance(STILL_FOR + timedelta(minutes=1))
        await world.watch()
        await world.work()
        assert sorted(types(world)) == [SWEEP_COMPLETED, SWEEP_FAILED]
        told = {event.event_id for event in world.subscribers.told.values()}
        assert told == {f"sweep-{first}", f"sweep-{second.run_id}"}

    tell(story())


def test_what_a_failed_run_has_found_does_not_count() -> None:
    """The next run finds it, tells it once, and the history has it once."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        before = await world.lines(await world.sweep())
        protected = [user for user, line in before.items() if line.verdict is Verdict.PROTECTED]
        world.clock.advance(A_DAY)
        world.tenant.policies.clear()
        failed = await until(world, Stage.EVALUATE)
        (body, _), *_ = world.queue.waiting
        await world.worker().judge((await world.runs.load(failed)), Slice(0, 1))  # type: ignore[arg-type]
        assert await world.snapshots.changes(failed, Slice(0, 1)) != ()
        world.queue.waiting = [(body, 0)]
        await fail_stored(world, failed)
        assert await changes_of(world, protected) == []
        assert POSTURE_LOST not in types(world)

        world.clock.advance(A_DAY)
        run = await world.sweep()
        told = await changes_of(world, protected)
        assert {change.at for change in told} == {run.started_at}
        assert len(told) == types(world).count(POSTURE_LOST) > 0

    tell(story())


async def fail_stored(world: SweepWorld, run_id: RunId) -> None:
    """The run fails, and that is told."""
    stored = await world.runs.load(run_id)
    assert stored is not None
    await world.runs.save(stored, stored.run.ended(RunState.FAILED, world.clock.now()))
    world.clock.advance(STILL_FOR + timedelta(minutes=1))
    await world.watch()
    await world.work()
    assert types(world)[-1] == SWEEP_FAILED


async def changes_of(world: SweepWorld, users: list[str]) -> list[Change]:
    """What the history has of these people."""
    found = [await world.history.of(user, 10) for user in users]  # type: ignore[arg-type]
    return [change for some in found for change in some]


class OneTorn(FakeSnapshots):
    """Snapshots of which the changes of a part can't be read."""

    async def changes(self, run_id: RunId, part: Slice) -> tuple[Change, ...]:
        """What it found changed."""
        raise UnreadableRow(f"half of {part} of {run_id} is gone")


def test_changes_that_cannot_be_read_keep_no_end_from_being_told() -> None:
    """The run has ended all the same."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        world.snapshots = OneTorn()
        run = await world.sweep()
        assert (run.state, run.stage) == (RunState.COMPLETED, Stage.NOTHING)
        assert types(world) == [SWEEP_COMPLETED]

    tell(story())


def test_an_approval_before_it_is_told_changes_no_end() -> None:
    """That the run was held is told first, and the same again, whoever has approved it since."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        run_id = await until(world, Stage.TELL)
        stored = await world.runs.load(run_id)
        assert stored is not None
        asked = Remediation(case_id=CaseId("enr-1"), people=9, left=0, allowed=1)
        approved = replace(stored.run, remediation=asked, state=RunState.COMPLETED)
        await world.runs.save(stored, approved)
        await world.work()
        assert types(world) == [SWEEP_HELD]
        run = await world.run(run_id)
        assert (run.state, run.stage) == (RunState.COMPLETED, Stage.NOTHING)

    tell(story())


class Deaf(Subscribers):
    """Subscribers whom the broker does not reach."""

    async def publish(self, events: tuple[OutgoingEvent, ...]) -> None:
        """Take nothing."""
        raise BrokerUnavailable(f"{len(events)} events find nobody")


def test_telling_is_tried_until_it_works() -> None:
    """However long the broker is away: an end is told late, and never not at all."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        run_id = await until(world, Stage.TELL)
        heard, world.subscribers = world.subscribers, Deaf()
        for _ in range(3 * MOST_ATTEMPTS):
            ((body, _),) = world.queue.waiting
            world.queue.waiting.clear()
            await world.worker()(body, 1)
        run = await world.run(run_id)
        assert (run.state, run.stage) == (RunState.COMPLETED, Stage.TELL)
        world.subscribers = heard
        await world.work()
        assert types(world) == [SWEEP_COMPLETED]

    tell(story())


def test_who_is_late_to_give_a_run_up_leaves_its_end_alone() -> None:
    """Somebody else has ended it meanwhile; it has not failed."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        run_id = await until(world, Stage.COLLECT)
        body, _ = world.queue.waiting[0]
        worker = world.worker()

        class TooLate:
            """Reads nothing, while another worker does the whole run."""

            async def __call__(self, *_: object) -> None:
                await world.work()
                raise UnreadableRow("too late")

        object.__setattr__(worker.collect, "read", TooLate())
        await worker(body, 1)
        assert (await world.run(run_id)).state is RunState.COMPLETED
        assert types(world) == [SWEEP_COMPLETED]

    tell(story())


@given(
    away=st.integers(0, 5),
    plan=st.dictionaries(st.integers(0, 40), st.sampled_from(How), max_size=6),
)
def test_a_night_begins_one_run_whatever_fails(away: int, plan: dict[int, How]) -> None:
    """The store is away, workers die, answers are lost, messages come twice: one run, and told."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        world.runs.down = away > 0
        await world.nightly()()
        bodies = list(world.queue.waiting)
        for _ in range(away):
            body, _ = world.queue.waiting.pop(0)
            await world.worker()(body, 1)
        world.runs.down = False
        # What came once may come again.
        world.queue.waiting += bodies
        world.interruptions.plan = dict(plan)
        await world.work()
        runs, _ = await world.runs.newest(None, 5)
        assert [run.state for run in runs] == [RunState.COMPLETED]
        assert runs[0].by == TIMER
        assert types(world) == [SWEEP_COMPLETED]

    tell(story())


@pytest.mark.parametrize(
    ("begun", "runs"),
    [(None, 1), (timedelta(minutes=-5), 1), (timedelta(minutes=5), 1), (timedelta(-1), 2)],
)
def test_who_ends_a_run_that_night_has_done_it(begun: timedelta | None, runs: int) -> None:
    """Begun by hand before the timer fired or after; but not one of the day before."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        start = StartRun(world.runs, SendStage(world.queue, world.clock), world.clock)
        if begun is not None and begun < timedelta():
            await start("somebody")
            if begun <= -A_DAY:
                await world.work()
            world.clock.advance(-begun)
        others, world.queue.waiting = world.queue.waiting, []
        world.runs.down = True
        await world.nightly()()
        ((body, _),) = world.queue.waiting
        world.runs.down = False
        world.queue.waiting = others
        if begun is not None and begun > timedelta():
            world.clock.advance(begun)
            await start("somebody")
        await world.work()
        await world.worker()(body, 1)
        await world.work()
        found, _ = await world.runs.newest(None, 5)
        assert [run.state for run in found] == [RunState.COMPLETED] * runs

    tell(story())


def test_a_night_that_is_over_gets_no_run() -> None:
    """Half a day later the next night is nearer."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        world.runs.down = True
        await world.nightly()()
        ((body, _),) = world.queue.waiting
        world.queue.waiting.clear()
        world.runs.down = False
        world.clock.advance(GIVEN_UP_AFTER)
        await world.worker()(body, 1)
        assert world.queue.waiting == []
        assert await world.runs.newest(None, 5) == ([], None)

    tell(story())


def test_a_stage_without_its_part_is_no_message() -> None:
    """Nothing is judged by it, and nothing is done a second time for it."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        run_id = await until(world, Stage.EVALUATE)
        (body, _), *_ = world.queue.waiting
        world.queue.waiting.clear()
        part = b'"part":"0-of-1"'
        assert part in body
        for wrong in (b'"part":null', b'"part":"0-of-2"', b'"part":"1-of-1"'):
            await world.worker()(body.replace(part, wrong), 1)
        nothing = body.replace(part, b'"part":null').replace(b"evaluate", b"nothing")
        whole = body.replace(b"evaluate", b"finish")
        for wrong in (nothing, whole):
            await world.worker()(wrong, 1)
        assert (await world.run(run_id)).stage is Stage.EVALUATE
        assert await world.snapshots.totals(run_id) == {}
        assert world.queue.waiting == []
        await world.worker()(body, 1)
        await world.worker()(whole, 1)
        assert (await world.run(run_id)).stage is Stage.FINISH

    tell(story())
