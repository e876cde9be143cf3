"""The last stage of a run that goes on: what it found is added up, and counts from then on."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs, Snapshots, StoredRun
from shared.application.sweep.reconciling import Reconcile
from shared.application.sweep.saving import save_further
from shared.domain.sweep.runs import Problem, Remediation, Run, RunState
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
        problems = (*run.problems, *_uncompared(run, totals))
        state = RunState.PARTIAL if problems else RunState.COMPLETED
        found = replace(run, problems=problems, totals=totals, remediation=remediation)
        after = await save_further(self.runs, stored, found.ended(state, self.clock.now()))
        _log.info("sweep.finished", run_id=run.run_id, state=after.run.state)
        return after


def _uncompared(run: Run, totals: Totals) -> Iterator[Problem]:
    """The parts of which nobody can tell what changed."""
    if totals.uncompared:
        yield Problem(
            what=f"run {run.previous}",
            reason=f"What it found in {totals.uncompared} of {run.slices} parts can't be read. Who"
            " lost protection there since is not told: compare with an earlier report by hand.",
        )
