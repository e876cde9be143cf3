"""People leave and come back, HR tells it late, twice or otherwise: in the whole app, in memory."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import Case, CaseState
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.plans import CaseKind
from tests.properties.interrupting import How
from tests.properties.test_corrections import CALM, HOUR, days_go_by, of_kind, says
from tests.properties.test_repeated_events import DAY, NAME, a_world, revocations, told
from tests.properties.world import World

WAITING = CALM | {CaseState.OVERDUE, CaseState.WAITING_REGISTRATION}
STANDING = {CaseState.WAITING_DISABLED, CaseState.COMPLETED}


async def tells(world: World, event: Mapping[str, object]) -> None:
    """HR tells it, and when it happened; nothing is done about it yet."""
    await world.post({**event, "occurredAt": world.clock.now().isoformat()})


async def time_passes(world: World, span: timedelta, *, step: timedelta = HOUR) -> None:
    """Messages and timers come when they are due; what is stopped stays so."""
    end = world.clock.now() + span
    while world.clock.now() < end:
        while messages := world.broker.deliverable(world.clock.now()):
            await world.deliver(messages[0])
        await world.timers()
        world.clock.advance(step)


async def switch(world: World, capability: Capability, mode: Mode) -> None:
    """The operators let something act, or stop it."""
    entry = await world.controls.entry(capability)
    await world.controls.replace(capability, entry, ControlEntry(mode=mode))


async def rests(world: World, *, days: int) -> None:
    """Nothing is told for so many days; nobody registers either."""
    world.clock.advance(days * DAY)
    await world.settle(WAITING)


def without_methods(world: World) -> None:
    """The person has yet to register."""
    user = world.user(NAME)
    assert user is not None
    world.tenant.people[user] = replace(world.tenant.people[user], methods=())


async def test_a_last_day_that_was_corrected_stays_so_after_the_return() -> None:
    """A new contract in five days; the old one ends in ten; no, in three."""
    world = await a_world()
    await says(world, told("new-contract", "rehire", world, days=5))
    await says(world, told("wrong", "leaver", world, days=10))
    await says(world, told("corrected", "leaver", world, days=3))
    await time_passes(world, 6 * DAY, step=6 * HOUR)
    assert revocations(world) == 1
    await time_passes(world, 6 * DAY, step=6 * HOUR)
    assert revocations(world) == 1


@pytest.mark.parametrize("again", ["joiner", "rehire"])
async def test_a_corrected_first_day_stays_so_though_the_correction_was_cancelled(
    again: str,
) -> None:
    """By the leaver's own case, while the person had yet to register: day fifteen is no return."""
    world = await a_world()
    without_methods(world)
    await says(world, told("first", "rehire", world, days=15))
    await says(world, told("corrected", again, world, days=1))
    await rests(world, days=8)
    await tells(world, told("left", "leaver", world, days=0))
    await rests(world, days=0)
    assert CaseState.CANCELLED in of_kind(world, CaseKind.ONBOARDING)
    await rests(world, days=9)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.WAITING_DISABLED]
    assert CaseState.WAITING_REGISTRATION not in of_kind(world, CaseKind.ONBOARDING)


async def test_who_leaves_again_before_the_first_case_has_looked_is_seen_off() -> None:
    """Left; back three days later; two hours after that left for good, whenever that is."""
    for phase in range(0, 360, 45):
        world = await a_world()
        await says(world, told("left", "leaver", world, days=0))
        await time_passes(world, 3 * DAY + timedelta(minutes=phase), step=timedelta(minutes=15))
        await tells(world, told("back", "rehire", world, days=0))
        await time_passes(world, 2 * HOUR, step=timedelta(minutes=15))
        before = revocations(world)
        await tells(world, told("left-for-good", "leaver", world, days=0))
        await time_passes(world, DAY)
        assert set(of_kind(world, CaseKind.LEAVER)) & STANDING, phase
        assert revocations(world) == before + 1, phase


