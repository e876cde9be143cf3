"""Let a run go on that found more people to take up than it may without anybody's word."""

from dataclasses import dataclass, replace

from shared.application.approving import AgreeToPlan
from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs, StoredRun
from shared.domain.errors.cases import IllegalTransition
from shared.domain.errors.requests import NotFound
from shared.domain.sweep.runs import RunId, RunState
from shared.telemetry import EventLog

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class ApproveRun:
    """Confirms the enrolment that a run has asked for."""

    runs: Runs
    confirm: AgreeToPlan
    clock: Clock

    async def __call__(self, run_id: RunId, plan_hash: str, by: str) -> StoredRun:
        """Confirm it.

        Args:
            run_id: which run.
            plan_hash: the enrolment's plan that the person has read.
            by: the person's object id.

        Raises:
            NotFound: there is no such run.
            IllegalTransition: it is not held, or its enrolment waits for nobody (any more).
            PlanChanged: the plan is another one by now.
        """
        stored = await self.runs.load(run_id)
        if stored is None:
            raise NotFound("There is no run of this id.")
        run = stored.run
        if run.state is not RunState.HELD or run.remediation is None:
            raise IllegalTransition(f"The run is {run.state} and waits for nobody's word.")
        await self.confirm(run.remediation.case_id, plan_hash, by)
        state = RunState.PARTIAL if run.problems else RunState.COMPLETED
        _log.info("sweep.approved", run_id=run_id, by=by)
        return await self.runs.save(stored, replace(run, state=state, updated_at=self.clock.now()))
