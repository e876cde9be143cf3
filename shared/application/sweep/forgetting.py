"""Drops what runs leave behind: soon what was staged, and in the end all of it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.runs import History, Runs, Snapshots, Staging
from shared.application.sweep.watching import note
from shared.domain.sweep.runs import COMPARABLE, Run, RunState

LATEST: Final = timedelta(hours=1)
"""After a run has ended nobody works on it any more: a function is ended after minutes."""
_A_PAGE: Final = 50
_FORGOTTEN_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class ForgetRuns:
    """Drops what was staged of runs that have ended, and all that is older than it is kept.

    Attributes:
        lasting: how long runs and verdicts are kept.
    """

    runs: Runs
    staging: Staging
    snapshots: Snapshots
    history: History
    clock: Clock
    lasting: timedelta

    async def __call__(self) -> int:
        """Drop it; how many runs were dropped.

        Raises:
            StoreUnavailable: the store is away; the next look tries again.
        """
        now = self.clock.now()
        before = now - self.lasting
        await self.history.forget(before, _FORGOTTEN_AT_ONCE)
        runs = await self._all()
        for run in runs:
            if run.finished_at is not None and run.finished_at < now - LATEST and not run.cleared:
                await self.staging.forget(run.run_id)
                await note(self.runs, run, replace(run, chunks=(), cleared=True))
        kept = {run.previous for run in runs if run.state is RunState.RUNNING}
        # The next run compares with the last one that ended, however long ago that was.
        kept.add(next((run.run_id for run in runs if run.state in COMPARABLE), None))
        # Those of another version of the app, too, which none of ours can read.
        listed = await self.runs.old(before, _FORGOTTEN_AT_ONCE)
        old = [run_id for run_id in listed if run_id not in kept]
        for run_id in old:
            await self.staging.forget(run_id)
            await self.snapshots.forget(run_id)
            await self.runs.forget(run_id)
        return len(old)

    async def _all(self) -> list[Run]:
        """All runs, the newest first."""
        runs: list[Run] = []
        token: str | None = None
        while True:
            page, token = await self.runs.newest(token, _A_PAGE)
            runs += page
            if token is None:
                return runs
