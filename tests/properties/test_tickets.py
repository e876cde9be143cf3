"""Tickets on the queue over the whole system in memory: many at once, and every interruption."""

import json
from collections import Counter
from itertools import count
from random import Random
from typing import Final

import pytest

from shared.application.ports.cases import StoredCase
from shared.contracts.envelopes import Envelope
from shared.domain.cases import CaseState, EventType
from shared.domain.plans import ResetPlan
from shared.names import BROKER, Queue
from tests.properties.interrupting import How
from tests.properties.world import World

CONSUMERS: Final = 16
MANY: Final = 1_000
TICKET: Final = {
    "ticketId": "INC-1",
    "userPrincipalName": "robin@contoso.example",
    "reason": "lost",
    "requestedBy": "Robin",
}


def ticket(**changes: object) -> bytes:
    """A ticket that nobody verified."""
    return json.dumps(TICKET | changes).encode()


async def deliver(world: World, body: bytes, *, host: int = 0) -> int:
    """Deliver a message until a worker settles it, with its copies; how often that took."""
    waiting, deliveries = [(body, Envelope(message_id="m"))], 0
    while waiting:
        content, envelope = waiting.pop()
        work = world.hosts[host].work_on_message(Queue.RESETS, content, deliveries + 1, envelope)
        answer = await world.attempt(f"worker {host}", work)
        deliveries += 1
        if isinstance(answer, BaseException):
            waiting.append((content, envelope))
        waiting += world.tickets.messages
        world.tickets.messages.clear()
    return deliveries


async def consume(world: World, bodies: list[bytes], *, host: int) -> None:
    """One of several consumers of the queue."""
    while bodies:
        await deliver(world, bodies.pop(), host=host)


def tickets_of(world: World) -> Counter[str]:
    """How many cases each ticket has."""
    plans = [stored.case.plan for stored in world.watch.cases.values()]
    return Counter(plan.ticket_id for plan in plans if isinstance(plan, ResetPlan))


@pytest.mark.parametrize("people", [1, MANY])
async def test_of_many_tickets_none_is_lost(people: int) -> None:
    """Each delivered twice to sixteen consumers: one case for each, which is taken up.

    Nobody knows these people, so all that can be told of them is just that.
    """
    chance = Random(people)  # noqa: S311  (the order of the deliveries)
    world = World(chance)
    names = [f"INC-{number}" for number in range(MANY)]
    bodies = [
        ticket(ticketId=name, userPrincipalName=f"person-{number % people}@contoso.example")
        for number, name in enumerate(names)
    ]
    queue = [*bodies, *bodies]
    chance.shuffle(queue)
    consumers = (consume(world, queue, host=number % 2) for number in range(CONSUMERS))
    await world.together(chance, *consumers)
    assert world.watch.broken == []
    assert tickets_of(world) == Counter(names)
    # Of two hosts that open the same case at once, one comes back to it later.
    await world.settle(frozenset({CaseState.PARKED}))


async def a_case(world: World) -> StoredCase:
    """The one case of the ticket."""
    (case_id,) = world.watch.cases
    stored = await world.cases.load(case_id)
    assert stored is not None
    return stored


@pytest.mark.parametrize("how", How)
async def test_a_ticket_survives_every_interruption(how: How) -> None:
    """Whatever dies or fails at whatever operation: one case, which is taken up once."""
    for operation in count():
        world = World(Random(operation))  # noqa: S311  (which replica answers)
        world.interruptions.plan[operation] = how
        assert await deliver(world, ticket()) <= BROKER.max_delivery_count
        undisturbed = bool(world.interruptions.plan)
        world.interruptions.plan.clear()
        await deliver(world, ticket())
        assert world.watch.broken == []
        await world.settle(frozenset({CaseState.PARKED}))
        stored = await a_case(world)
        assert stored.case.source == "queue"
        assert [event.type for event in stored.events] == [EventType.ACCEPTED, EventType.PARKED]
        if undisturbed:
            assert operation > 3
            return


@pytest.mark.parametrize("how", How)
async def test_the_answer_to_a_bad_message_survives_every_interruption(how: How) -> None:
    """It is parked once, and its sender is told once, by the recovery timer at the latest."""
    for operation in count():
        world = World(Random(operation))  # noqa: S311  (which replica answers)
        world.interruptions.plan[operation] = how
        assert await deliver(world, ticket(reason="bored")) <= BROKER.max_delivery_count
        undisturbed = bool(world.interruptions.plan)
        world.interruptions.plan.clear()
        await world.hosts[0].tell_parked()
        (kept,), _ = await world.parked.newest(None)
        assert (kept.reason, kept.told) == ("malformed-message", True)
        (event,) = world.broker.published.values()
        assert event.event_type == EventType.PARKED
        assert event.ticket_id == "INC-1"
        assert world.watch.cases == {}
        if undisturbed:
            assert operation > 3
            return
