"""What every change of a person has to pass, whoever the person is (S5, S6 and S8)."""

from typing import assert_never

from shared.application.ports.control import Modes
from shared.application.ports.leases import Lease
from shared.application.spending import SpendBudget
from shared.domain.budgets.flows import Budget, Spender
from shared.domain.control import Capability, Mode
from shared.domain.errors.control import Observing, Stopped
from shared.domain.errors.storage import LeaseLost
from shared.domain.ids import UserId


class Gate:
    """Lets a change through, or says why not.

    Args:
        modes: whether a capability may act.
        spend: takes changes out of their budgets.
    """

    def __init__(self, modes: Modes, spend: SpendBudget) -> None:
        self._modes = modes
        self._spend = spend

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
                if counts is not None:
                    await self._spend(*counts)
                # Last of all: whatever took its time above may have cost us the lease.
                await lease.confirm()
            case _:
                assert_never(mode)
