"""Many lost devices at once, from the queue to the end: none lost, none done twice."""

import asyncio
import json
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Final

import pytest

from shared.application.due import SILENT
from shared.application.ports.cases import StoredCase
from shared.contracts.envelopes import Envelope
from shared.domain.authentication import MethodType
from shared.domain.budgets.flows import Budget, Flow
from shared.domain.cases import CaseState, EventType
from shared.domain.control import Mode
from shared.domain.effects.methods import RemoveMethod
from shared.domain.ids import SourceName, UserId
from shared.domain.plans import ResetPlan
from shared.domain.transitions import Transition
from shared.names import Queue
from shared.settings import Settings
from tests.builders import ROOMY_SETTINGS
from tests.properties.interrupting import Crash, How
from tests.properties.leases import LASTING, CrashedLeases
from tests.properties.resets import WAITS, an_employee, collect, kinds_of
from tests.properties.watch import Watch
from tests.properties.world import ENVIRONMENT, OVER, SETTINGS, World

CONSUMERS: Final = 16
MOST_ROUNDS: Final = 2_000
STRIDE: Final = timedelta(seconds=1)
"""Time that goes by while the consumers are at work."""
LATER_STRIDE: Final = timedelta(seconds=20)
"""The same once everybody has registered: an hour of looks at the audit log is still to come."""
MOST_FOR_ONE: Final = 50
"""Requests to the directory that the reset of one person takes, with much to spare."""
MOST_A_TICKET: Final = 95
"""Operations that one of many tickets about a person takes, whatever their number."""
SOME: Final = 100
"""Tickets that come to wait first, and last; the last take hardly more than the first."""
HARDLY_MORE: Final = 1.25
AS_EVER: Final = Settings.from_environment(
    {name: value for name, value in ENVIRONMENT.items() if name not in ROOMY_SETTINGS}
)
METHODS: Final = Flow(Budget.METHODS_REMOVED, SourceName("queue"))
BLOCKS: Final = Flow(Budget.SIGN_IN_BLOCKED, SourceName("queue"))


def ticket(number: int, name: str) -> bytes:
    """A verified ticket."""
    return json.dumps(
        {
            "ticketId": f"INC-{number}",
            "userPrincipalName": name,
            "reason": "lost",
            "requestedBy": "Robin Example",
            "verification": {"by": "agent-7", "method": "callback"},
        }
    ).encode()


class OneWriter(Watch):
    """Sees to it that only who holds a person writes about them."""

    leases: CrashedLeases | None = None

    def saved(self, before: StoredCase | None, now: StoredCase, transition: Transition) -> None:
        """A case was saved."""
        super().saved(before, now, transition)
        if before is None or self.leases is None:
            return
        held = self.leases.tenures.get(before.case.subject)
        ours = held is not None and held.holder is asyncio.current_task()
        self.expect(ours, f"{before.case.case_id} is written without a lease")


async def consume(world: World, tickets: list[bytes], *, host: int) -> None:
    """One of several consumers: tickets, and what the cases have sent themselves."""
    while True:
        if tickets:
            asked = tickets.pop()
            work = world.hosts[host].work_on_message(
                Queue.RESETS, asked, 1, Envelope(message_id="m")
            )
            answer = await world.attempt(f"worker {host}", work)
            if isinstance(answer, Crash):
                tickets.append(asked)
            else:
                world.watch.expect(answer is None, f"a ticket comes to {answer!r}")
        elif ready := world.broker.deliverable(world.clock.now()):
            await world.deliver(ready[0], host=host)
        else:
            return


async def until(
    world: World,
    chance: Random,
    rest: frozenset[CaseState],
    *tickets: bytes,
    stride: timedelta = STRIDE,
) -> None:
    """All consumers at once, time and again, until every case is in one of these states."""
    waiting = list(tickets)
    for _ in range(MOST_ROUNDS):
        turns = (consume(world, waiting, host=number % 2) for number in range(CONSUMERS))
        await world.together(chance, *turns)
        await world.timers()
        if world.broker.deliverable(world.clock.now()):
            continue
        if states(world).keys() <= rest:
            return
        later = [message.at for message in world.broker.queue if message.at is not None]
        world.clock.advance(stride)
        world.clock.advance_to(min(later))
    raise AssertionError(f"no end: {states(world)}")


