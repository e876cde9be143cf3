"""What stands before every write to the directory (safety rules S1, S2, S6 and S8)."""

from shared.application.gate import Gate
from shared.application.ports.control import Modes
from shared.application.ports.directory import DirectoryWrites
from shared.application.ports.leases import Lease
from shared.application.ports.people import Standings
from shared.domain.control import Capability
from shared.domain.effects import Request
from shared.domain.errors.cases import NotApproved
from shared.domain.ids import UserId
from shared.domain.people.rulings import Allowed, NeedsApproval, Refused, ruling


class GuardedWrites:
    """The port `DirectoryWrites` that flows are given: only what is allowed passes.

    Args:
        inner: the port that writes.
        modes: whether a capability may act.
        standings: what people are to the guards.
    """

    def __init__(self, inner: DirectoryWrites, *, modes: Modes, standings: Standings) -> None:
        self._inner = inner
        self._gate = Gate(modes)
        self._standings = standings

    async def write(
        self,
        user: UserId,
        effect: Request,
        *,
        capability: Capability,
        lease: Lease,
        approved: bool = False,
    ) -> None:
        """Ask for an effect, where the person, the mode and the lease allow it."""
        standing = await self._standings.standing(user, effect.impact, last_attempt=approved)
        match ruling(effect.impact, standing):
            case Refused(error):
                raise error
            case NeedsApproval(reason) if not approved:
                raise NotApproved(reason)
            case NeedsApproval() | Allowed():
                pass
        await self._gate.check(user, capability, lease)
        await self._inner.write(user, effect, capability=capability, lease=lease, approved=approved)
