"""The last stage: what the run found, told once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs, Snapshots, StoredRun
from shared.application.sweep.reconciling import Reconcile
from shared.application.sweep.telling import Tell
from shared.domain.sweep.runs import Remediation, Run, RunState, Stage
from shared.domain.sweep.totals import Totals
from shared.telemetry import EventLog

Mending = Callable[[Run, Totals], Awaitable[Remediation | None]]
"""Has taken up again whom a run found without what is required of them."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class Finish:
    """Ends a run."""

    runs: Runs
    snapshots: Snapshots
    reconcile: Reconcile
    mend: Mending
    tell: Tell
    clock: Clock

    async def __call__(self, stored: StoredRun, *, last_try: bool = False) -> StoredRun:
        """Compare the audit log with our records; then add up what the parts found.

        What was staged stays for a while: a worker may still be judging a part a second time.

        Args:
            stored: the run, which comes back unfinished where there is more of the log to read.
            last_try: whether to go on without the part of the log that can't be read now.

        Raises:
            Conflict: another worker has ended the run.
            LifecycleError: something can't be read or written.
        """
        stored = await self.reconcile(stored, last_try=last_try)
        run = stored.run
        if run.reconciliation is None or not run.reconciliation.done:
            return stored
        totals = reduce(add, (await self.snapshots.totals(run.run_id)).values(), Totals())
        remediation = await self.mend(run, totals)
        now = self.clock.now()
        ended = replace(
            run,
            state=_state(run, remediation),
            stage=Stage.NOTHING,
            finished_at=now,
            updated_at=now,
            totals=totals,
            remediation=remediation,
        )
        # Told first: who dies in between tells the same again.
        await self.tell.end(ended)
        after = await self.runs.save(stored, ended)
        _log.info("sweep.finished", run_id=run.run_id, state=ended.state)
        return after


def _state(run: Run, remediation: Remediation | None) -> RunState:
    if remediation is not None and remediation.needs_approval:
        return RunState.HELD
    return RunState.PARTIAL if run.problems else RunState.COMPLETED
