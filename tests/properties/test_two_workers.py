"""S8: two workers on the same person, interleaved at every operation, are one writer."""

import asyncio
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.commands import decode_command
from shared.domain.authentication import MethodType
from shared.domain.control import Mode
from tests.properties.ends import check_ends
from tests.properties.world import AT_REST, OVER, World, joiner

NAME = "robin@contoso.example"


async def two_at_once(
    order: Random, *, same_case: bool, leases_run_out: int, registered: bool
) -> World:
    """Two workers, two messages, one person; leases may run out under them."""
    world = World(order)
    world.tenant.moves_by_itself = False
    await world.set_mode(Mode.ACT)
    user = world.tenant.add(NAME)
    if registered:
        world.tenant.register(user, MethodType.FIDO2)
    await world.post(joiner("evt-1", NAME))
    if same_case:
        await world.broker.send(decode_command(world.broker.queue[0].body))
    else:
        await world.post(joiner("evt-2", NAME))

    async def stalls() -> None:
        for _ in range(leases_run_out):
            await world.interruptions.next_operation()
            world.leases.run_out()

    messages = world.broker.deliverable(world.clock.now())
    await world.together(
        order, stalls(), *(world.deliver(one, host=host) for host, one in enumerate(messages))
    )
    assert world.watch.broken == []
    await world.settle(OVER if registered else AT_REST)
    await check_ends(world)
    return world


@settings(max_examples=150)
@given(
    order=st.randoms(use_true_random=False),
    same_case=st.booleans(),
    leases_run_out=st.integers(0, 4),
    registered=st.booleans(),
)
def test_two_workers_are_one_writer(
    order: Random,
    same_case: bool,  # noqa: FBT001  (drawn)
    leases_run_out: int,
    registered: bool,  # noqa: FBT001  (drawn)
) -> None:
    """Whoever lost the lease writes nothing; every change is told and made once."""
    world = asyncio.run(
        two_at_once(
            order, same_case=same_case, leases_run_out=leases_run_out, registered=registered
        )
    )
    assert len(world.tenant.writes) == (2 if registered else 1)


@pytest.mark.slow
@settings(max_examples=1000)
@given(
    order=st.randoms(use_true_random=False),
    same_case=st.booleans(),
    leases_run_out=st.integers(0, 8),
)
def test_two_workers_are_one_writer_at_length(
    order: Random,
    same_case: bool,  # noqa: FBT001  (drawn)
    leases_run_out: int,
) -> None:
    """Nor in any of many more orders."""
    asyncio.run(
        two_at_once(order, same_case=same_case, leases_run_out=leases_run_out, registered=True)
    )
