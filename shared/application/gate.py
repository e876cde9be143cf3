"""What every change of a person has to pass, whoever the person is (safety rules S6 and S8)."""

from typing import assert_never

from shared.application.ports.control import Modes
from shared.application.ports.leases import Lease
from shared.domain.control import Capability, Mode
from shared.domain.errors.control import Observing, Stopped
from shared.domain.errors.storage import LeaseLost
from shared.domain.ids import UserId


class Gate:
    """Lets a change through, or says why not.

    Args:
        modes: whether a capability may act.
    """

    def __init__(self, modes: Modes) -> None:
        self._modes = modes

    async def check(self, user: UserId, capability: Capability, lease: Lease) -> None:
        """Return if the person may be changed now.

        Raises:
            Stopped: the capability is stopped, or nobody can tell.
            Observing: the capability only observes.
            LeaseLost: somebody else has taken the person over.
            StoreUnavailable: the lease can't be confirmed.
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
                # Last of all: whatever took its time above may have cost us the lease.
                await lease.confirm()
            case _:
                assert_never(mode)
