"""Drop what the broker gave up of runs."""

from dataclasses import dataclass

from shared.application.ports.messages import DeadLetter, DeadLetters
from shared.contracts.sweep_commands import decode_sweep_command
from shared.domain.errors.messages import MalformedMessage
from shared.names import Queue
from shared.telemetry import EventLog

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class DropGivenUpStages:
    """Empties the dead-letter queue of the sweep.

    Nobody has to replay any of it: the watch over the runs sends again what a run that stands still
    needs, and the next run begins anew.
    """

    dead_letters: DeadLetters

    async def __call__(self) -> int:
        """Tell of each in the log, and drop it.

        Returns:
            How many there were.

        Raises:
            BrokerUnavailable: the broker did not answer; the next look goes on.
        """
        return await self.dead_letters.drain(Queue.COMPLIANCE, self._drop)

    async def _drop(self, letter: DeadLetter) -> None:
        try:
            run_id: str | None = decode_sweep_command(letter.body).run_id
        except MalformedMessage:
            run_id = None
        _log.warning(
            "sweep.given-up", run_id=run_id, reason=letter.reason, attempts=letter.attempts
        )
