"""Counting and the confirmation of the lease go side by side; a stale one counts for nothing."""

import asyncio
from datetime import datetime, timedelta

import pytest

from shared.application.gate import FRESH, Gate
from shared.domain.budgets.flows import Budget, Flow, Spender
from shared.domain.budgets.limits import Allowance
from shared.domain.control import Capability, Mode
from shared.domain.errors.storage import LeaseLost, StoreUnavailable
from shared.domain.ids import UserId
from tests.contract.leases import A_SPENDER
from tests.fakes.budgets import FakeBudgets, spending
from tests.properties.clock import WorldClock
from tests.unit.application.test_guarded import SetModes

USER = UserId("aaaaaaaa-0000-0000-0000-000000000000")
COUNTS: tuple[Budget, Spender] = (Budget.METHODS_REMOVED, A_SPENDER)


class WatchedLease:
    """A lease that others may take over.

    Attributes:
        lost: whether they did.
        confirmed: how often it was confirmed.
        asked: set at the first confirmation.
    """

    subject, fence = USER, 1

    def __init__(self) -> None:
        self.lost, self.confirmed, self.asked = False, 0, asyncio.Event()

    async def confirm(self) -> None:
        """Tell whether it is still ours."""
        self.asked.set()
        if self.lost:
            raise LeaseLost("Taken over.")
        self.confirmed += 1


class SlowBudgets(FakeBudgets):
    """Counting takes its time, in which others take the lease over."""

    def __init__(self, clock: WorldClock, lease: WatchedLease, seconds: float) -> None:
        super().__init__()
        self._clock, self._lease, self._seconds = clock, lease, seconds

    async def spend(self, flow: Flow, key: str, allowance: Allowance, now: datetime) -> bool:
        """Count, once the lease was asked about."""
        await self._lease.asked.wait()
        self._clock.advance(timedelta(seconds=self._seconds))
        self._lease.lost = True
        return await super().spend(flow, key, allowance, now)


async def pass_through(lease: WatchedLease, budgets: FakeBudgets, clock: WorldClock) -> None:
    """Pass the gate."""
    gate = Gate(SetModes(Mode.ACT), spending(budgets, clock), clock.monotonic)
    await gate.check(USER, Capability.RESET, lease, counts=COUNTS)


async def test_counting_and_confirming_go_side_by_side() -> None:
    """Where counting is quick, one confirmation meanwhile is enough."""
    clock, lease = WorldClock(), WatchedLease()
    await pass_through(lease, SlowBudgets(clock, lease, 0), clock)
    assert lease.confirmed == 1


async def test_slow_counting_costs_the_lease() -> None:
    """Who was taken over while they counted writes nothing, whatever was confirmed before."""
    clock, lease = WorldClock(), WatchedLease()
    with pytest.raises(LeaseLost):
        await pass_through(lease, SlowBudgets(clock, lease, FRESH), clock)


async def test_lost_lease_stops_whoever_has_counted() -> None:
    """A lease that was lost before is noticed, however quick counting is."""
    clock, lease = WorldClock(), WatchedLease()
    lease.lost = True
    with pytest.raises(LeaseLost):
        await pass_through(lease, FakeBudgets(), clock)


async def test_what_can_not_be_counted_is_not_let_through() -> None:
    """The lease alone opens nothing."""
    clock, lease, budgets = WorldClock(), WatchedLease(), FakeBudgets()
    budgets.down = True
    with pytest.raises(StoreUnavailable):
        await pass_through(lease, budgets, clock)
