"""From a queue message to a command that is worked on; what is no command is parked."""

from dataclasses import dataclass

from shared.application.advance import AdvanceCases
from shared.application.parking import Parking
from shared.contracts.commands import decode_command
from shared.domain.errors import Disposition, LifecycleError
from shared.names import Queue
from shared.telemetry import EventLog

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class WorkOnMessage:
    """Settles one queue message: returning completes it, raising has it delivered again."""

    advance: AdvanceCases
    parking: Parking

    async def __call__(self, queue: Queue, body: bytes, attempts: int) -> None:
        """Work on a message.

        Args:
            queue: where it came from.
            body: its body.
            attempts: how often it was delivered.

        Raises:
            LifecycleError: the broker has to deliver it again.
        """
        try:
            await self.advance(decode_command(body))
        except LifecycleError as error:
            if error.disposition is not Disposition.PARK:
                raise
            _log.warning("message.parked", code=error.code, queue=queue)
            await self.parking.keep_message(queue, body, error, attempts)
