"""What stands before every write to the directory (safety rules S1, S2, S5, S6 and S8)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from shared.application.gate import Gate
from shared.application.ports.directory import DirectoryWrites
from shared.application.ports.leases import Lease, Leases
from shared.application.ports.people import Administrators, Standings
from shared.domain.budgets.flows import Spender, budget_of
from shared.domain.control import Capability
from shared.domain.effects import Request
from shared.domain.effects.methods import RemoveMethod
from shared.domain.effects.sign_in import BlockSignIn
from shared.domain.errors.cases import NotApproved
from shared.domain.ids import GroupId, UserId
from shared.domain.people.administrators import check_administrators_left
from shared.domain.people.rulings import Allowed, NeedsApproval, Refused, ruling
from shared.domain.people.standing import Privilege, Standing

LAST_WAYS_IN: Final = "global-administrators"
"""What a lease is on while something is taken from a privileged person: one after the other, or
each of two would count on the other."""


class GuardedWrites:
    """The port `DirectoryWrites` that flows are given: only what is allowed passes.

    Args:
        inner: the port that writes.
        gate: what every change of a person has to pass.
        standings: what people are to the guards.
        administrators: who could still administer the tenant.
        leases: gives the lease on all of them together.
        enforcement: the group of whose members a policy requires MFA, where there is one.
    """

    def __init__(
        self,
        inner: DirectoryWrites,
        *,
        gate: Gate,
        standings: Standings,
        administrators: Administrators,
        leases: Leases,
        enforcement: GroupId | None,
    ) -> None:
        self._inner = inner
        self._gate = gate
        self._standings = standings
        self._administrators = administrators
        self._leases = leases
        self._enforcement = enforcement

    async def write(
        self,
        user: UserId,
        effect: Request,
        *,
        capability: Capability,
        lease: Lease,
        spender: Spender,
        approved: bool = False,
    ) -> None:
        """Ask for an effect, where the person, the mode, the budget and the lease allow it."""
        standing = await self._standings.standing(user, effect.impact, last_attempt=approved)
        match ruling(effect.impact, standing):
            case Refused(error):
                raise error
            case NeedsApproval(reason) if not approved:
                raise NotApproved(reason)
            case NeedsApproval() | Allowed():
                pass
        budget = budget_of(effect, self._enforcement)
        counts = None if budget is None else (budget, spender)
        async with self._enough_administrators(user, effect, standing):
            await self._gate.check(user, capability, lease, counts=counts)
            await self._inner.write(
                user, effect, capability=capability, lease=lease, spender=spender, approved=approved
            )

    @asynccontextmanager
    async def _enough_administrators(
        self, user: UserId, effect: Request, standing: Standing
    ) -> AsyncIterator[None]:
        """See that enough are left, and that nobody takes another one away meanwhile.

        Raises:
            TooFewAdministrators: they are not.
            LeaseHeld: another privileged person is just being changed.
        """
        takes_away = isinstance(effect, RemoveMethod | BlockSignIn)
        if not takes_away or standing.privilege is Privilege.NONE:
            yield
            return
        async with self._leases.hold(LAST_WAYS_IN):
            too_few = check_administrators_left(await self._administrators.beside(user), user)
            if too_few is not None:
                raise too_few
            yield
