"""What stands before every pass (safety rules S1, S2, S5, S6 and S8)."""

from typing import assert_never

from shared.application.gate import Gate
from shared.application.ports.leases import Lease
from shared.application.ports.passes import Passes
from shared.application.ports.people import BreakGlass, Standings
from shared.domain.budgets.flows import Budget, Spender
from shared.domain.control import Capability
from shared.domain.errors.directory import PrivilegesUnreadable
from shared.domain.errors.passes import PassNeedsApproval
from shared.domain.ids import UserId
from shared.domain.passes.given import GivenPass
from shared.domain.passes.methods_policy import PassTerms
from shared.domain.people.rulings import Allowed, Impact, NeedsApproval, Refused, ruling


class PassGuard:
    """Says whether a person may have a pass: yes, after an approval, or not at all.

    Args:
        standings: what people are to the guards.
    """

    def __init__(self, standings: Standings) -> None:
        self._standings = standings

    async def check(self, user: UserId, impact: Impact, *, approved: bool) -> None:
        """Return if the person may have one.

        Args:
            user: who.
            impact: what the pass comes to for them.
            approved: whether a second person has agreed.

        Raises:
            PassNeedsApproval: a second person has to agree first.
            LifecycleError: nobody gives them one, or it can't be known now.
        """
        try:
            standing = await self._standings.standing(user, impact)
        except PrivilegesUnreadable:
            # To ask again would not help: who may be privileged counts as privileged.
            standing = await self._standings.standing(user, impact, last_attempt=True)
        match ruling(impact, standing):
            case Allowed():
                return
            case NeedsApproval(reason):
                if not approved:
                    raise PassNeedsApproval(reason)
            case Refused(error):
                raise error
            case unknown:
                assert_never(unknown)


class GuardedPasses:
    """The port `Passes` that flows are given: only what is allowed passes.

    Args:
        inner: the port that writes.
        guard: who may have a pass.
        break_glass: whether the directory may be changed at all.
        gate: what every change of a person has to pass.
    """

    def __init__(
        self, inner: Passes, *, guard: PassGuard, break_glass: BreakGlass, gate: Gate
    ) -> None:
        self._inner = inner
        self._guard = guard
        self._break_glass = break_glass
        self._gate = gate

    async def create(
        self,
        user: UserId,
        terms: PassTerms,
        *,
        impact: Impact,
        approved: bool,
        capability: Capability,
        lease: Lease,
        spender: Spender,
    ) -> GivenPass:
        """Have a pass made, where the person, the mode, the budget and the lease allow it."""
        await self._break_glass.check()
        await self._guard.check(user, impact, approved=approved)
        await self._gate.check(user, capability, lease, counts=(Budget.PASS, spender))
        return await self._inner.create(
            user,
            terms,
            impact=impact,
            approved=approved,
            capability=capability,
            lease=lease,
            spender=spender,
        )

    async def delete(
        self, user: UserId, method_id: str, *, capability: Capability, lease: Lease
    ) -> None:
        """Have a pass removed, where the mode and the lease allow it.

        Whoever the person is by now: what is taken away is a way in that we have made.
        """
        await self._gate.check(user, capability, lease, counts=None)
        await self._inner.delete(user, method_id, capability=capability, lease=lease)
