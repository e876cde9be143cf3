"""Stop what a case still has to do."""

from dataclasses import dataclass
from typing import Final

from shared.application.dispatch import Dispatch
from shared.application.holding import Holding
from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.contracts.commands import AdvanceCase
from shared.domain.errors import LeaseHeld, NotFound
from shared.domain.failures import cancelled
from shared.domain.ids import CaseId, is_case_id

_PATIENCE: Final = 10
_PAUSE_SECONDS: Final = 0.3
"""How often, and after what pause, a busy worker is waited for: three seconds in all."""


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
            IllegalTransition: it is over already.
            LeaseHeld: a worker is busy with the person and does not end.
        """
        stored = await self.cases.load(case_id) if is_case_id(case_id) else None
        if stored is None:
            raise NotFound("There is no case of this id.")
        for _ in range(_PATIENCE):
            try:
                return await self._cancel(stored, by)
            except LeaseHeld:
                await self.clock.sleep(_PAUSE_SECONDS)
        return await self._cancel(stored, by)

    async def _cancel(self, stored: StoredCase, by: str) -> StoredCase:
        async with self.holding.hold(stored) as (held, _):
            stored = await self.cases.save(held, cancelled(held.case, by, self.clock.now()))
        # The worker, not this app, publishes what the case has to tell.
        await self.dispatch.soon(AdvanceCase(case_id=stored.case.case_id))
        return stored
