"""Tickets that are worked on before their case is stored: deaths, repetitions, contradictions."""

import json
from collections.abc import Awaitable, Callable
from itertools import count
from random import Random

import pytest

from shared.application.ports.messages import DeadLetter
from shared.domain.authentication import MethodType
from shared.domain.cases import CaseState, EventType
from shared.domain.control import Mode
from shared.domain.effects.methods import RemoveMethod
from shared.domain.ids import UserId
from shared.names import BROKER, Queue
from tests.properties.interrupting import How
from tests.properties.resets import NAME, an_employee, kinds_of, rounds
from tests.properties.test_tickets import deliver
from tests.properties.world import World

APP = MethodType.MICROSOFT_AUTHENTICATOR


async def a_world(seed: int = 1) -> World:
    """A world that acts."""
    world = World(Random(seed))  # noqa: S311  (which replica answers)
    await world.set_mode(Mode.ACT)
    return world


def verified(**whom: str) -> bytes:
    """A ticket of somebody whom the help desk has made sure of."""
    told = {
        "ticketId": "INC-1",
        "reason": "lost",
        "requestedBy": "Robin",
        "verification": {"by": "agent-7", "method": "callback"},
    }
    return json.dumps(told | whom).encode()


def told(world: World, event_type: EventType) -> int:
    """How often the sender heard of such an event."""
    return sum(one.event_type == event_type for one in world.broker.published.values())


def while_methods_are_read(world: World, happens: Callable[[], Awaitable[object]]) -> None:
    """Let something happen while a worker reads the methods for the first time."""
    read = world.tenant.methods
    happened: list[UserId] = []

    async def methods(user: UserId) -> object:
        if not happened:
            happened.append(user)
            await happens()
        return await read(user)

    world.tenant.methods = methods  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("by_name", [True, False])
async def test_a_lost_device_is_shut_out_whatever_fails(how: How, *, by_name: bool) -> None:
    """At whatever operation: one case, one removal, told once, also where it is delivered again."""
    for operation in count():
        world = await a_world(operation)
        user = an_employee(world, APP)
        body = verified(userPrincipalName=NAME) if by_name else verified(userId=user)
        world.interruptions.plan[operation] = how
        await deliver(world, body)
        undisturbed = bool(world.interruptions.plan)
        world.interruptions.plan.clear()
        if operation % 2:
            await deliver(world, body, host=1)
        await rounds(world, 12)
        assert world.watch.broken == []
        (stored,) = world.watch.cases.values()
        assert stored.case.state is CaseState.WAITING_REGISTRATION
        removals = [effect for _, effect in world.tenant.writes if isinstance(effect, RemoveMethod)]
        assert len(removals) == 1
        assert told(world, EventType.ACCEPTED) == told(world, EventType.CONTAINED) == 1
        if undisturbed:
            assert operation > 10
            return


async def test_the_same_ticket_twice_at_once_keeps_nobody_in() -> None:
    """The second worker stores the case and leaves; the first goes on with it at once."""
    world = await a_world()
    user = an_employee(world, APP)
    while_methods_are_read(world, lambda: deliver(world, verified(userId=user), host=1))
    began = world.clock.now()
    await deliver(world, verified(userId=user))
    assert APP not in kinds_of(world, user)
    assert world.clock.now() == began
    (stored,) = world.watch.cases.values()
    assert [step.action for step in stored.steps].count("accept") == 1
    assert world.watch.broken == []


async def test_another_ticket_of_that_id_is_told_of_though_it_comes_in_between() -> None:
    """It is about somebody else: the case tells, once it is stored."""
    world = await a_world()
    user = an_employee(world, APP)
    other = an_employee(world, APP, name="other@contoso.example")
    attempt = world.hosts[1].work_on_message(Queue.RESETS, verified(userId=other), 1)
    while_methods_are_read(world, lambda: world.attempt("worker 1", attempt))
    await deliver(world, verified(userId=user))
    await rounds(world, 8)
    assert told(world, EventType.CONTRADICTED) == 1
    assert APP in kinds_of(world, other)


def fails_unforeseen(world: World, *, times: int) -> None:
    """A mistake of ours: so many times, nobody's methods can be read."""
    read, left = world.tenant.methods, [None] * times

    async def methods(user: UserId) -> object:
        if left:
            left.pop()
            raise TypeError("A mistake of ours.")
        return await read(user)

    world.tenant.methods = methods  # type: ignore[method-assign, assignment]


async def test_what_fails_unforeseen_is_on_record_from_its_second_delivery_on() -> None:
    """So it is taken up again, whatever its sender does."""
    world = await a_world()
    user = an_employee(world, APP)
    fails_unforeseen(world, times=3)
    for attempt, cases in ((1, 0), (2, 1), (3, 1)):
        work = world.hosts[0].work_on_message(Queue.RESETS, verified(userId=user), attempt)
        assert isinstance(await world.attempt("worker 0", work), TypeError)
        assert len(world.watch.cases) == cases
    await rounds(world, 4)
    assert APP not in kinds_of(world, user)


@pytest.mark.parametrize("other", [False, True])
async def test_what_the_broker_gave_up_is_answered_once_and_can_be_replayed(*, other: bool) -> None:
    """The case is parked, and not the message beside it; but one of another content is."""
    world = await a_world()
    user = an_employee(world, APP)
    fails_unforeseen(world, times=BROKER.max_delivery_count)
    for attempt in range(1, BROKER.max_delivery_count + 1):
        work = world.hosts[0].work_on_message(Queue.RESETS, verified(userId=user), attempt)
        assert isinstance(await world.attempt("worker 0", work), TypeError)
    body = verified(userId=user, reason="stolen") if other else verified(userId=user)
    world.broker.dead.append(
        DeadLetter(message_id="m", queue=Queue.RESETS, body=body, reason="tired", attempts=5)
    )
    await world.hosts[0].keep_dead_letters(Queue.RESETS)
    (stored,) = world.watch.cases.values()
    assert stored.case.state is (CaseState.ACCEPTED if other else CaseState.PARKED)
    (kept,), _ = await world.parked.newest(None)
    assert kept.case_id == (None if other else stored.case.case_id)
    if not other:
        await world.hosts[0].replay_parked(kept.parked_id, "operator")
    await rounds(world, 4)
    assert APP not in kinds_of(world, user)
    assert told(world, EventType.PARKED) == 1