async def test_who_is_rehired_again_is_onboarded_again() -> None:
    """Rehired, left, rehired: what was dealt with the first time says nothing of the second."""
    world = await a_world()
    await says(world, told("back", "rehire", world, days=0))
    await days_go_by(world, 5)
    await says(world, told("left", "leaver", world, days=0))
    await days_go_by(world, 30)
    await says(world, told("back-again", "rehire", world, days=0))
    await days_go_by(world, 2)
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.COMPLETED, CaseState.COMPLETED]
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.SUPERSEDED]


@pytest.mark.parametrize("kind", ["joiner", "rehire"])
@pytest.mark.parametrize("times", [1, 2])
async def test_a_leaving_holds_once_it_is_done_however_often_it_was_told(
    kind: str, times: int
) -> None:
    """Nobody is onboarded for a first day that lies weeks before the last one."""
    world = await a_world()
    stray = told("stray", kind, world, days=-20)
    for number in range(times):
        await says(world, told(f"left-{number}", "leaver", world, days=0))
    user = world.user(NAME)
    assert user is not None
    person = world.tenant.people[user]
    world.tenant.block(user)
    await time_passes(world, 4 * DAY, step=6 * HOUR)
    assert CaseState.COMPLETED in of_kind(world, CaseKind.LEAVER)
    await says(world, stray)
    world.tenant.people[user] = replace(
        world.tenant.people[user], account=replace(person.account, enabled=True)
    )
    await rests(world, days=2)
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.SUPERSEDED]


async def dies_at(kind: str, so_far: Callable[[World, Case], bool]) -> World:
    """A world whose worker dies when the case of such an event has come so far, and no further."""
    for operations in range(100):
        world = await a_world()
        await tells(world, told(kind, kind, world, days=0))
        world.interruptions.plan = {operations: How.CRASH_AFTER}
        await world.deliver(world.broker.queue[0])
        (stored,) = world.watch.cases.values()
        if so_far(world, stored.case):
            return world
    raise AssertionError("It never stood there.")


async def test_a_change_under_way_is_looked_at_again_though_the_person_has_left() -> None:
    """The worker died after it had announced to enable; then onboarding was stopped."""
    world = await dies_at("joiner", lambda _, case: case.change is not None)
    await switch(world, Capability.ONBOARDING, Mode.STOP)
    world.clock.advance(HOUR)
    await tells(world, told("left", "leaver", world, days=0))
    await world.deliver(world.broker.deliverable(world.clock.now())[-1])
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.WAITING_DISABLED]
    await time_passes(world, DAY)
    ended = next(iter(world.watch.cases.values())).case
    assert (ended.state, ended.change) == (CaseState.CANCELLED, None)


async def test_a_return_is_not_cancelled_by_the_leaving_before_it() -> None:
    """The leaver's case was stopped between two steps until the person was back."""
    world = await dies_at("leaver", lambda world, _: revocations(world) == 1)
    without_methods(world)
    await switch(world, Capability.LEAVER, Mode.STOP)
    await time_passes(world, 2 * HOUR)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.SESSIONS_REVOKED]
    await tells(world, told("back", "rehire", world, days=0))
    await time_passes(world, DAY)
    await switch(world, Capability.LEAVER, Mode.ACT)
    await time_passes(world, DAY)
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.WAITING_REGISTRATION]
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.SUPERSEDED]


@pytest.mark.parametrize("ahead", [0, 10])
async def test_a_leaving_is_not_lost_to_the_one_before_that_is_told_anew(ahead: int) -> None:
    """Left, back, leaves again; and the feed repeats the first one with a new stamp."""
    world = await a_world()
    old = told("old", "leaver", world, days=0)
    await says(world, old)
    await days_go_by(world, 2)
    await says(world, told("back", "rehire", world, days=1))
    await days_go_by(world, 10)
    before = revocations(world)
    await tells(world, told("new", "leaver", world, days=ahead))
    await tells(world, {**old, "id": "old-again"})
    await time_passes(world, (ahead + 3) * DAY, step=6 * HOUR)
    assert revocations(world) == before + 1


