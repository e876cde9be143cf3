"""Begin the run of the night."""

from dataclasses import dataclass
from typing import Final

from shared.application.sweep.starting import StartRun
from shared.domain.errors.sweep import RunInProgress
from shared.domain.sweep.runs import Run
from shared.telemetry import EventLog

TIMER: Final = "timer"
"""Who asks for it where nobody does."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class StartNightly:
    """Begins a run on behalf of nobody."""

    start: StartRun

    async def __call__(self) -> Run | None:
        """Begin one; None where another one goes on, which is no trouble.

        Raises:
            StoreUnavailable: it could not be stored; there is none this night.
        """
        try:
            return await self.start(TIMER)
        except RunInProgress as error:
            _log.info("sweep.goes-on", code=error.code)
            return None
