"""Park what the broker gave up, and the case that it was about."""

from dataclasses import dataclass
from typing import Final

from shared.application.holding import Holding
from shared.application.parking import Parking
from shared.application.ports.cases import Cases
from shared.application.ports.clock import Clock
from shared.application.ports.messages import DeadLetter, DeadLetters
from shared.contracts.commands import decode_command
from shared.domain.cases import OPEN
from shared.domain.errors.messages import DeadLettered, MalformedMessage
from shared.domain.errors.storage import UnreadableRow
from shared.domain.failures import after_failure
from shared.domain.schedules import Rules
from shared.names import Queue

EXPIRED: Final = "TTLExpiredException"
"""What the broker says of a message that nobody took up in time:
https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues"""


@dataclass(frozen=True, slots=True)
class KeepDeadLetters:
    """Drains the dead-letter queues into what waits for a human."""

    dead_letters: DeadLetters
    cases: Cases
    holding: Holding
    parking: Parking
    clock: Clock
    rules: Rules

    async def __call__(self, queue: Queue) -> int:
        """Park every dead letter of a queue.

        Returns:
            How many there were.

        Raises:
            BrokerUnavailable: the broker did not answer; the next run goes on.
        """
        return await self.dead_letters.drain(queue, self._keep)

    async def _keep(self, letter: DeadLetter) -> None:
        error = DeadLettered(f"Given up after {letter.attempts} deliveries: {letter.reason}.")
        try:
            stored = await self.cases.load(decode_command(letter.body).case_id)
        except (MalformedMessage, UnreadableRow):
            stored = None
        if stored is not None and letter.reason == EXPIRED:
            # Nobody has failed at it: recovery sends its case another command when it is due.
            return
        if stored is None:
            await self.parking.keep_message(letter.queue, letter.body, error, letter.attempts)
        elif stored.case.state in OPEN:
            async with self.holding.hold(stored) as (held, _):
                if held.case.state in OPEN:
                    transition = after_failure(held.case, error, self.rules, self.clock.now())
                    await self.parking.keep_case(transition)
                    await self.cases.save(held, transition)
