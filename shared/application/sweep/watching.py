"""Makes good what was lost on the way between the stages of a run."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs, Snapshots
from shared.application.sweep.sending import SendStage
from shared.application.sweep.working import commands_for
from shared.contracts.sweep_commands import SweepCommand
from shared.domain.errors.storage import Conflict
from shared.domain.sweep.runs import Run, Stage
from shared.telemetry import EventLog

STILL_FOR: Final = timedelta(minutes=10)
"""Longer than a message is worked on, and than the longest pause between two attempts."""
_LOOKED_AT: Final = 20

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class WatchRuns:
    """Has a run that stands still taken up again, also one that has ended and was not told."""

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
        now = self.clock.now()
        still = [
            run
            for run in newest
            if run.stage is not Stage.NOTHING and run.updated_at < now - STILL_FOR
        ]
        for run in still:
            _log.warning("sweep.still", run_id=run.run_id, stage=run.stage)
            await note(self.runs, run, replace(run, updated_at=now))
            await self.send.soon(*await self._left(run))
        return len(still)

    async def _left(self, run: Run) -> Sequence[SweepCommand]:
        """What is still to be done in its stage."""
        commands = list(commands_for(run))
        if run.stage is not Stage.EVALUATE:
            return commands
        done = {str(part) for part in await self.snapshots.judged(run.run_id)}
        # The last part has to be judged again where nobody said that it was the last.
        return [one for one in commands if one.part not in done] or commands[-1:]


async def note(runs: Runs, seen: Run, wanted: Run) -> None:
    """Store a run as it is wanted, unless somebody has stored it since it was seen."""
    stored = await runs.load(seen.run_id)
    if stored is not None and stored.run == seen:
        with suppress(Conflict):
            await runs.save(stored, wanted)
