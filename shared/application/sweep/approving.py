"""Agree to what a run would mend that found more people to take up than it may by itself."""

from dataclasses import dataclass

from shared.application.approving import AgreeToPlan
from shared.application.ports.runs import Runs
from shared.domain.errors.cases import IllegalTransition
from shared.domain.errors.requests import NotFound
from shared.domain.sweep.runs import RunId
from shared.telemetry import EventLog

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class ApproveRun:
    """Confirms the enrolment that a run has asked for; the run itself is over."""

    runs: Runs
    confirm: AgreeToPlan

    async def __call__(self, run_id: RunId, plan_hash: str, by: str) -> None:
        """Confirm it.

        Args:
            run_id: which run.
            plan_hash: the enrolment's plan that the person has read.
            by: the person's object id.

        Raises:
            NotFound: there is no such run, or its enrolment is gone.
            IllegalTransition: it has asked for none, or that waits for nobody's word (any more).
            PlanChanged: the plan is another one by now.
            Conflict: others have kept changing it; asked again, it goes on.
        """
        stored = await self.runs.load(run_id)
        if stored is None:
            raise NotFound("There is no run of this id.")
        remediation = stored.run.remediation
        if remediation is None:
            raise IllegalTransition("The run has asked for nobody, so it waits for nobody's word.")
        await self.confirm(remediation.case_id, plan_hash, by)
        _log.info("sweep.approved", run_id=run_id, case_id=remediation.case_id, by=by)
