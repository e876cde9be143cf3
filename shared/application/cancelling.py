"""Stop what a case still has to do."""

from dataclasses import dataclass

from shared.application.dispatch import Dispatch
from shared.application.holding import Holding
from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.contracts.commands import AdvanceCase
from shared.domain.errors.requests import NotFound
from shared.domain.failures import cancelled
from shared.domain.ids import CaseId, is_case_id


@dataclass(frozen=True, slots=True)
class CancelCase:
    """Cancels a case. It undoes nothing, and the case says what stays."""

    cases: Cases
    holding: Holding
    dispatch: Dispatch
    clock: Clock

    async def __call__(self, case_id: CaseId, by: str) -> StoredCase:
        """Cancel one.

        Args:
            case_id: which.
            by: the object id of the person who asks for it.

        Raises:
            NotFound: there is no such case.
            IllegalTransition: it is over already, or has to put somebody back first.
            LeaseHeld: a worker is busy with the person and does not end.
        """
        stored = await self.cases.load(case_id) if is_case_id(case_id) else None
        if stored is None:
            raise NotFound("There is no case of this id.")
        async with self.holding.hold_soon(stored) as held:
            stored = await self.cases.save(held, cancelled(held.case, by, self.clock.now()))
        # The worker, not this app, publishes what the case has to tell.
        await self.dispatch.soon(AdvanceCase.of(stored.case))
        return stored
