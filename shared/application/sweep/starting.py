"""Begin a run."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs
from shared.application.sweep.sending import SendStage
from shared.contracts.sweep_commands import SweepCommand
from shared.domain.sweep.runs import COMPARABLE, Run, RunId, RunState, Stage
from shared.telemetry import EventLog

GIVEN_UP_AFTER: Final = timedelta(hours=12)
"""A run that goes on for longer than that never ends: the next one takes its place."""
_LOOKED_AT: Final = 200

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class StartRun:
    """Begins a run, unless one goes on."""

    runs: Runs
    send: SendStage
    clock: Clock

    async def __call__(self, by: str, run_id: RunId | None = None) -> Run:
        """Begin one.

        Args:
            by: who asks for it: `timer`, or a person's object id.
            run_id: its id, where it was asked for before; a new one by default.

        Raises:
            RunInProgress: another one goes on.
            StoreUnavailable: it could not be stored.
        """
        now = self.clock.now()
        newest, _ = await self.runs.newest(None, _LOOKED_AT)
        previous = next((run.run_id for run in newest if run.state in COMPARABLE), None)
        asked = next((run.remediation for run in newest if run.remediation is not None), None)
        run = Run(
            run_id=run_id or new_run_id(now),
            state=RunState.RUNNING,
            stage=Stage.PLAN,
            started_at=now,
            updated_at=now,
            by=by,
            previous=previous,
            ask_after=None if asked is None else asked.last,
        )
        stored = await self.runs.begin(run, given_up_before=now - GIVEN_UP_AFTER)
        _log.info("sweep.started", run_id=run.run_id, by=by)
        await self.send.soon(SweepCommand(run_id=run.run_id, stage=Stage.PLAN))
        return stored.run


def new_run_id(now: datetime) -> RunId:
    """An id for a run that is asked for now."""
    return RunId(f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}")
