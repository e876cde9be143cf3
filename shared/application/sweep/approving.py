"""Let a run go on that found more people to take up than it may without anybody's word."""

from dataclasses import dataclass, replace
from typing import Final

from shared.application.approving import AgreeToPlan
from shared.application.ports.cases import Cases
from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs, StoredRun
from shared.domain.errors.cases import IllegalTransition
from shared.domain.errors.requests import NotFound
from shared.domain.errors.storage import Conflict
from shared.domain.ids import CaseId
from shared.domain.sweep.runs import RunId, RunState
from shared.telemetry import EventLog

_ATTEMPTS: Final = 5

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class ApproveRun:
    """Confirms the enrolment that a run has asked for."""

    runs: Runs
    cases: Cases
    confirm: AgreeToPlan
    clock: Clock

    async def __call__(self, run_id: RunId, plan_hash: str, by: str) -> StoredRun:
        """Confirm it; where it has been for this plan, the run alone goes on.

        Args:
            run_id: which run.
            plan_hash: the enrolment's plan that the person has read.
            by: the person's object id.

        Raises:
            NotFound: there is no such run.
            IllegalTransition: it is not held, or its enrolment waits for nobody (any more).
            PlanChanged: the plan is another one by now.
            Conflict: others have kept changing it; asked again, it goes on.
        """
        stored = await self.runs.load(run_id)
        if stored is None:
            raise NotFound("There is no run of this id.")
        run = stored.run
        if run.state is not RunState.HELD or run.remediation is None:
            raise IllegalTransition(f"The run is {run.state} and waits for nobody's word.")
        try:
            await self.confirm(run.remediation.case_id, plan_hash, by)
        except IllegalTransition:
            # Whoever did so may have died before the run was told, or have gone by the case.
            if not await self._is_confirmed(run.remediation.case_id, plan_hash):
                raise
        _log.info("sweep.approved", run_id=run_id, by=by)
        return await self._released(stored)

    async def _released(self, stored: StoredRun) -> StoredRun:
        """The run as it goes on, which meanwhile others may be telling of, or clearing."""
        for _ in range(_ATTEMPTS):
            run = stored.run
            state = RunState.PARTIAL if run.problems else RunState.COMPLETED
            released = replace(run, state=state, updated_at=self.clock.now())
            try:
                return await self.runs.save(stored, released)
            except Conflict:
                found = await self.runs.load(run.run_id)
                if found is None:
                    raise
                if found.run.state is not RunState.HELD:
                    return found
                stored = found
        raise Conflict(f"Run {stored.run.run_id} changes all the time.")

    async def _is_confirmed(self, case_id: CaseId, plan_hash: str) -> bool:
        stored = await self.cases.load(case_id)
        approval = None if stored is None else stored.case.approval
        return approval is not None and approval.plan_hash == plan_hash
