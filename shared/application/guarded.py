"""What stands before every write to the directory (safety rules S2, S6 and S8)."""

from shared.application.gate import Gate
from shared.application.ports.control import Modes
from shared.application.ports.directory import DirectoryWrites
from shared.application.ports.leases import Lease
from shared.domain.control import Capability
from shared.domain.effects import Effect
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
        self._gate = Gate(modes=modes, protected=protected)

    async def write(
        self, user: UserId, effect: Effect, *, capability: Capability, lease: Lease
    ) -> None:
        """Ask for an effect, where the person, the mode and the lease allow it."""
        await self._gate.check(user, capability, lease)
        await self._inner.write(user, effect, capability=capability, lease=lease)
