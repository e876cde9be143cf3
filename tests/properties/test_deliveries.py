"""The same event, however often, at once, in whatever order: one case, one effect, one ending."""

import asyncio
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.commands import decode_command
from shared.domain.authentication import MethodType
from shared.domain.cases import CaseState, EventType
from shared.domain.control import Mode
from tests.properties.broker import Message
from tests.properties.ends import check_ends
from tests.properties.interrupting import How
from tests.properties.world import OVER, World, joiner

NAME = "robin@contoso.example"
orders = st.randoms(use_true_random=False)


@settings(max_examples=60)
@given(
    copies=st.integers(1, 50),
    order=orders,
    broken=st.dictionaries(st.integers(0, 120), st.sampled_from(How), max_size=8),
)
def test_one_event_is_one_case(copies: int, order: Random, broken: dict[int, How]) -> None:
    """1 to 50 deliveries at once, with crashes in the intake, make one case with one ending."""

    async def story() -> None:
        world = World(order)
        await world.set_mode(Mode.ACT)
        user = world.tenant.add(NAME)
        world.tenant.register(user, MethodType.FIDO2)
        world.interruptions.plan = dict(broken)
        event = joiner("evt-1", NAME)
        await world.together(order, *(world.post(event, host=n % 2) for n in range(copies)))
        world.interruptions.plan.clear()
        await world.post(event)
        messages = world.broker.deliverable(world.clock.now())
        await world.together(
            order, *(world.deliver(message, host=n % 2) for n, message in enumerate(messages))
        )
        await world.settle(OVER)
        await check_ends(world)
        (stored,) = world.watch.cases.values()
        assert {ack.case_id for ack in world.acknowledged} == {stored.case.case_id}
        assert stored.case.state is CaseState.COMPLETED
        assert len(world.tenant.writes) == 1
        assert world.published(stored.case.case_id, EventType.COMPLETED) == 1

    asyncio.run(story())


@settings(max_examples=60)
@given(copies=st.integers(2, 12), order=orders, lost=st.lists(st.booleans(), max_size=12))
def test_one_command_is_one_effect(copies: int, order: Random, lost: list[bool]) -> None:
    """A command that is delivered many times, also at once, is carried out once."""

    async def story() -> None:
        world = World(order)
        await world.set_mode(Mode.ACT)
        world.tenant.add(NAME)
        await world.post(joiner("evt-1", NAME))
        (message,) = world.broker.queue
        for _ in range(copies - 1):
            await world.broker.send(decode_command(message.body))
        again = [*lost, *([False] * copies)]
        await world.together(
            order,
            *(
                world.deliver(one, host=n % 2, settlement_lost=again[n])
                for n, one in enumerate([*world.broker.queue])
            ),
        )
        await world.settle()
        await check_ends(world)
        (stored,) = world.watch.cases.values()
        assert stored.case.state is CaseState.WAITING_REGISTRATION
        assert len(world.tenant.writes) == 1
        assert [step.action for step in stored.steps].count("wait-for-registration") == 1

    asyncio.run(story())


@given(copies=st.integers(1, 10), early=st.booleans(), order=orders)
def test_wake_up_calls_do_not_multiply(copies: int, early: bool, order: Random) -> None:  # noqa: FBT001  (drawn)
    """A wake-up call that comes often, early or late leaves one wake-up call, and one look."""

    async def story() -> None:
        world = World(order)
        await world.set_mode(Mode.ACT)
        world.tenant.add(NAME)
        await world.post(joiner("evt-1", NAME))
        await world.settle()
        (wake,) = [one for one in world.broker.queue if one.at is not None]
        assert wake.at is not None
        world.broker.queue = [Message(wake.body, None) for _ in range(copies)]
        if not early:
            world.clock.advance_to(wake.at)
        for message in [*world.broker.queue]:
            await world.deliver(message)
        (stored,) = world.watch.cases.values()
        calls = {(decode_command(one.body).wake, one.at) for one in world.broker.queue}
        assert calls == {(stored.case.wait_until, stored.case.wait_until)}
        assert early or len(world.broker.queue) == 1

    asyncio.run(story())
