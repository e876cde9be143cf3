"""Send stages of runs to their queue."""

from dataclasses import dataclass
from datetime import datetime

from shared.application.ports.sweep import SweepCommands
from shared.contracts.sweep_commands import SweepCommand
from shared.domain.errors.messages import BrokerUnavailable
from shared.telemetry import EventLog

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class SendStage:
    """Sends commands whose loss the watch over the runs makes good."""

    commands: SweepCommands

    async def soon(self, *commands: SweepCommand, at: datetime | None = None) -> None:
        """Send commands now or for a moment; where the broker is away, leave it to the watch."""
        if not commands:
            return
        try:
            await self.commands.send(commands, at=at)
        except BrokerUnavailable as error:
            _log.warning("sweep.delayed", run_id=commands[0].run_id, code=error.code)
