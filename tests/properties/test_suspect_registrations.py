"""What is registered while a reset goes on: the person's own, or a stranger's."""

from datetime import timedelta

import pytest

from shared.domain.authentication import MethodType
from shared.domain.cases import CaseState, EventType
from shared.domain.ids import CaseId, UserId
from tests.properties.resets import (
    APP,
    NAME,
    REST,
    a_ticket,
    a_world,
    an_employee,
    collect,
    is_open,
    kinds_of,
    rounds,
    state_of,
)
from tests.properties.world import World, joiner


async def test_what_is_registered_before_the_block_is_suspect() -> None:
    """While the directory is in trouble the account is open; who registers then is nobody's."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world)
    while await state_of(world, case_id) is not CaseState.CONTAINED:
        await rounds(world, 1, 1)
    world.tenant.register(user, MethodType.HARDWARE_OATH)
    await rounds(world, 20)
    assert await state_of(world, case_id) is CaseState.PARKED
    assert world.published(case_id, EventType.SUSPECT_REGISTRATION) == 1
    assert not is_open(world, user)


async def test_who_registers_again_and_again_is_blocked() -> None:
    """What was removed may be seen once more, because replicas lag; not twice."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world)
    for _ in range(120):
        while messages := world.broker.deliverable(world.clock.now()):
            await world.deliver(messages[0])
        contained = await state_of(world, case_id) is CaseState.CONTAINED
        if contained and APP not in kinds_of(world, user):
            world.tenant.register(user, APP)
        world.clock.advance(timedelta(seconds=1))
    assert world.published(case_id, EventType.SUSPECT_REGISTRATION) == 1
    assert not is_open(world, user)


async def two_cases(world: World) -> tuple[UserId, CaseId, CaseId]:
    """Somebody who is brought in, and reports a lost device; nothing of theirs is blocked."""
    world.tenant.registration_guarded = True
    user = an_employee(world)
    await world.post(joiner("j1", NAME))
    await world.settle(REST)
    reset = await a_ticket(world, 7, verified_by="agent@contoso.example")
    await world.settle(REST)
    return user, world.acknowledged[0].case_id, reset


async def test_a_pass_of_their_onboarding_explains_what_somebody_registers() -> None:
    """Our own record says that the person was given one, and it is alive: nobody is alarmed."""
    world = await a_world()
    user, onboarding, reset = await two_cases(world)
    world.clock.advance(timedelta(minutes=2))
    await collect(world, onboarding)
    await rounds(world, 5)
    world.tenant.register(user, APP)
    await rounds(world, 90)
    assert await state_of(world, reset) is CaseState.COMPLETED
    assert world.published(reset, EventType.SUSPECT_REGISTRATION) == 0
    assert is_open(world, user)


@pytest.mark.parametrize("how", ["before", "late", "verifier", "expired"])
async def test_a_pass_that_proves_nothing_explains_nothing(how: str) -> None:
    """Made before the device was out, run out, or collected by who verified the caller."""
    world = await a_world()
    agent = world.tenant.add("agent@contoso.example")
    if how == "before":
        world.tenant.registration_guarded = True
        user = an_employee(world)
        await world.post(joiner("j1", NAME))
        await world.settle(REST)
        await collect(world, world.acknowledged[0].case_id)
        reset = await a_ticket(world, 7)
        await world.settle(REST)
    else:
        user, onboarding, reset = await two_cases(world)
        world.clock.advance(timedelta(minutes=2))
        await collect(world, onboarding, agent if how == "verifier" else "collector")
    if how == "expired":
        await rounds(world, 70)
    world.tenant.register(user, APP)
    if how == "late":
        world.clock.advance(timedelta(minutes=70))
    await rounds(world, 90)
    assert await state_of(world, reset) is CaseState.PARKED
    assert world.published(reset, EventType.SUSPECT_REGISTRATION) == 1
    assert not is_open(world, user)
