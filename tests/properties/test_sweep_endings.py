"""The ends of runs: each is told once, whoever dies, and nothing counts that was found before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.application.ports.messages import OutgoingEvent
from shared.application.sweep.starting import GIVEN_UP_AFTER
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
from tests.properties.sweep_world import Subscribers, SweepWorld, drawn, tell, until

SEED, PEOPLE = 7, 25
A_DAY = timedelta(days=1)


async def fail(world: SweepWorld, run_id: RunId) -> None:
    """What nobody foresaw happens in this stage as often as it takes, and the worker dies."""
    body, _ = world.queue.waiting.pop(0)
    worker = world.worker()
    worker.judge.staging = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        await worker(body, UNFORESEEN)
    world.queue.waiting.clear()
    assert (await world.run(run_id)).state is RunState.FAILED


def test_an_end_that_nobody_told_is_told_by_the_watch() -> None:
    """The worker that stored that a run failed has died, and so has its message."""

    async def story() -> None:
        world = drawn(SEED, PEOPLE)
        run_id = await until(world, Stage.EVALUATE)
        await fail(world, run_id)
        assert world.subscribers.types == []
        for _ in range(2):
            world.clock.advance(STILL_FOR + timedelta(minutes=1))
            await world.watch()
            await world.work()
        assert world.subscribers.types == [SWEEP_FAILED]
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
        assert sorted(world.subscribers.types) == [SWEEP_COMPLETED, SWEEP_FAILED]
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
        assert POSTURE_LOST not in world.subscribers.types

        world.clock.advance(A_DAY)
        run = await world.sweep()
        told = await changes_of(world, protected)
        assert {change.at for change in told} == {run.started_at}
        assert len(told) == world.subscribers.types.count(POSTURE_LOST) > 0

    tell(story())


async def fail_stored(world: SweepWorld, run_id: RunId) -> None:
    """The run fails, and that is told."""
    stored = await world.runs.load(run_id)
    assert stored is not None
    await world.runs.save(stored, stored.run.ended(RunState.FAILED, world.clock.now()))
    world.clock.advance(STILL_FOR + timedelta(minutes=1))
    await world.watch()
    await world.work()
    assert world.subscribers.types[-1] == SWEEP_FAILED


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
        assert world.subscribers.types == [SWEEP_COMPLETED]

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
        assert world.subscribers.types == [SWEEP_COMPLETED, SWEEP_HELD]
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
        assert world.subscribers.types == [SWEEP_COMPLETED]

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
        assert world.subscribers.types == [SWEEP_COMPLETED]

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
