"""Take in tickets about lost devices: from the queue, and what one asks for wherever it comes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from shared.application.advance import AdvanceCases
from shared.application.drafts import Draft
from shared.application.opening import OpenCase, Order
from shared.application.ports.clock import Clock
from shared.application.ports.control import Suspensions
from shared.application.ports.messages import QueueSignatures, Tickets
from shared.application.ports.sources import Source, Verified
from shared.contracts.envelopes import Envelope
from shared.contracts.reset_ticket import ResetTicket, decode_ticket, reset_plan, ticket_hash
from shared.domain.cases import QUEUE
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.messages import MalformedMessage
from shared.domain.errors.requests import InvalidEvent, SourceSuspended
from shared.domain.ids import CaseId, SourceName
from shared.domain.plans import Plan
from shared.domain.schedules import Rules, next_attempt
from shared.names import Queue
from shared.telemetry import EventLog

UNSIGNED: Final = "access to the queue"
"""What a ticket is verified with that nobody signed: Service Bus lets few send."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class OrderOfTicket:
    """Makes orders of the tickets that come as webhooks."""

    clock: Clock

    def __call__(
        self, source: Source[ResetTicket], verified: Verified, ticket: ResetTicket
    ) -> Order:
        """The order of a ticket."""
        return ticket_order(
            source.name,
            verified.by,
            ticket,
            self.clock,
            domains=source.domains,
            daily_volume=source.daily_volume,
        )


def ticket_order(
    source: SourceName,
    verified_with: str,
    ticket: ResetTicket,
    clock: Clock,
    *,
    domains: frozenset[str] = frozenset(),
    daily_volume: int | None = None,
) -> Order:
    """The order of a ticket: its id is the key, inside its source and the system that it names."""

    async def made(_: CaseId) -> Plan:
        return replace(reset_plan(ticket, clock.now()), domains=tuple(sorted(domains)))

    return Order(
        key=ticket_key(source, ticket),
        meaning=ticket_hash(ticket),
        source=source,
        verified_with=verified_with,
        plan=made,
        daily_volume=daily_volume,
    )


def ticket_key(source: SourceName, ticket: ResetTicket) -> str:
    """By which a ticket is known, whatever message bears it."""
    return f"ticket:{source}{ticket.key}"


@dataclass(frozen=True, slots=True)
class AcceptTicket:
    """Turns a ticket on the queue into a case, and takes it up in the same go."""

    signatures: QueueSignatures
    suspensions: Suspensions
    open_case: OpenCase
    advance: AdvanceCases
    tickets: Tickets
    clock: Clock
    rules: Rules
    new_id: Callable[[], str]

    async def __call__(self, body: bytes, envelope: Envelope, *, again: bool = False) -> None:
        """Accept a ticket, or put it off while its case can't be stored.

        The case of a ticket that is delivered again goes on where it was left. Where there is none,
        it is stored before anything else: by then recovery has to know of it.

        Args:
            body: the ticket.
            envelope: what else its message says.
            again: whether this very message was delivered before.

        Raises:
            InvalidSignature: it is signed wrongly, or not at all where it has to be.
            MalformedMessage: it is no ticket.
            SourceSuspended: an operator turns away what comes on the queue.
            IdempotencyConflict: its id came before, with other content; the case tells.
            LifecycleError: the broker has to deliver it again.
        """
        secret = self.signatures.verify(body, envelope)
        try:
            ticket = decode_ticket(body)
        except InvalidEvent as error:
            raise MalformedMessage(error.detail) from error
        try:
            verified_with = UNSIGNED if secret is None else f"secret {secret}"
            await self._take_up(ticket, verified_with, again=again)
        except LifecycleError as error:
            if error.disposition is not Disposition.DEFER:
                raise
            await self._put_off(body, envelope, secret, error)

    async def _take_up(self, ticket: ResetTicket, verified_with: str, *, again: bool) -> None:
        if await self.suspensions.is_suspended(QUEUE):
            raise SourceSuspended("Tickets on the queue are turned away.")
        order = ticket_order(QUEUE, verified_with, ticket, self.clock)
        if again:
            stored, _ = await self.open_case(order)
            draft = Draft(stored)
        else:
            draft = await self.open_case.draft(order)
        await self.advance.begin(draft, Queue.RESETS)

    async def _put_off(
        self, body: bytes, envelope: Envelope, secret: str | None, error: LifecycleError
    ) -> None:
        """Send a copy for later, under a new id, signed anew where the ticket was signed.

        Raises:
            LifecycleError: the ticket was put off often enough.
        """
        attempt = envelope.attempt + 1
        if attempt > self.rules.attempts:
            raise error
        at = next_attempt(attempt, self.clock.now(), error.retry_after, self.rules)
        copy = Envelope(message_id=self.new_id(), enqueued_at=at, attempt=attempt)
        if secret is not None:
            copy = self.signatures.signed(body, copy, secret)
        _log.info("ticket.deferred", code=error.code, attempt=attempt)
        await self.tickets.send(body, copy)
