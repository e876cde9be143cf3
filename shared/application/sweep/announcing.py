"""After the end of a run: its changes become history, and whoever listens hears of them.

Before that nothing counts that a run has found: one that fails leaves no changes behind, which the
next one would find once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.application.ports.clock import Clock
from shared.application.ports.runs import History, Runs, Snapshots, StoredRun
from shared.application.sweep.saving import save_further
from shared.application.sweep.telling import Tell, gravest
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.sweep.lines import Change
from shared.domain.sweep.runs import COMPARABLE, Run
from shared.domain.sweep.slices import Slice
from shared.telemetry import EventLog

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class Announce:
    """Tells what a run found, and how it ended. All of it may be told again: it is the same."""

    runs: Runs
    snapshots: Snapshots
    history: History
    tell: Tell
    clock: Clock

    async def __call__(self, stored: StoredRun) -> StoredRun:
        """Keep what changed, part by part, and tell it; then nothing is left to be done.

        Raises:
            Conflict: another worker has told it.
            LifecycleError: something is in passing trouble.
        """
        run = stored.run
        if run.state in COMPARABLE:
            lost: list[Change] = []
            for number in range(run.slices):
                lost = gravest((*lost, *await self._part(run, Slice(number, run.slices))))
            await self.tell.losses(run, lost)
        await self.tell.end(run)
        return await save_further(self.runs, stored, run.moved_on(self.clock.now()))

    async def _part(self, run: Run, part: Slice) -> Sequence[Change]:
        """What changed in a part; what can't be told of it for good keeps nothing else back."""
        try:
            changes = await self.snapshots.changes(run.run_id, part)
            if changes:
                await self.history.keep(run.run_id, run.started_at, part, changes)
        except LifecycleError as error:
            if error.disposition is not Disposition.PARK:
                raise
            _log.warning("sweep.untold", run_id=run.run_id, part=str(part), code=error.code)
            return ()
        return changes
