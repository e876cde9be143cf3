"""The queue of the sweep in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.sweep_commands import (
    SweepCommand,
    decode_sweep_command,
    encode_sweep_command,
)
from shared.domain.errors.messages import BrokerUnavailable


@dataclass(frozen=True, slots=True)
class SentStage:
    """A command that the broker took, and when it is to be delivered; None is at once."""

    command: SweepCommand
    at: datetime | None


@dataclass
class FakeSweepCommands:
    """The port `SweepCommands`.

    Attributes:
        sent: what was sent, in order; commands travel as bytes, as they do in earnest.
        down: whether the broker is out of reach.
    """

    sent: list[SentStage] = field(default_factory=list)
    down: bool = False

    async def send(self, commands: Sequence[SweepCommand], *, at: datetime | None = None) -> None:
        """Take commands."""
        if self.down:
            raise BrokerUnavailable("The fake broker is down.")
        self.sent += [
            SentStage(decode_sweep_command(encode_sweep_command(one)), at) for one in commands
        ]
