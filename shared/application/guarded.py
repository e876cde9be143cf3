"""What stands before every write to the directory (safety rules S2, S6 and S8)."""

from typing import assert_never

from shared.application.ports.control import Modes
from shared.application.ports.directory import DirectoryWrites
from shared.application.ports.leases import Lease
from shared.domain.control import Capability, Mode
from shared.domain.effects import Effect
from shared.domain.errors import LeaseLost, Observing, ProtectedAccount, Stopped
from shared.domain.ids import UserId


class GuardedWrites:
    """The port `DirectoryWrites` that flows are given: only what is allowed passes.

    Args:
        inner: the port that writes.
        modes: whether a capability may act.
        protected: object ids of the break-glass accounts, in any case.
    """

    def __init__(
        self, inner: DirectoryWrites, *, modes: Modes, protected: frozenset[UserId]
    ) -> None:
        self._inner = inner
        self._modes = modes
        self._protected = frozenset(user.casefold() for user in protected)

    async def write(
        self, user: UserId, effect: Effect, *, capability: Capability, lease: Lease
    ) -> None:
        """Ask for an effect, where the person, the mode and the lease allow it."""
        if user.casefold() in self._protected:
            raise ProtectedAccount("A break-glass account is never changed.")
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
                await self._inner.write(user, effect, capability=capability, lease=lease)
            case _:
                assert_never(mode)
