"""A pass is in the hands of whoever collected it, or nowhere: whatever dies or gets lost."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.cases import CaseState, StepOutcome
from shared.domain.control import Mode
from shared.domain.errors.control import Stopped
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.errors.passes import PassUnanswered
from shared.domain.ids import CaseId, UserId
from shared.domain.passes.given import GivenPass
from tests.properties.interrupting import Crash, How
from tests.properties.world import World, joiner

NAME = "robin@contoso.example"
COLLECTOR = "hhhh-1"
MOST_OPERATIONS = 60
"""More than the operations of one collection."""

Plan = Mapping[int, How]


class Collecting:
    """A case that waits for its person, and passes that are collected for it."""

    def __init__(self) -> None:
        self.world = World(Random(0))  # noqa: S311  (which replica answers is no secret)
        self.handed_out: list[str] = []
        self.nobody_s: set[str] = set()
        self.case_id = CaseId("")
        self.user = UserId("")

    async def begin(self) -> None:
        """Let the case come to where a pass may be collected."""
        await self.world.set_mode(Mode.ACT)
        self.user = self.world.tenant.add(NAME)
        await self.world.post(joiner("evt-1", NAME))
        await self.world.settle(frozenset({CaseState.WAITING_REGISTRATION}))
        self.case_id = next(iter(self.world.watch.cases))

    async def collect(self, plan: Plan) -> object:
        """Somebody collects a pass while something goes wrong; what they get."""
        self.world.interruptions.plan = dict(plan)
        host = self.world.hosts[0]
        answer = await self.world.attempt("collector", host.collect_pass(self.case_id, COLLECTOR))
        if isinstance(answer, GivenPass):
            self.handed_out.append(answer.value.reveal())
        elif isinstance(answer, Crash) and not self.world.collections.kept:
            self.nobody_s = self.world.passes.of(self.user)
        return answer

    async def timer(self, plan: Plan) -> None:
        """A minute passes and the timer fires, while something goes wrong."""
        self.world.interruptions.plan = dict(plan)
        self.world.clock.advance(timedelta(seconds=61))
        await self.world.attempt("timer", self.world.hosts[0].withdraw_passes())

    async def calm_down(self) -> None:
        """All trouble has passed, and the timer has fired as often as it takes."""
        for _ in range(3):
            await self.timer({})

    def check(self, excused: frozenset[str] = frozenset()) -> None:
        """Nobody can sign in with a pass that was not handed out; nothing is left to do."""
        left = self.world.passes.of(self.user) - excused
        assert left <= set(self.handed_out[-1:]), "a pass that nobody was given is left"
        assert self.world.collections.kept == {}
        assert self.world.watch.broken == []


async def one_collection(number: int, how: How) -> Collecting:
    """A collection in which one operation goes wrong, and then everything that makes it good."""
    story = Collecting()
    await story.begin()
    await story.collect({number: how})
    assert not story.world.interruptions.plan, f"nothing went wrong at {number}"
    await story.calm_down()
    return story


def last_operation() -> int:
    """The number of the operation after which the pass is in the answer."""

    async def story() -> int:
        collecting = Collecting()
        await collecting.begin()
        await collecting.collect({MOST_OPERATIONS: How.FAIL_BEFORE})
        (left,) = collecting.world.interruptions.plan
        return MOST_OPERATIONS - left - 1

    return asyncio.run(story())


@pytest.mark.parametrize("how", How)
def test_whatever_goes_wrong_leaves_no_pass_that_nobody_has(how: How) -> None:
    """A process that dies, a refusal and a lost answer at each operation: no pass stays behind.

    One moment is left out: a process that dies when all is done but its answer. Nobody knows that
    pass, the case calls it collected, and the next collection takes its place.
    """

    async def story() -> None:
        for number in range(last + 1):
            collecting = await one_collection(number, how)
            if number == last and how is How.CRASH_AFTER:
                await collecting.collect({})
            collecting.check()

    last = last_operation()
    asyncio.run(story())


@example(
    rounds=[
        ("collect", {0: How.CRASH_BEFORE}),
        ("collect", {14: How.FAIL_AFTER, 15: How.FAIL_BEFORE}),
    ]
)
@given(
    rounds=st.lists(
        st.tuples(
            st.sampled_from(["collect", "collect", "timer"]),
            st.dictionaries(
                st.integers(0, MOST_OPERATIONS // 2),
                st.sampled_from([How.CRASH_BEFORE, How.FAIL_BEFORE, How.FAIL_AFTER]),
                max_size=3,
            ),
        ),
        max_size=6,
    )
)
def test_many_collections_in_which_much_goes_wrong(rounds: list[tuple[str, Plan]]) -> None:
    """However often collections and withdrawals fail, only the last pass handed out counts.

    Excused is what a process left that died when its record was closed already.
    """

    async def story() -> None:
        collecting = Collecting()
        await collecting.begin()
        for what, plan in rounds:
            if what == "timer":
                await collecting.timer(plan)
            elif isinstance(await collecting.collect(plan), Crash):
                collecting.world.clock.advance(timedelta(seconds=61))
        await collecting.calm_down()
        collecting.check(frozenset(collecting.nobody_s))
        stored = await collecting.world.cases.load(collecting.case_id)
        assert stored is not None
        done = [s for s in stored.steps if (s.action, s.outcome) == ("pass", StepOutcome.DONE)]
        assert len(collecting.handed_out) <= len(done) <= 3

    asyncio.run(story())


async def stopped_at_the_worst_moment() -> Collecting:
    """A collection whose answer is lost, and a stop before anybody could remove the pass."""
    story = Collecting()
    await story.begin()
    story.world.passes.lost = [DirectoryUnavailable("The answer is lost.")]

    async def stop() -> None:
        await story.world.set_mode(Mode.STOP)
        story.world.clock.advance(timedelta(seconds=4))  # The mode is read anew.

    story.world.passes.meanwhile = stop
    assert isinstance(await story.collect({}), PassUnanswered)
    assert len(story.world.passes.usable(story.user)) == 1
    return story


async def withdrawals(story: Collecting) -> list[StepOutcome]:
    """What the case says of the withdrawal."""
    stored = await story.world.cases.load(story.case_id)
    assert stored is not None
    return [step.outcome for step in stored.steps if step.action == "withdraw-pass"]


async def test_a_stop_holds_a_withdrawal_back_and_its_end_lets_it_go() -> None:
    """In `stop` nothing is written, a removal included: the case says so, and it is made good."""
    story = await stopped_at_the_worst_moment()
    for _ in range(5):
        await story.timer({})
    assert len(story.world.passes.usable(story.user)) == 1
    assert await withdrawals(story) == [StepOutcome.DEFERRED]
    assert len(story.world.collections.kept) == 1
    await story.world.set_mode(Mode.ACT)
    await story.calm_down()
    story.check()
    assert (await withdrawals(story))[-1] is StepOutcome.DONE


async def test_a_pass_that_a_stop_keeps_expires_by_itself() -> None:
    """However long the stop lasts, nobody can use it after its lifetime, and the record is closed.

    Until then no other pass takes its place.
    """
    story = await stopped_at_the_worst_moment()
    assert isinstance(await story.collect({}), Stopped)
    story.world.clock.advance(timedelta(minutes=70))
    await story.calm_down()
    assert story.world.passes.usable(story.user) == set()
    assert story.world.collections.kept == {}
    assert await withdrawals(story) == [StepOutcome.DEFERRED, StepOutcome.UNVERIFIED]
    assert story.world.watch.broken == []


@given(order=st.randoms(use_true_random=False), collectors=st.integers(2, 5))
def test_collectors_side_by_side_stay_within_the_limit(order: Random, collectors: int) -> None:
    """However requests interleave, a case has at most three passes, and the last one counts."""

    async def story() -> None:
        collecting = Collecting()
        await collecting.begin()
        world = collecting.world

        async def collect(number: int) -> None:
            host = world.hosts[number % 2]
            answer = await world.attempt(
                f"collector {number}", host.collect_pass(collecting.case_id, f"h-{number}")
            )
            if isinstance(answer, GivenPass):
                collecting.handed_out.append(answer.value.reveal())

        await world.together(order, *(collect(number) for number in range(collectors)))
        await collecting.calm_down()
        assert len(collecting.handed_out) <= 3
        assert world.passes.of(collecting.user) <= set(collecting.handed_out)
        assert world.watch.broken == []

    asyncio.run(story())
