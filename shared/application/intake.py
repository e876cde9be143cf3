"""Take in HR events: quickly, once, and never losing one that was acknowledged."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from shared.application.contacts import KeepContact
from shared.application.dispatch import Dispatch
from shared.application.ports.cases import Cases, Claims
from shared.application.ports.clock import Clock
from shared.application.ports.control import Suspensions
from shared.application.ports.sources import HrSource, Verified, Volumes
from shared.contracts.commands import AdvanceCase
from shared.contracts.hr_events import HrEvent, HrEventType, leaver_plan, onboarding_plan
from shared.contracts.hr_reading import ReceivedEvent
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.errors import LifecycleError
from shared.domain.errors.requests import (
    BodyTooLarge,
    IdempotencyConflict,
    SourceSuspended,
    UnknownSource,
    VolumeExceeded,
)
from shared.domain.errors.storage import Conflict, StoreUnavailable
from shared.domain.ids import CaseId, SourceName
from shared.domain.plans import OnboardingPlan, Plan
from shared.domain.repetition import contradicted
from shared.domain.transitions import Transition, record
from shared.telemetry import EventLog

MOST_BYTES: Final = 256 * 1024
STORE_LIMIT: Final = timedelta(seconds=2)
"""A webhook is answered within three seconds, so the store has this long."""

_WRITERS: Final = 5
"""How many others may come before us when a case is written without the lease on its person."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class AcceptHrEvent:
    """Turns a signed webhook into cases, and commands to take them up."""

    sources: Mapping[SourceName, HrSource]
    suspensions: Suspensions
    claims: Claims
    volumes: Volumes
    cases: Cases
    keep_contact: KeepContact
    dispatch: Dispatch
    clock: Clock

    async def __call__(
        self, name: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Case, ...]:
        """Accept the events of one request.

        Each event is stored on its own. Where one of them can't be, the others are all the same,
        and the request is refused as that one is: sent again, it meets what is stored as known.

        Args:
            name: the source, as the address names it.
            headers: the request's headers, in lower case.
            body: the request's raw body.

        Returns:
            The case of each event, new or known, in the body's order; none where the vendor tells
            of nothing that is ours.

        Raises:
            BodyTooLarge: the body is larger than 256 KiB.
            UnknownSource: there is no such source.
            InvalidSignature: nobody who knows a secret of the source signed this body just now.
            SourceSuspended: an operator turned the source away.
            InvalidEvent: the body holds an event that this source may not send, or none.
            IdempotencyConflict: an event's id came before, with other content.
            VolumeExceeded: the source has sent as many new events today as it may.
            StoreUnavailable: an event could not be stored; nothing was acknowledged.
        """
        if len(body) > MOST_BYTES:
            raise BodyTooLarge(f"The body has {len(body)} bytes.")
        source = self.sources.get(SourceName(name))
        if source is None:
            raise UnknownSource("No source of this name is configured.")
        verified = source.scheme.verify(body, headers)
        received = source.reader.read(body, verified.signed_at)
        if not received:
            _log.info("hr.ignored", source=source.name)
            return ()
        try:
            async with asyncio.timeout(STORE_LIMIT.total_seconds()):
                if await self.suspensions.is_suspended(source.name):
                    raise SourceSuspended("Webhooks of this source are turned away.")
                outcomes = await asyncio.gather(
                    *(self._outcome(source, verified, one) for one in received)
                )
        except TimeoutError as error:
            raise StoreUnavailable("The store did not answer in time.") from error
        stored = [outcome for outcome in outcomes if not isinstance(outcome, LifecycleError)]
        # Side by side: while the broker is away, each of them waits for it.
        await asyncio.gather(
            *(self.dispatch.soon(AdvanceCase.of(case)) for case, fresh in stored if fresh)
        )
        for outcome in outcomes:
            if isinstance(outcome, LifecycleError):
                raise outcome
        return tuple(case for case, _ in stored)

    async def _outcome(
        self, source: HrSource, verified: Verified, received: ReceivedEvent
    ) -> tuple[Case, bool] | LifecycleError:
        try:
            return await self._store(source, verified, received)
        except LifecycleError as error:
            return error

    async def _store(
        self, source: HrSource, verified: Verified, received: ReceivedEvent
    ) -> tuple[Case, bool]:
        now = self.clock.now()
        plan = _plan(received.event, source, now)
        claim = await self.claims.claim(f"hr:{source.name}:{received.key}", received.meaning)
        if claim.content_hash != received.meaning:
            await self._tell_contradiction(claim.case_id)
            raise IdempotencyConflict(
                f"Case {claim.case_id} was opened for this event id with other content."
            )
        known = None if claim.fresh else await self.cases.load(claim.case_id)
        if known is not None:
            return known.case, False
        await self._count(source)
        if isinstance(plan, OnboardingPlan):
            # Before the case: a case that is there has all it needs.
            kept = await self.keep_contact(claim.case_id, received.event, source.preparation)
            plan = replace(plan, contacts=kept)
        case = Case(
            case_id=claim.case_id,
            state=CaseState.ACCEPTED,
            source=source.name,
            verified_with=verified.by,
            plan=plan,
            accepted_at=now,
            updated_at=now,
        )
        stored = await self.cases.create(_accepted(case))
        return stored.case, True

    async def _tell_contradiction(self, case_id: CaseId) -> None:
        """Have the case tell of an event that contradicts its own, whoever writes it just now.

        Raises:
            StoreUnavailable: it could not be told, so the event has to come again.
        """
        for _ in range(_WRITERS):
            stored = await self.cases.load(case_id)
            told = None if stored is None else contradicted(stored.case, self.clock.now())
            if stored is None or told is None:
                return
            try:
                await self.cases.save(stored, told)
            except Conflict:
                continue
            return
        raise StoreUnavailable("The case is written by others all the time.")

    async def _count(self, source: HrSource) -> None:
        """Count a new event. Its claim stays: sent again another day, it opens the same case."""
        if source.daily_volume is None:
            return
        now = self.clock.now().astimezone(UTC)
        if await self.volumes.take(source.name, now.date(), source.daily_volume):
            return
        _log.warning("hr.volume.exceeded", source=source.name, limit=source.daily_volume)
        tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        raise VolumeExceeded(
            f"This source may send {source.daily_volume} new events a day.",
            retry_after=tomorrow - now,
        )


def _accepted(case: Case) -> Transition:
    return record(
        case,
        case.accepted_at,
        action="accept",
        outcome=StepOutcome.DONE,
        detail=f"From {case.source}, verified by {case.verified_with}.",
        event=EventType.ACCEPTED,
    )


def _plan(event: HrEvent, source: HrSource, now: datetime) -> Plan:
    if event.type is HrEventType.LEAVER:
        return leaver_plan(event, now)
    return onboarding_plan(event, source.reader.zone, now)