def states(world: World) -> Counter[CaseState]:
    """How many cases are in which state."""
    return Counter(stored.case.state for stored in world.watch.cases.values())


async def to_the_end(
    tickets: int,
    people: int,
    settings: Settings = SETTINGS,
    *,
    plans: tuple[dict[int, How], dict[int, How]] = ({}, {}),
) -> World:
    """Everybody loses their device, is given a pass and registers another.

    Args:
        tickets: how many there are, about one person after the other.
        people: how many there are.
        settings: how the hosts are set up.
        plans: what goes wrong before the passes are collected, and after.
    """
    chance = Random(people)  # noqa: S311  (whose turn it is)
    world = World(chance, settings, watch=OneWriter)
    assert isinstance(world.watch, OneWriter)
    world.watch.leases = world.leases
    await world.set_mode(Mode.ACT)
    names = [f"person-{number}@contoso.example" for number in range(people)]
    users = [an_employee(world, MethodType.MICROSOFT_AUTHENTICATOR, name=name) for name in names]
    asked = [ticket(number, names[number % people]) for number in range(tickets)]
    world.interruptions.plan = dict(plans[0])
    await until(world, chance, frozenset({*WAITS, CaseState.JOINED, CaseState.HELD}), *asked)
    world.interruptions.plan.clear()
    world.clock.advance(LASTING)  # Whoever has died holds nobody any more.
    for case_id, stored in list(world.watch.cases.items()):
        if stored.case.state is CaseState.WAITING_REGISTRATION:
            await collect(world, case_id, by=f"agent-for-{case_id}")
    for user in users:
        if MethodType.MICROSOFT_AUTHENTICATOR not in kinds_of(world, user):
            world.tenant.register(user, MethodType.FIDO2)
    world.interruptions.plan = dict(plans[1])
    await until(world, chance, OVER | {CaseState.HELD}, stride=LATER_STRIDE)
    return world


async def check_answers(world: World, tickets: int) -> None:
    """Each ticket has one case, which is done and was answered; nothing was done twice."""
    assert world.watch.broken == []
    assert states(world) == {CaseState.COMPLETED: tickets}
    plans = [stored.case.plan for stored in world.watch.cases.values()]
    asked = Counter(plan.ticket_id for plan in plans if isinstance(plan, ResetPlan))
    assert asked == Counter(f"INC-{number}" for number in range(tickets))
    told = Counter((one.ticket_id, one.event_type) for one in world.broker.published.values())
    for ticket_id in asked:
        assert told[ticket_id, EventType.ACCEPTED] == 1
        assert told[ticket_id, EventType.COMPLETED] == 1


def removals(world: World) -> Counter[UserId]:
    """How many methods each person has lost."""
    return Counter(user for user, effect in world.tenant.writes if isinstance(effect, RemoveMethod))


@pytest.mark.parametrize("people", [60, pytest.param(400, marks=pytest.mark.slow)])
async def test_as_many_tickets_as_people(people: int) -> None:
    """Each of them loses their method once and registers again; nobody waits for anybody."""
    world = await to_the_end(people, people)
    await check_answers(world, people)
    assert set(removals(world).values()) == {1}
    assert len(removals(world)) == people


@pytest.mark.parametrize("tickets", [60, pytest.param(1_000, marks=pytest.mark.slow)])
async def test_as_many_tickets_about_one_person(tickets: int) -> None:
    """One of them does the work; all are answered, and ask little of the directory."""
    world = await to_the_end(tickets, 1)
    await check_answers(world, tickets)
    assert list(removals(world).values()) == [1]
    carried = [one for one in world.watch.cases.values() if one.case.reset.joined is not None]
    assert len(carried) == tickets - 1
    # Each looks its person up; what the work itself takes does not grow with the tickets.
    assert world.interruptions.operations["LaggingTenant"] <= tickets + MOST_FOR_ONE
    spent = operations(world)
    assert len(spent) == tickets
    assert sum(spent) <= MOST_A_TICKET * tickets
    assert sum(spent[-SOME:]) <= HARDLY_MORE * sum(spent[:SOME])


