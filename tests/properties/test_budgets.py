"""Budgets, whatever happens around them: nobody too many, nobody twice, nobody forgotten (S5)."""

import asyncio
from collections import Counter
from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.budgets.flows import Budget, Flow
from shared.domain.budgets.limits import Allowance, Limit
from shared.domain.budgets.tally import Tally, let_go_on, spend
from shared.domain.cases import CaseState, EventType
from shared.domain.control import Mode
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.errors.directory import DirectoryUnavailable, Throttled
from shared.domain.ids import SourceName, UserId
from shared.settings import Settings
from tests.builders import NOW
from tests.properties.interrupting import How
from tests.properties.world import ENVIRONMENT, OVER, World, joiner, leaver

DEMO = SourceName("demo")
LEAVERS = Flow(Budget.LEAVER, DEMO)
MOST = 2
TIGHT = Settings.from_environment({**ENVIRONMENT, "MFA_BUDGET_LEAVER_PER_HOUR": str(MOST)})
CROWD = tuple(f"p{number}@contoso.example" for number in range(5))
SEEN_OFF = OVER | {CaseState.WAITING_DISABLED, CaseState.OVERDUE}
TROUBLES = (None, Throttled("429"), DirectoryUnavailable("503"))


@given(
    per_hour=st.integers(1, 6),
    per_day=st.integers(1, 12),
    happenings=st.lists(st.sampled_from(["spend", "spend", "approve", "minutes", "hour", "day"])),
)
def test_no_window_ever_holds_more_than_was_allowed(
    per_hour: int, per_day: int, happenings: list[str]
) -> None:
    """An hour holds the allowance once, and once more for each approval in it; so does a day."""
    allowance, now = Allowance(per_hour=per_hour, per_day=per_day), NOW
    tally = Tally.fresh(LEAVERS, now)
    passes = {"minutes": timedelta(minutes=7), "hour": timedelta(hours=1), "day": timedelta(days=1)}
    counted: Counter[object] = Counter()
    approved: Counter[object] = Counter()
    for number, what in enumerate(happenings):
        windows = (now.date(), now.hour), now.date()
        before = tally.at(now)
        match what:
            case "spend":
                tally = spend(tally, allowance, now, f"hold-{number}")
                counted.update(windows if tally.hold is None else ())
                if before.hold is not None:
                    assert tally == before
            case "approve" if tally.hold is not None:
                tally = let_go_on(tally, tally.hold.hold_id, "approver", now)
                approved.update(windows)
            case _:
                now += passes.get(what, timedelta(0))
    for window, count in counted.items():
        most = per_hour if isinstance(window, tuple) else per_day
        assert count <= most * (1 + approved[window])


@given(size=st.integers(0, 10**6), number=st.integers(1, 10**4), share=st.floats(0.001, 0.999))
def test_the_lower_of_number_and_share_counts(size: int, number: int, share: float) -> None:
    """Never more than the number, never more than the share, and never nobody at all."""
    found = Limit(per_hour=number, per_day=number, share=share).allowance(size)
    assert found.per_hour == found.per_day == min(number, max(1, int(share * size)))


async def a_world(world: World, *, everybody_leaves: bool = True) -> list[UserId]:
    """The crowd, which leaves."""
    await world.set_mode(Mode.ACT)
    people = [world.tenant.add(name) for name in CROWD]
    moment = world.clock.now()
    for number, name in enumerate(CROWD):
        told = leaver(f"evt-{number}", name, at=moment) if everybody_leaves else joiner(name, name)
        await world.post(told)
    return people


def seen_off(world: World) -> set[UserId]:
    """Whose sessions were revoked."""
    return {user for user, effect in world.tenant.writes if isinstance(effect, RevokeSessions)}


async def approve(world: World) -> None:
    """Somebody lets the leavers go on."""
    hold = (await world.budgets.tally(LEAVERS, world.clock.now())).hold
    assert hold is not None
    await world.hosts[1].let_flow_go_on(LEAVERS.name, hold.hold_id, "approver")


async def test_leavers_wait_for_an_approval_and_then_go_on() -> None:
    """No time alone lets them go on; each tells of it once, and each is seen off in the end."""
    world = World(Random(0), TIGHT)  # noqa: S311  (which replica answers is no secret)
    people = await a_world(world)
    for round_number in (1, 2):
        await world.settle(SEEN_OFF | {CaseState.HELD})
        assert len(seen_off(world)) == MOST * round_number
        states = Counter(stored.case.state for stored in world.watch.cases.values())
        assert states[CaseState.HELD] == len(people) - MOST * round_number
        world.clock.advance(timedelta(hours=7))
        await world.hosts[0].announce_holds()
        await approve(world)
    await world.settle(SEEN_OFF)
    assert seen_off(world) == set(people)
    held = [world.published(case_id, EventType.HELD) for case_id in world.watch.cases]
    assert sorted(held) == [0, 0, 1, 1, 1]
    told = [one for one in world.broker.published.values() if one.event_type == "mfa.budget.held"]
    assert len(told) == 2
    assert world.watch.broken == []


async def test_a_hold_of_leavers_holds_no_joiners() -> None:
    """Each effect has a budget of its own."""
    world = World(Random(0), TIGHT)  # noqa: S311  (which replica answers is no secret)
    people = await a_world(world, everybody_leaves=False)
    await world.settle(OVER | {CaseState.WAITING_REGISTRATION})
    assert {user for user, _ in world.tenant.writes} == set(people)


async def test_a_held_case_can_be_cancelled() -> None:
    """Whoever sees that it was a mistake stops it before anything is done."""
    world = World(Random(0), TIGHT)  # noqa: S311  (which replica answers is no secret)
    await a_world(world)
    await world.settle(SEEN_OFF | {CaseState.HELD})
    held = [one for one in world.watch.cases.values() if one.case.state is CaseState.HELD]
    done = len(world.tenant.writes)
    for stored in held:
        await world.hosts[1].cancel_case(stored.case.case_id, "helpdesk")
    await approve(world)
    await world.settle(SEEN_OFF)
    assert len(world.tenant.writes) == done
    for stored in held:
        cancelled = await world.cases.load(stored.case.case_id)
        assert cancelled is not None
        assert cancelled.steps[-1].detail is not None
        assert cancelled.steps[-1].detail.endswith("Nothing was changed.")


@settings(max_examples=60, deadline=None)
@given(
    chance=st.randoms(use_true_random=False),
    plan=st.dictionaries(st.integers(0, 120), st.sampled_from(How), max_size=6),
    troubles=st.lists(st.sampled_from(TROUBLES), max_size=5),
    deliveries=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1)), max_size=25),
)
def test_crashes_and_redeliveries_count_nobody_twice(
    chance: Random,
    plan: dict[int, How],
    troubles: list[Throttled | DirectoryUnavailable | None],
    deliveries: list[tuple[int, int]],
) -> None:
    """Wherever a host dies, so many are seen off as are counted, and all after the approvals."""

    async def story() -> None:
        world = World(chance, TIGHT)
        people = await a_world(world)
        world.interruptions.plan.update(plan)
        world.tenant.troubles.extend(troubles)
        for number, host in deliveries:
            if messages := world.broker.deliverable(world.clock.now()):
                await world.deliver(messages[number % len(messages)], host=host)
        for round_number in (1, 2):
            await world.settle(SEEN_OFF | {CaseState.HELD})
            assert len(seen_off(world)) == MOST * round_number
            assert len(world.budgets.spent) == MOST * round_number
            await approve(world)
        await world.settle(SEEN_OFF)
        assert seen_off(world) == set(people)
        assert world.watch.broken == []

    asyncio.run(story())
