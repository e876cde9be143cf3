"""What stands before every pass (safety rules S2, S6 and S8)."""

from shared.application.gate import Gate
from shared.application.ports.leases import Lease
from shared.application.ports.passes import Passes
from shared.domain.control import Capability
from shared.domain.ids import UserId
from shared.domain.passes.given import GivenPass
from shared.domain.passes.methods_policy import PassTerms


class GuardedPasses:
    """The port `Passes` that flows are given: only what is allowed passes.

    Args:
        inner: the port that writes.
        gate: what every change of a person has to pass.
    """

    def __init__(self, inner: Passes, gate: Gate) -> None:
        self._inner = inner
        self._gate = gate

    async def create(
        self, user: UserId, terms: PassTerms, *, capability: Capability, lease: Lease
    ) -> GivenPass:
        """Have a pass made, where the person, the mode and the lease allow it."""
        await self._gate.check(user, capability, lease)
        return await self._inner.create(user, terms, capability=capability, lease=lease)

    async def delete(
        self, user: UserId, method_id: str, *, capability: Capability, lease: Lease
    ) -> None:
        """Have a pass removed, where the person, the mode and the lease allow it."""
        await self._gate.check(user, capability, lease)
        await self._inner.delete(user, method_id, capability=capability, lease=lease)
