"""What every change of a person has to pass, whoever the person is (S5, S6 and S8)."""

import asyncio
from collections.abc import Callable
from typing import Final, assert_never

from shared.application.ports.control import Modes
from shared.application.ports.leases import Lease
from shared.application.spending import SpendBudget
from shared.domain.budgets.flows import Budget, Spender
from shared.domain.control import Capability, Mode
from shared.domain.errors.control import Observing, Stopped
from shared.domain.errors.storage import LeaseLost
from shared.domain.ids import UserId

FRESH: Final = 1.0
"""Seconds for which a confirmed lease is not confirmed again while a change is being counted."""


class Gate:
    """Lets a change through, or says why not.

    Args:
        modes: whether a capability may act.
        spend: takes changes out of their budgets.
        monotonic: a clock in seconds that never goes back; `time.monotonic` in real use.
    """

    def __init__(self, modes: Modes, spend: SpendBudget, monotonic: Callable[[], float]) -> None:
        self._modes = modes
        self._spend = spend
        self._monotonic = monotonic

    async def check(
        self,
        user: UserId,
        capability: Capability,
        lease: Lease,
        *,
        counts: tuple[Budget, Spender] | None,
    ) -> None:
        """Return if the person may be changed now.

        Args:
            user: whom.
            capability: on whose behalf.
            lease: the caller's lease on the person.
            counts: what the change counts as, and on whose account; None where it does not count.

        Raises:
            Stopped: the capability is stopped, or nobody can tell.
            Observing: the capability only observes.
            BudgetExhausted: the flow is held.
            LeaseLost: somebody else has taken the person over.
            StoreUnavailable: the lease can't be confirmed, or the change not be counted.
        """
        mode = await self._modes.mode(capability)
        match mode:
            case Mode.STOP:
                raise Stopped(f"The capability {capability} is stopped.")
            case Mode.OBSERVE:
                raise Observing(f"The capability {capability} only observes.")
            case Mode.ACT:
                if lease.subject != user:
                    raise LeaseLost("The lease is on somebody else.")
                await self._count_and_confirm(lease, counts)
            case _:
                assert_never(mode)

    async def _count_and_confirm(self, lease: Lease, counts: tuple[Budget, Spender] | None) -> None:
        """Do both at once; the lease has the last word where counting took its time."""
        began = self._monotonic()
        if counts is not None:
            outcomes = await asyncio.gather(
                self._spend(*counts), lease.confirm(), return_exceptions=True
            )
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome
        if counts is None or self._monotonic() - began >= FRESH:
            await lease.confirm()
