"""A timer fires once a night: whatever fails just then, the night gets its run, and only one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.application.sweep.nightly import TIMER
from shared.application.sweep.sending import SendStage
from shared.application.sweep.starting import GIVEN_UP_AFTER, StartRun
from shared.contracts.sweep_events import SWEEP_COMPLETED
from shared.domain.sweep.runs import RunState
from tests.properties.interrupting import How
from tests.properties.sweep_world import drawn, tell

SEED, PEOPLE = 7, 25
A_DAY = timedelta(days=1)


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
        assert world.subscribers.types == [SWEEP_COMPLETED]

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
