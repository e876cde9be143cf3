"""Park what the broker gave up: the case that it was about, or the message where there is none."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from shared.application.holding import Holding
from shared.application.parking import Parking
from shared.application.ports.cases import Cases, Claims, StoredCase
from shared.application.ports.clock import Clock
from shared.application.ports.messages import DeadLetter, DeadLetters
from shared.application.tickets import ticket_key
from shared.contracts.commands import decode_command
from shared.contracts.reset_ticket import decode_ticket, ticket_hash
from shared.domain.cases import OPEN, QUEUE
from shared.domain.errors.messages import DeadLettered, MalformedMessage
from shared.domain.errors.requests import InvalidEvent
from shared.domain.errors.storage import UnreadableRow
from shared.domain.failures import after_failure
from shared.domain.ids import CaseId
from shared.domain.schedules import Rules
from shared.names import Queue

EXPIRED: Final = "TTLExpiredException"
"""What the broker says of a message that nobody took up in time:
https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues"""


@dataclass(frozen=True, slots=True)
class KeepDeadLetters:
    """Drains the dead-letter queues into what waits for a human."""

    dead_letters: DeadLetters
    claims: Claims
    cases: Cases
    holding: Holding
    parking: Parking
    clock: Clock
    rules: Rules

    async def __call__(self, queue: Queue) -> int:
        """Park every dead letter of a queue of cases.

        Returns:
            How many there were.

        Raises:
            BrokerUnavailable: the broker did not answer; the next run goes on.
        """
        return await self.dead_letters.drain(queue, self._keep)

    async def _keep(self, letter: DeadLetter) -> None:
        error = DeadLettered(f"Given up after {letter.attempts} deliveries: {letter.reason}.")
        stored = await self._case_of(letter)
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

    async def _case_of(self, letter: DeadLetter) -> StoredCase | None:
        """The case of a command or of a ticket; None where it has none that can be read."""
        case_id = await self._named_by(letter)
        try:
            return None if case_id is None else await self.cases.load(case_id)
        except UnreadableRow:
            return None

    async def _named_by(self, letter: DeadLetter) -> CaseId | None:
        """Which case a message is about; a ticket, about the one of the same content."""
        with suppress(MalformedMessage):
            return decode_command(letter.body).case_id
        if letter.queue is not Queue.RESETS:
            return None
        try:
            ticket = decode_ticket(letter.body)
        except InvalidEvent:
            return None
        claim = await self.claims.find(ticket_key(QUEUE, ticket))
        if claim is None or claim.content_hash != ticket_hash(ticket):
            return None
        return claim.case_id
