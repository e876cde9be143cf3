"""Open one case for each thing that is asked for, however often it comes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from shared.application.drafts import Draft
from shared.application.ports.cases import Cases, Claim, Claims, StoredCase
from shared.application.ports.clock import Clock
from shared.application.ports.sources import Volumes
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.errors.requests import IdempotencyConflict, VolumeExceeded
from shared.domain.errors.storage import Conflict, StoreUnavailable
from shared.domain.ids import CaseId, SourceName
from shared.domain.plans import Plan
from shared.domain.repetition import contradicted
from shared.domain.transitions import Transition, record
from shared.telemetry import EventLog

_REFUSALS: Final = 8
"""How many refused cases are looked past for one that says the same. A feed that repeats every
night what is refused every night must not make each webhook slower than the one before."""
_WRITERS: Final = 5
"""How many others may come before us when a case is written without the lease on its person."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a source asks for.

    Attributes:
        key: the same key is the same order, among all sources.
        meaning: SHA-256 of what it says; the same key with another meaning is a conflict.
        statement: the same statement is the same order under another key, too; None where only the
            key tells.
        source: who asks.
        verified_with: what proved that it is the source.
        plan: the plan of its case, made once the case has an id.
        daily_volume: how many new orders the source may send in a day; None where any number.
    """

    key: str
    meaning: str
    source: SourceName
    verified_with: str
    plan: Callable[[CaseId], Awaitable[Plan]]
    daily_volume: int | None = None
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Turns an order into a stored case."""

    claims: Claims
    volumes: Volumes
    cases: Cases
    clock: Clock

    async def __call__(self, order: Order) -> tuple[StoredCase, bool]:
        """The case of an order, stored, and whether it is new.

        Raises:
            LifecycleError: as `draft` says, or it could not be stored.
        """
        draft = await self.draft(order)
        if draft.stored is not None:
            return draft.stored, False
        return await self.cases.create(*draft.unsaved), True

    async def draft(self, order: Order) -> Draft:
        """The case of an order: as it is stored, or, where it is new, as it is to be stored.

        Whoever does not get as far as to store it needs the order once more.

        Raises:
            IdempotencyConflict: the key came before, with other content; its case tells.
            VolumeExceeded: the source has sent as many new orders today as it may.
            StoreUnavailable: nobody can tell whether it came before, or its case can't tell yet.
        """
        # The statement first: whichever of several keys comes with it, it leads to the one case.
        said = None if order.statement is None else await self._said(order.statement)
        claim = await self.claims.claim(
            order.key, order.meaning, case_id=None if said is None else said.case_id
        )
        if claim.content_hash != order.meaning:
            await self._tell_contradiction(claim.case_id)
            raise IdempotencyConflict(
                f"Case {claim.case_id} was opened under this id with other content."
            )
        fresh = claim.fresh and (said is None or said.fresh)
        known = None if fresh else await self.cases.load(claim.case_id)
        if known is not None:
            return Draft(known)
        await self._count(order)
        plan = await order.plan(claim.case_id)
        now = self.clock.now()
        case = Case(
            case_id=claim.case_id,
            state=CaseState.ACCEPTED,
            source=order.source,
            verified_with=order.verified_with,
            plan=plan,
            accepted_at=now,
            updated_at=now,
        )
        return Draft(None, (_accepted(case),))

    async def _said(self, statement: str) -> Claim | None:
        """What the statement leads to: its first case, or the first after those that were refused.

        What stood against them may be mended meanwhile, and who says it again under another key
        asks again. None where too many were: then only the key tells.
        """
        for _ in range(_REFUSALS):
            claim = await self.claims.claim(statement, statement)
            known = None if claim.fresh else await self.cases.load(claim.case_id)
            if known is None or known.case.state is not CaseState.REFUSED:
                return claim
            statement = f"{statement}:{claim.case_id}"
        return None

    async def _tell_contradiction(self, case_id: CaseId) -> None:
        """Have the case tell of what contradicts its own order, whoever writes it just now.

        Raises:
            StoreUnavailable: it could not be told yet, so the order has to come again.
        """
        for _ in range(_WRITERS):
            stored = await self.cases.load(case_id)
            told = None if stored is None else contradicted(stored.case, self.clock.now())
            if stored is None:
                raise StoreUnavailable("The case that came first is not stored yet.")
            if told is None:
                return
            try:
                await self.cases.save(stored, told)
            except Conflict:
                continue
            return
        raise StoreUnavailable("The case is written by others all the time.")

    async def _count(self, order: Order) -> None:
        """Count a new order. Its claim stays: sent again another day, it opens the same case."""
        if order.daily_volume is None:
            return
        now = self.clock.now().astimezone(UTC)
        if await self.volumes.take(order.source, now.date(), order.daily_volume):
            return
        _log.warning("source.volume.exceeded", source=order.source, limit=order.daily_volume)
        tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        raise VolumeExceeded(
            f"This source may send {order.daily_volume} new events a day.",
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
