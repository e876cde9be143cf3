"""Send a command about a case that is stored and due."""

from dataclasses import dataclass
from datetime import datetime

from shared.application.ports.messages import Commands
from shared.contracts.commands import AdvanceCase
from shared.domain.errors.messages import BrokerUnavailable
from shared.telemetry import EventLog

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Sends commands whose loss the recovery timer makes good, because their case is due."""

    commands: Commands

    async def soon(self, command: AdvanceCase, *, at: datetime | None = None) -> None:
        """Send a command now or for a moment; where the broker is away, leave it to recovery."""
        try:
            await self.commands.send(command, at=at)
        except BrokerUnavailable as error:
            _log.warning("command.delayed", case_id=command.case_id, code=error.code)
