"""The contract of the port `Leases`."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from shared.adapters.tables.leases import TableLeases
from shared.adapters.tables.store import TableStore
from shared.application.ports.leases import Lease, Leases
from shared.domain.errors.storage import LeaseHeld, LeaseLost
from tests.fakes.leases import FakeLeases

SHORT = timedelta(milliseconds=300)
NEVER = timedelta(hours=1)
PATIENCE_SECONDS = 20
PERSON = "zoë_contoso.example#EXT#@fabrikam.example"

Make = Callable[..., Leases]


class Processes:
    """Gives the leases as one process after the other sees them, over one store."""

    def __init__(self, shared: FakeLeases | TableStore) -> None:
        self._shared = shared

    def one(self, lasting: timedelta = NEVER, renewed_every: timedelta | None = None) -> Leases:
        """One more process."""
        if isinstance(self._shared, FakeLeases):
            return self._shared.of_another_process(lasting=lasting, renewed_every=renewed_every)
        return TableLeases(self._shared, lasting=lasting, renewed_every=renewed_every)


@pytest.fixture(params=["fake", "tables"])
def make(request: pytest.FixtureRequest) -> Make:
    """Each implementation in turn."""
    if request.param == "fake":
        return Processes(FakeLeases()).one
    return Processes(request.getfixturevalue("store")).one


async def soon(leases: Leases, stack: AsyncExitStack) -> Lease:
    """Hold the lease on the person as soon as it is free."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return await stack.enter_async_context(leases.hold(PERSON))
            except LeaseHeld:
                await asyncio.sleep(0.02)


async def confirm_until_lost(lease: Lease) -> None:
    """Confirm again and again; it returns by an error only."""
    while True:
        await lease.confirm()
        await asyncio.sleep(0.02)


async def test_lease_is_held_and_confirmed(make: Make) -> None:
    """Who holds a lease can confirm it."""
    async with make().hold(PERSON) as lease:
        assert lease.fence == 1
        await lease.confirm()


async def test_second_worker_is_turned_away(make: Make) -> None:
    """While one worker holds a person nobody else does, and another person is free."""
    async with make().hold(PERSON):
        with pytest.raises(LeaseHeld):
            async with make().hold(PERSON):
                pytest.fail("Two workers held one person.")
        async with make().hold("another") as other:
            await other.confirm()


async def test_of_many_workers_one_holds(make: Make) -> None:
    """Of ten workers at once one gets the lease, the first time and every other time."""
    for round_number in (1, 2):
        async with AsyncExitStack() as stack:
            results = await asyncio.gather(
                *(stack.enter_async_context(make().hold(PERSON)) for _ in range(10)),
                return_exceptions=True,
            )
            (held,) = [result for result in results if not isinstance(result, BaseException)]
            assert sum(isinstance(result, LeaseHeld) for result in results) == 9
            assert held.fence == round_number


async def test_fence_grows_with_every_holder(make: Make) -> None:
    """Each holder has a higher number than the one before, also after a release."""
    fences = []
    for _ in range(4):
        async with make().hold(PERSON) as lease:
            fences.append(lease.fence)
    assert fences == [1, 2, 3, 4]


async def test_error_in_the_block_releases(make: Make) -> None:
    """A worker that fails gives the lease back, and its error comes through."""
    with pytest.raises(ZeroDivisionError):
        async with make().hold(PERSON):
            raise ZeroDivisionError
    async with make().hold(PERSON) as lease:
        assert lease.fence == 2


async def test_dead_holder_is_succeeded(make: Make) -> None:
    """A lease that nobody renews passes on when it has run out, and the old holder learns."""
    async with AsyncExitStack() as stack:
        dead = await stack.enter_async_context(make(SHORT, NEVER).hold(PERSON))
        heir = await soon(make(), stack)
        assert heir.fence == dead.fence + 1
        with pytest.raises(LeaseLost):
            await dead.confirm()
        await heir.confirm()


async def test_stale_release_leaves_the_heir_alone(make: Make) -> None:
    """A holder that was succeeded does not end its heir's lease by leaving."""
    async with AsyncExitStack() as heirs:
        async with AsyncExitStack() as dead:
            await dead.enter_async_context(make(SHORT, NEVER).hold(PERSON))
            heir = await soon(make(), heirs)
        await heir.confirm()
        with pytest.raises(LeaseHeld):
            async with make().hold(PERSON):
                pytest.fail("The stale holder freed the lease.")


async def test_lease_that_ran_out_is_lost(make: Make) -> None:
    """A lease that ran out is lost even while nobody has taken it."""
    async with make(SHORT, NEVER).hold(PERSON) as lease, asyncio.timeout(PATIENCE_SECONDS):
        with pytest.raises(LeaseLost):
            await confirm_until_lost(lease)