async def test_a_return_that_is_told_anew_after_the_leaving_keeps_nobody() -> None:
    """Its first day lies before the last one: the feed only repeats itself."""
    world = await a_world()
    back = told("back", "rehire", world, days=0)
    await says(world, back)
    await days_go_by(world, 15)
    await says(world, told("left", "leaver", world, days=0))
    await days_go_by(world, 1)
    await says(world, {**back, "id": "back-again"})
    await days_go_by(world, 3)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.WAITING_DISABLED]


@pytest.mark.parametrize("again", [None, "joiner", "rehire"])
async def test_a_return_holds_though_it_is_told_twice(again: str | None) -> None:
    """For the same day, in whatever words; the end of the job before comes late, or in time."""
    for late in (True, False):
        world = await a_world()
        left = told("left", "leaver", world, days=2)
        await says(world, told("back", "rehire", world, days=10))
        if again is not None:
            await says(world, told("again", again, world, days=10))
        if not late:
            await says(world, left)
        await time_passes(world, 12 * DAY, step=6 * HOUR)
        assert CaseState.COMPLETED in of_kind(world, CaseKind.ONBOARDING)
        if late:
            await says(world, left)
            await days_go_by(world, 1)
        assert of_kind(world, CaseKind.LEAVER) == [CaseState.SUPERSEDED]
        assert revocations(world) == (0 if late else 1)


async def test_somebody_acts_though_every_case_could_give_way_to_another() -> None:
    """Back in two days, but blocked; told to join; left before the return, it comes at last."""
    world = await a_world()
    user = world.user(NAME)
    assert user is not None
    person, began = world.tenant.people[user], world.clock.now()
    world.tenant.block(user)
    await tells(world, told("back", "rehire", world, days=2))
    await time_passes(world, 3 * DAY)
    await switch(world, Capability.LEAVER, Mode.STOP)
    await tells(world, told("again", "joiner", world, days=0))
    await time_passes(world, DAY)
    left = told("left", "leaver", world, days=0)
    await tells(world, {**left, "effectiveAt": (began + DAY).isoformat()})
    await time_passes(world, DAY)
    world.tenant.people[user] = person
    await time_passes(world, DAY)
    await switch(world, Capability.LEAVER, Mode.ACT)
    await time_passes(world, 3 * DAY)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.SUPERSEDED]
    assert CaseState.COMPLETED in of_kind(world, CaseKind.ONBOARDING)
    assert world.tenant.people[user].state is PerUserMfaState.ENFORCED


@pytest.mark.parametrize("order", [1, -1])
async def test_a_date_that_a_human_has_to_look_at_makes_nothing_needless(order: int) -> None:
    """Left now, HR says, and then: in three hundred days."""
    world = await a_world()
    await tells(world, told("good", "leaver", world, days=0))
    world.clock.advance(timedelta(seconds=1))
    await tells(world, told("bad", "leaver", world, days=300))
    for message in list(world.broker.deliverable(world.clock.now()))[::order]:
        await world.deliver(message)
    await rests(world, days=1)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.WAITING_DISABLED, CaseState.PARKED]
    assert revocations(world) == 1


async def test_what_a_leaving_makes_needless_before_it_began_is_told_so() -> None:
    """Somebody is still asked about the old methods; what HR told of the return counts on."""
    world = await a_world(former_methods="remove")
    await tells(world, told("back", "rehire", world, days=0))
    await time_passes(world, 2 * HOUR)
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.AWAITING_APPROVAL]
    await tells(world, told("left", "leaver", world, days=0))
    await world.deliver(world.broker.deliverable(world.clock.now())[-1])
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.SUPERSEDED]