def operations(world: World) -> list[int]:
    """What the messages of each ticket took, in the order in which those came to wait."""
    case_of = {
        stored.case.plan.ticket_id: case_id
        for case_id, stored in world.watch.cases.items()
        if isinstance(stored.case.plan, ResetPlan)
    }
    waiting = (
        one.ticket_id
        for one in world.broker.published.values()
        if one.event_type == EventType.WAITING
    )
    return [world.interruptions.spent[case_of[name]] for name in waiting if name is not None]


@pytest.mark.parametrize("how", [How.CRASH_BEFORE, How.CRASH_AFTER])
async def test_a_crowd_survives_the_death_of_a_worker(how: How) -> None:
    """Wherever it dies, among others that are settled by the way: each ticket is answered once."""
    tickets = 6
    undisturbed = await to_the_end(tickets, 1)
    steps = sum(undisturbed.interruptions.spent.values())
    for number in range(0, steps, 3):
        world = await to_the_end(tickets, 1, plans=({number: how}, {number: how}))
        world.clock.advance(2 * SILENT)  # What the dead did not tell is told by the recovery timer.
        await world.timers()
        await check_answers(world, tickets)
        assert list(removals(world).values()) == [1]


async def test_who_has_joined_a_cancelled_ticket_goes_on_without_it() -> None:
    """The one that did the work is called off: within minutes the next one does it."""
    chance = Random(3)  # noqa: S311  (whose turn it is)
    world = World(chance, SETTINGS, watch=Watch)
    await world.set_mode(Mode.ACT)
    an_employee(world, MethodType.MICROSOFT_AUTHENTICATOR, name="person-0@contoso.example")
    rest = frozenset({*WAITS, CaseState.JOINED})
    await until(world, chance, rest, *(ticket(n, "person-0@contoso.example") for n in range(3)))
    cases = world.watch.cases.values()
    (first,) = (one.case for one in cases if one.case.state is CaseState.WAITING_REGISTRATION)
    await world.hosts[0].cancel_case(first.case_id, "operator")
    began = world.clock.now()
    await until(world, chance, rest | {CaseState.CANCELLED})
    expected = {CaseState.CANCELLED: 1, CaseState.WAITING_REGISTRATION: 1, CaseState.JOINED: 1}
    assert states(world) == expected
    assert world.clock.now() - began < timedelta(minutes=5)


async def test_the_26th_person_of_an_hour_waits_for_an_approval() -> None:
    """With the budgets as they are unless somebody sets them: nobody beyond loses anything."""
    people = 30
    world = await to_the_end(people, people, AS_EVER)
    assert states(world) == {CaseState.COMPLETED: 25, CaseState.HELD: people - 25}
    assert len(removals(world)) == 25
    told = Counter(one.event_type for one in world.broker.published.values())
    assert told[EventType.HELD] == people - 25
    await approve_flow(world, METHODS)
    # Then the same people are blocked until they come for a pass: an effect of its own.
    await until(world, Random(0), OVER | {CaseState.HELD})  # noqa: S311  (whose turn it is)
    assert len(removals(world)) == people
    await approve_flow(world, BLOCKS)
    await until(world, Random(0), OVER | WAITS)  # noqa: S311  (whose turn it is)
    assert states(world)[CaseState.WAITING_REGISTRATION] == people - 25
    assert world.watch.broken == []


async def approve_flow(world: World, flow: Flow) -> None:
    """Somebody lets a flow go on, and those who waited for it are woken and take it up."""
    hold = (await world.budgets.tally(flow, world.clock.now())).hold
    assert hold is not None
    await world.hosts[1].let_flow_go_on(flow.name, hold.hold_id, "approver")
