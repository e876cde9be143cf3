"""Take in an HR event: quickly, once, and never losing one that was acknowledged."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from shared.application.contacts import KeepContact
from shared.application.dispatch import Dispatch
from shared.application.ports.cases import Cases, Claim, Claims
from shared.application.ports.clock import Clock
from shared.application.ports.control import Suspensions
from shared.application.ports.sources import HrSource, Verified
from shared.contracts.commands import AdvanceCase
from shared.contracts.hr_events import (
    HrEvent,
    content_hash,
    decode_hr_event,
    onboarding_plan,
)
from shared.domain.cases import (
    Case,
    CaseState,
    EventType,
    StepOutcome,
)
from shared.domain.contacts import ContactKind
from shared.domain.errors import (
    BodyTooLarge,
    IdempotencyConflict,
    InvalidEvent,
    SourceSuspended,
    StoreUnavailable,
    UnknownSource,
)
from shared.domain.ids import SourceName
from shared.domain.transitions import Transition, record

MOST_BYTES: Final = 256 * 1024
STORE_LIMIT: Final = timedelta(seconds=2)
"""A webhook is answered within three seconds, so the store has this long."""


@dataclass(frozen=True, slots=True)
class AcceptHrEvent:
    """Turns a signed webhook into a case and a command to take it up."""

    sources: Mapping[SourceName, HrSource]
    suspensions: Suspensions
    claims: Claims
    cases: Cases
    keep_contact: KeepContact
    dispatch: Dispatch
    clock: Clock

    async def __call__(self, name: str, headers: Mapping[str, str], body: bytes) -> Case:
        """Accept one event.

        Args:
            name: the source, as the address names it.
            headers: the request's headers, in lower case.
            body: the request's raw body.

        Returns:
            The event's case, new or known.

        Raises:
            BodyTooLarge: the body is larger than 256 KiB.
            UnknownSource: there is no such source.
            InvalidSignature: nobody who knows a secret of the source signed this body just now.
            SourceSuspended: an operator turned the source away.
            InvalidEvent: the body is no event that this source may send.
            IdempotencyConflict: the event's id came before, with other content.
            StoreUnavailable: it could not be stored; nothing was acknowledged.
        """
        if len(body) > MOST_BYTES:
            raise BodyTooLarge(f"The body has {len(body)} bytes.")
        source = self.sources.get(SourceName(name))
        if source is None:
            raise UnknownSource("No source of this name is configured.")
        verified = source.scheme.verify(body, headers)
        event = decode_hr_event(body)
        if event.type not in source.types:
            raise InvalidEvent(f"This source may not send events of the type {event.type}.")
        try:
            async with asyncio.timeout(STORE_LIMIT.total_seconds()):
                case, fresh = await self._store(source, verified, event)
        except TimeoutError as error:
            raise StoreUnavailable("The store did not answer in time.") from error
        if fresh:
            await self.dispatch.soon(AdvanceCase(case_id=case.case_id))
        return case

    async def _store(
        self, source: HrSource, verified: Verified, event: HrEvent
    ) -> tuple[Case, bool]:
        if await self.suspensions.is_suspended(source.name):
            raise SourceSuspended("Webhooks of this source are turned away.")
        meaning = content_hash(event)
        # Without an id of its own an event is what it says. The label keeps the two apart.
        event_key = f"body:{meaning}" if event.id is None else f"id:{event.id}"
        claim = await self.claims.claim(f"hr:{source.name}:{event_key}", meaning)
        if claim.content_hash != meaning:
            raise IdempotencyConflict(
                f"Case {claim.case_id} was opened for this event id with other content."
            )
        known = None if claim.fresh else await self.cases.load(claim.case_id)
        if known is not None:
            return known.case, False
        # Before the case: a case that is there has all it needs.
        contacts = await self.keep_contact(claim.case_id, event, source.preparation)
        stored = await self.cases.create(
            self._accept(source, verified, event, claim, contacts=contacts)
        )
        return stored.case, True

    def _accept(
        self,
        source: HrSource,
        verified: Verified,
        event: HrEvent,
        claim: Claim,
        *,
        contacts: tuple[ContactKind, ...],
    ) -> Transition:
        now = self.clock.now()
        case = Case(
            case_id=claim.case_id,
            state=CaseState.ACCEPTED,
            source=source.name,
            verified_with=verified.secret,
            plan=replace(onboarding_plan(event, source.zone, now), contacts=contacts),
            accepted_at=now,
            updated_at=now,
        )
        return record(
            case,
            now,
            action="accept",
            outcome=StepOutcome.DONE,
            detail=f"From {source.name}, signed with secret {verified.secret}.",
            event=EventType.ACCEPTED,
        )
