"""Let a case do what somebody has to agree to: approve it, or confirm it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.application.dispatch import Dispatch
from shared.application.holding import Holding
from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.contracts.commands import AdvanceCase
from shared.domain.cases import Case
from shared.domain.errors.requests import NotFound
from shared.domain.ids import CaseId, is_case_id
from shared.domain.transitions import Transition

Agree = Callable[[Case, str, str, datetime], Transition]
"""A case with a person's word for the plan of this hash."""


@dataclass(frozen=True, slots=True)
class AgreeToPlan:
    """Agrees to what a case would do; its worker looks at everything again before it acts.

    Attributes:
        agree: how the case goes on: `approve` takes a second person, `confirm` does not.
    """

    agree: Agree
    cases: Cases
    holding: Holding
    dispatch: Dispatch
    clock: Clock

    async def __call__(self, case_id: CaseId, plan_hash: str, by: str) -> StoredCase:
        """Agree to the plan of a case.

        Args:
            case_id: which.
            plan_hash: the plan that the person has read.
            by: the person's object id.

        Raises:
            NotFound: there is no such case.
            IllegalTransition: it waits for nobody's word (any more).
            OwnApproval: the person has a part in it, and it takes another.
            PlanChanged: its plan is another one by now.
            LeaseHeld: a worker is busy with the person and does not end.
        """
        stored = await self.cases.load(case_id) if is_case_id(case_id) else None
        if stored is None:
            raise NotFound("There is no case of this id.")
        async with self.holding.hold_soon(stored) as held:
            agreed = self.agree(held.case, plan_hash, by, self.clock.now())
            stored = await self.cases.save(held, agreed)
        await self.dispatch.soon(AdvanceCase.of(stored.case))
        return stored
