"""Let a case do what needs a second person."""

from dataclasses import dataclass

from shared.application.dispatch import Dispatch
from shared.application.holding import Holding
from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.contracts.commands import AdvanceCase
from shared.domain.approvals import approve
from shared.domain.errors.requests import NotFound
from shared.domain.ids import CaseId, is_case_id


@dataclass(frozen=True, slots=True)
class ApproveCase:
    """Approves what a case would do; its worker looks at everything again before it acts."""

    cases: Cases
    holding: Holding
    dispatch: Dispatch
    clock: Clock

    async def __call__(self, case_id: CaseId, plan_hash: str, by: str) -> StoredCase:
        """Approve one.

        Args:
            case_id: which.
            plan_hash: the plan that the person has read.
            by: the person's object id.

        Raises:
            NotFound: there is no such case.
            IllegalTransition: it waits for no approval (any more).
            OwnApproval: the person has a part in it.
            PlanChanged: its plan is another one by now.
            LeaseHeld: a worker is busy with the person and does not end.
        """
        stored = await self.cases.load(case_id) if is_case_id(case_id) else None
        if stored is None:
            raise NotFound("There is no case of this id.")
        async with self.holding.hold_soon(stored) as held:
            approved = approve(held.case, plan_hash, by, self.clock.now())
            stored = await self.cases.save(held, approved)
        await self.dispatch.soon(AdvanceCase.of(stored.case))
        return stored
