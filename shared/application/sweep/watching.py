"""Makes good what was lost on the way between the stages of a run, and drops old runs."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.runs import History, Runs, Snapshots, Staging
from shared.application.sweep.sending import SendStage
from shared.application.sweep.working import commands_for
from shared.domain.errors.storage import Conflict
from shared.domain.sweep.runs import COMPARABLE, Run, RunState, Stage
from shared.telemetry import EventLog

STILL_FOR: Final = timedelta(minutes=10)
"""Longer than a message is worked on, and than the longest pause between two attempts."""
LATEST: Final = timedelta(hours=1)
"""After a run has ended nobody works on it any more: a function is ended after minutes."""
_LOOKED_AT: Final = 5
_A_PAGE: Final = 50
_FORGOTTEN_AT_ONCE: Final = 500

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class WatchRuns:
    """Has a run that stands still taken up again, and drops what was staged of ended ones."""

    runs: Runs
    staging: Staging
    snapshots: Snapshots
    send: SendStage
    clock: Clock

    async def __call__(self) -> int:
        """Send what is to be done next of each run that stands still; how many there were.

        Raises:
            StoreUnavailable: the store is away; the next look tries again.
        """
        newest, _ = await self.runs.newest(None, _LOOKED_AT)
        now = self.clock.now()
        still = [
            run
            for run in newest
            if run.state is RunState.RUNNING and run.updated_at < now - STILL_FOR
        ]
        for run in still:
            _log.warning("sweep.still", run_id=run.run_id, stage=run.stage)
            await self._note(run, replace(run, updated_at=now))
            await self._again(run)
        for run in newest:
            if run.finished_at is not None and run.finished_at < now - LATEST and run.chunks:
                await self.staging.forget(run.run_id)
                await self._note(run, replace(run, chunks=()))
        return len(still)

    async def _note(self, seen: Run, wanted: Run) -> None:
        """Store a run as it is wanted, unless somebody has stored it since it was seen."""
        stored = await self.runs.load(seen.run_id)
        if stored is not None and stored.run == seen:
            with suppress(Conflict):
                await self.runs.save(stored, wanted)

    async def _again(self, run: Run) -> None:
        done = {str(part) for part in await self.snapshots.totals(run.run_id)}
        commands = list(commands_for(run))
        left = [one for one in commands if one.part not in done]
        # The last part has to be judged again where nobody said that it was the last.
        is_over = run.stage is Stage.EVALUATE and not left
        await self.send.soon(*(commands[-1:] if is_over else left))


@dataclass(frozen=True, slots=True)
class ForgetRuns:
    """Drops what is older than it is kept.

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
        before = self.clock.now() - self.lasting
        await self.history.forget(before, _FORGOTTEN_AT_ONCE)
        runs: list[Run] = []
        token: str | None = None
        while True:
            page, token = await self.runs.newest(token, _A_PAGE)
            runs += page
            if token is None:
                break
        kept = {run.previous for run in runs if run.state is RunState.RUNNING}
        # The next run compares with the last one that ended, however long ago that was.
        kept.add(next((run.run_id for run in runs if run.state in COMPARABLE), None))
        old = [run for run in runs if run.started_at < before and run.run_id not in kept]
        for run in old:
            await self.staging.forget(run.run_id)
            await self.snapshots.forget(run.run_id)
            await self.runs.forget(run.run_id)
        return len(old)
