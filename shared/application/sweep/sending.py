"""Send stages of runs to their queue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.sweep import SweepCommands
from shared.contracts.sweep_commands import SweepCommand
from shared.domain.errors.messages import BrokerUnavailable
from shared.telemetry import EventLog

STORE_AWAY: Final = timedelta(seconds=30)
"""The pause where the store is away, so that nobody can tell how far a run is."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class SendStage:
    """Sends commands whose loss the watch over the runs makes good."""

    commands: SweepCommands
    clock: Clock

    async def soon(self, *commands: SweepCommand, at: datetime | None = None) -> None:
        """Send commands now or for a moment; where the broker is away, leave it to the watch."""
        if not commands:
            return
        try:
            await self.commands.send(commands, at=at)
        except BrokerUnavailable as error:
            _log.warning("sweep.delayed", run_id=commands[0].run_id, code=error.code)

    async def later(self, command: SweepCommand) -> None:
        """Send a command for when the store may be there again.

        The watch looks into the store, too: what the broker does not take now may be lost.

        Raises:
            BrokerUnavailable: the broker did not take it.
        """
        await self.commands.send((command,), at=self.clock.now() + STORE_AWAY)
