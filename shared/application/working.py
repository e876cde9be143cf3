"""From a queue message, a command or a ticket, to the case that is taken up.

What is neither is parked.
"""

from dataclasses import dataclass
from typing import Final

from shared.application.advance import AdvanceCases
from shared.application.parking import Parking
from shared.application.tickets import AcceptTicket
from shared.contracts.commands import decode_command, names_a_case
from shared.contracts.envelopes import Envelope
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.requests import IdempotencyConflict
from shared.names import Queue
from shared.telemetry import EventLog

_NOTHING_SAID: Final = Envelope()
_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class WorkOnMessage:
    """Settles one queue message: returning completes it, raising has it delivered again."""

    advance: AdvanceCases
    accept_ticket: AcceptTicket
    parking: Parking

    async def __call__(
        self, queue: Queue, body: bytes, attempts: int, envelope: Envelope = _NOTHING_SAID
    ) -> None:
        """Work on a message.

        Args:
            queue: where it came from.
            body: its body.
            attempts: how often it was delivered.
            envelope: what else the message says.

        Raises:
            LifecycleError: the broker has to deliver it again.
        """
        if queue is not Queue.RESETS or names_a_case(body):
            await self._go_on(queue, body, attempts)
        else:
            await self._take_in(body, attempts, envelope)

    async def _go_on(self, queue: Queue, body: bytes, attempts: int) -> None:
        try:
            await self.advance(decode_command(body))
        except LifecycleError as error:
            if error.disposition is not Disposition.PARK:
                raise
            await self._park(queue, body, error, attempts)

    async def _take_in(self, body: bytes, attempts: int, envelope: Envelope) -> None:
        try:
            await self.accept_ticket(body, envelope, again=attempts > 1)
        except IdempotencyConflict as error:
            # The case that the ticket has already tells its sender.
            _log.warning("ticket.contradicted", code=error.code)
        except LifecycleError as error:
            if error.disposition not in {Disposition.PARK, Disposition.REFUSE}:
                raise
            await self._park(Queue.RESETS, body, error, attempts)

    async def _park(self, queue: Queue, body: bytes, error: LifecycleError, attempts: int) -> None:
        _log.warning("message.parked", code=error.code, queue=queue)
        await self.parking.keep_message(queue, body, error, attempts)
