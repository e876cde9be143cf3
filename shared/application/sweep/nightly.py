"""Begin the run of the night, be it late."""

from dataclasses import dataclass
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs
from shared.application.sweep.sending import SendStage
from shared.application.sweep.starting import GIVEN_UP_AFTER, StartRun, new_run_id
from shared.contracts.sweep_commands import SweepCommand
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.errors.sweep import RunInProgress
from shared.domain.sweep.runs import COMPARABLE, Run, RunId, Stage, asked_at
from shared.telemetry import EventLog

TIMER: Final = "timer"
"""Who asks for it where nobody does."""
_LOOKED_AT: Final = 5

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class StartNightly:
    """Begins a run on behalf of nobody.

    A timer fires once a night. Where the store is away just then, the broker keeps the message to
    plan the run: whoever gets it finds the run, or none, and then begins it. So no night is made up
    for that nobody has asked for: a timer that is switched off sends no message.
    """

    start: StartRun
    runs: Runs
    send: SendStage
    clock: Clock

    async def __call__(self) -> Run | None:
        """Begin one; None where another one goes on, which is no trouble, or where it has to wait.

        Raises:
            BrokerUnavailable: neither the store nor the broker is there; there is none this night.
        """
        run_id = new_run_id(self.clock.now())
        try:
            return await self._begin(run_id)
        except StoreUnavailable as error:
            _log.warning("sweep.put-off", run_id=run_id, code=error.code)
            await self.send.later(SweepCommand(run_id=run_id, stage=Stage.PLAN))
            return None

    async def late(self, run_id: RunId) -> None:
        """Begin one that was asked for while the store was away, unless its night is over.

        One that has ended since, be it by hand, has judged everybody that night.

        Raises:
            StoreUnavailable: the store is still away.
        """
        wanted_at = asked_at(run_id)
        if wanted_at is None or self.clock.now() - wanted_at >= GIVEN_UP_AFTER:
            _log.warning("sweep.missed", run_id=run_id)
            return
        newest, _ = await self.runs.newest(None, _LOOKED_AT)
        for run in newest:
            if run.state in COMPARABLE and run.finished_at and run.finished_at >= wanted_at:
                _log.info("sweep.made-up-for", run_id=run.run_id, by=run.by)
                return
        await self._begin(run_id)

    async def _begin(self, run_id: RunId) -> Run | None:
        try:
            return await self.start(TIMER, run_id)
        except RunInProgress as error:
            _log.info("sweep.goes-on", code=error.code)
            return None
