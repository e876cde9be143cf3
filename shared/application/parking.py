"""Keep for a human what can't be done now (disposition PARK), and take it up again."""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from shared.application.dispatch import Dispatch
from shared.application.ports.cases import Cases
from shared.application.ports.clock import Clock
from shared.application.ports.messages import Events, OutgoingEvent
from shared.application.ports.parked import Parked, ParkedMessages, UntoldMessages
from shared.contracts.case_events import parked_event, parked_event_id
from shared.contracts.commands import AdvanceCase, decode_command, encode_command, queue_of
from shared.contracts.reset_ticket import readable_ticket_id
from shared.domain.cases import Case, CaseState, EventType
from shared.domain.errors import LifecycleError
from shared.domain.errors.messages import BrokerUnavailable, MalformedMessage, NotReplayable
from shared.domain.errors.requests import NotFound
from shared.domain.failures import replayed
from shared.domain.plans import CaseKind
from shared.domain.transitions import Transition
from shared.names import Queue
from shared.telemetry import EventLog

_PARKED_ID: Final = re.compile(r"[0-9a-f]{32}(-[0-9]{4,9})?")
"""The id of a case with the number of its step, or the hash of a message."""
_MOST_AT_ONCE: Final = 100
KINDS: Final = {
    Queue.ONBOARDING: CaseKind.ONBOARDING,
    Queue.RESETS: CaseKind.RESET,
    Queue.EXEMPTIONS: CaseKind.EXEMPTION,
}
"""What somebody who sends to a queue of cases asks for."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class Parking:
    """Keeps what was parked."""

    parked: ParkedMessages
    tell: "TellParked"
    clock: Clock

    async def keep_case(self, transition: Transition) -> None:
        """Keep the command of a case that is about to be parked, for the reason that it tells."""
        case, step, event = transition.case, transition.step, transition.event
        if step is None or event is None:
            raise TypeError("A case is parked with an audit entry and an event.")
        await self.parked.add(
            Parked(
                parked_id=_parked_id(case),
                queue=queue_of(case),
                reason=event.reason or "",
                detail=step.detail or "",
                attempts=case.attempts,
                message=encode_command(AdvanceCase.of(case)).decode(),
                case_id=case.case_id,
                at=self.clock.now(),
            )
        )

    async def forget_case(self, case: Case) -> None:
        """Drop what was kept of a parked case that is taken up again without anybody's asking."""
        await self.parked.remove(_parked_id(case))

    async def keep_message(
        self, queue: Queue, body: bytes, error: LifecycleError, attempts: int
    ) -> None:
        """Keep a message that belongs to no case that we know, and tell of it.

        It is stored before it is told: where the broker is away, or we die, the recovery timer
        tells.
        """
        parked = Parked(
            parked_id=hashlib.sha256(body).hexdigest()[:32],
            queue=queue,
            reason=error.code,
            detail=error.detail,
            attempts=attempts,
            message=redacted(body),
            case_id=None,
            at=self.clock.now(),
            ticket_id=readable_ticket_id(body) if queue is Queue.RESETS else None,
            told=False,
        )
        await self.parked.add(parked)
        await self.tell.again(parked.parked_id)


@dataclass(frozen=True, slots=True)
class TellParked:
    """Publishes an event about each parked message that belongs to no case."""

    parked: ParkedMessages
    untold: UntoldMessages
    events: Events
    tenant_id: str

    async def __call__(self) -> int:
        """Tell of everything that nobody was told of.

        Returns:
            How many there were.

        Raises:
            BrokerUnavailable: the broker takes nothing; the next run tries again.
            StoreUnavailable: likewise.
        """
        found = await self.untold.untold(_MOST_AT_ONCE)
        for parked in found:
            await self._tell(parked)
        return len(found)

    async def again(self, parked_id: str) -> None:
        """Tell of one, unless it was told of; where the broker is away, leave it to recovery."""
        kept = await self.parked.get(parked_id)
        if kept is None or kept.told:
            return
        try:
            await self._tell(kept)
        except BrokerUnavailable as error:
            _log.warning("event.delayed", parked_id=parked_id, code=error.code)

    async def _tell(self, parked: Parked) -> None:
        event = OutgoingEvent(
            event_id=parked_event_id(parked.parked_id),
            event_type=EventType.PARKED,
            kind=KINDS[parked.queue],
            body=parked_event(
                parked.parked_id,
                KINDS[parked.queue],
                at=parked.at,
                reason=parked.reason,
                ticket_id=parked.ticket_id,
                tenant_id=self.tenant_id,
            ),
            ticket_id=parked.ticket_id,
        )
        await self.events.publish((event,))
        await self.untold.mark_told(parked)


def _parked_id(case: Case) -> str:
    return f"{case.case_id}-{case.steps:04}"


def redacted(body: bytes) -> str:
    """A message with its ids and without its other values."""
    try:
        command = decode_command(body)
    except MalformedMessage:
        digest = hashlib.sha256(body).hexdigest()
        return f"[redacted: {len(body)} bytes, sha256 {digest}]"
    return encode_command(command).decode()


@dataclass(frozen=True, slots=True)
class ListParked:
    """Lists what was parked."""

    parked: ParkedMessages

    async def __call__(self, token: str | None) -> tuple[tuple[Parked, ...], str | None]:
        """A page, newest first, and the token of the next one.

        Raises:
            InvalidRequest: the token is none of ours.
        """
        return await self.parked.newest(token)


@dataclass(frozen=True, slots=True)
class ReplayParked:
    """Takes a parked case up again."""

    parked: ParkedMessages
    cases: Cases
    dispatch: Dispatch
    clock: Clock

    async def __call__(self, parked_id: str, by: str) -> AdvanceCase:
        """Replay one.

        Args:
            parked_id: which.
            by: the object id of the person who asks for it.

        Raises:
            NotFound: there is no such parked message.
            NotReplayable: it belongs to no case, and was kept only in redacted form.
            IllegalTransition: its case has moved on.
        """
        kept = await self.parked.get(parked_id) if _PARKED_ID.fullmatch(parked_id) else None
        if kept is None:
            raise NotFound("Nothing is parked under this id.")
        stored = None if kept.case_id is None else await self.cases.load(kept.case_id)
        if stored is None:
            raise NotReplayable("The message belongs to no case; its sender has to send it again.")
        if stored.case.state is not CaseState.PARKED:
            # It was replayed or cancelled already, and the row is what a crash has left of it.
            await self.parked.remove(parked_id)
        await self.cases.save(stored, replayed(stored.case, by, self.clock.now()))
        await self.parked.remove(parked_id)
        command = AdvanceCase.of(stored.case)
        await self.dispatch.soon(command)
        return command
