"""What stands before every write to the directory (safety rules S1, S2, S5, S6 and S8)."""

from typing import Final

from shared.application.gate import Gate
from shared.application.ports.directory import DirectoryWrites
from shared.application.ports.leases import Lease
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
from shared.domain.people.standing import Privilege

_NO_HOLDERS: Final = frozenset({Privilege.NONE})
"""Who surely administers nothing. Who could activate a role may have done so by now."""


class GuardedWrites:
    """The port `DirectoryWrites` that flows are given: only what is allowed passes.

    Args:
        inner: the port that writes.
        gate: what every change of a person has to pass.
        standings: what people are to the guards.
        administrators: who could still administer the tenant.
        enforcement: the group of whose members a policy requires MFA, where there is one.
    """

    def __init__(
        self,
        inner: DirectoryWrites,
        *,
        gate: Gate,
        standings: Standings,
        administrators: Administrators,
        enforcement: GroupId | None,
    ) -> None:
        self._inner = inner
        self._gate = gate
        self._standings = standings
        self._administrators = administrators
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
        if isinstance(effect, RemoveMethod | BlockSignIn) and standing.privilege not in _NO_HOLDERS:
            too_few = check_administrators_left(await self._administrators.beside(user), user)
            if too_few is not None:
                raise too_few
        budget = budget_of(effect, self._enforcement)
        counts = None if budget is None else (budget, spender)
        await self._gate.check(user, capability, lease, counts=counts)
        await self._inner.write(
            user, effect, capability=capability, lease=lease, spender=spender, approved=approved
        )
