"""Makes good what was lost on the way between the stages of a run, and drops old runs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.runs import History, Runs, Snapshots, Staging
from shared.application.sweep.sending import SendStage
from shared.application.sweep.working import commands_for
from shared.domain.sweep.runs import Run, RunState, Stage
from shared.telemetry import EventLog

STILL_FOR: Final = timedelta(minutes=10)
"""Longer than a message is worked on, and than the longest pause between two attempts."""
_LOOKED_AT: Final = 5
_A_PAGE: Final = 50
_FORGOTTEN_AT_ONCE: Final = 500

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class WatchRuns:
    """Has a run that stands still taken up again."""

    runs: Runs
    snapshots: Snapshots
    send: SendStage
    clock: Clock

    async def __call__(self) -> int:
        """Send what is to be done next of each run that stands still; how many there were.

        Raises:
            StoreUnavailable: the store is away; the next look tries again.
        """
        newest, _ = await self.runs.newest(None, _LOOKED_AT)
        before = self.clock.now() - STILL_FOR
        still = [run for run in newest if run.state is RunState.RUNNING and run.updated_at < before]
        for run in still:
            _log.warning("sweep.still", run_id=run.run_id, stage=run.stage)
            await self._again(run)
        return len(still)

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
        old: list[Run] = []
        token: str | None = None
        while True:
            page, token = await self.runs.newest(token, _A_PAGE)
            old += [run for run in page if run.started_at < before]
            if token is None:
                break
        for run in old:
            await self.staging.forget(run.run_id)
            await self.snapshots.forget(run.run_id)
            await self.runs.forget(run.run_id)
        return len(old)
