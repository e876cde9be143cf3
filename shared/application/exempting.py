"""Grant a person's exemption, and end one early."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.application.dispatch import Dispatch
from shared.application.holding import Holding
from shared.application.parking import Parking
from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.application.ports.exemptions import Exemptions
from shared.contracts.commands import AdvanceCase
from shared.domain.cases import ENDED, PEOPLE, SIGN_IN, Case, CaseState, EventType, StepOutcome
from shared.domain.errors.exemptions import ExemptionLive
from shared.domain.errors.requests import NotFound
from shared.domain.errors.storage import Conflict
from shared.domain.exemption.ending import end_now
from shared.domain.exemption.limits import (
    ExemptionLimits,
    ExemptionRecord,
    Span,
    check_limits,
    recent,
)
from shared.domain.ids import CaseId, is_case_id
from shared.domain.plans import CaseKind, ExemptionPlan
from shared.domain.transitions import Transition, record

LEGACY: Final = (
    "While MFA is `disabled` for the person, the plain password works again with legacy protocols."
)
"""A warning that stands in every exemption:
https://learn.microsoft.com/entra/identity/authentication/howto-mfa-app-passwords"""

_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class GrantExemption:
    """Opens the case of an exemption; nothing is changed before somebody else approves it.

    The record of the person names the case before the case is there. So of two requests at once
    one wins, and a case that a crash left out is made under its id by the next request.
    """

    exemptions: Exemptions
    cases: Cases
    dispatch: Dispatch
    clock: Clock
    limits: ExemptionLimits
    new_id: Callable[[], CaseId]

    async def __call__(self, plan: ExemptionPlan, by: str) -> Case:
        """Open one.

        Args:
            plan: what is asked for.
            by: object id of the person who asks.

        Raises:
            InvalidRequest: its end has passed, or is too far away.
            ExemptionLive: the person has one already.
            ExemptionLimitReached: it would be too much for a year.
            Conflict: the record of the person does not come to rest.
        """
        for _ in range(_ATTEMPTS):
            try:
                case_id = await self._claim(plan)
            except Conflict:
                continue  # Somebody else was quicker: see whether they hold it now.
            accepted = _accepted(case_id, plan, by, self.clock.now())
            stored = await self.cases.create(accepted)
            if stored.case != accepted.case:
                raise _live(case_id)
            await self.dispatch.soon(AdvanceCase.of(stored.case))
            return stored.case
        raise Conflict("Too many requests at once about the same person.")

    async def _claim(self, plan: ExemptionPlan) -> CaseId:
        """The id of the person's next exemption."""
        now = self.clock.now()
        kept = await self.exemptions.of(plan.user_id)
        last = None if kept.case_id is None else await self.cases.load(kept.case_id)
        if last is not None and last.case.state not in ENDED:
            raise _live(last.case.case_id)
        spent = (*kept.spent, *_spent(last))
        check_limits(Span(now, plan.ends_at), spent, self.limits, now)
        if kept.case_id is not None and last is None:
            return kept.case_id
        case_id = self.new_id()
        granted = ExemptionRecord(case_id=case_id, spent=recent(spent, now))
        await self.exemptions.replace(plan.user_id, kept, granted)
        return case_id


@dataclass(frozen=True, slots=True)
class EndExemption:
    """Ends an exemption before its time."""

    cases: Cases
    holding: Holding
    parking: Parking
    dispatch: Dispatch
    clock: Clock

    async def __call__(self, case_id: CaseId, by: str) -> Case:
        """End one; its worker puts the person back.

        Args:
            case_id: which.
            by: object id of the person who asks.

        Raises:
            NotFound: there is no such exemption.
            IllegalTransition: it is over already.
            LeaseHeld: a worker is busy with the person and does not end.
        """
        stored = await self.cases.load(case_id) if is_case_id(case_id) else None
        if stored is None or stored.case.kind is not CaseKind.EXEMPTION:
            raise NotFound("There is no exemption of this id.")
        async with self.holding.hold_soon(stored) as held:
            before = held.case
            stored = await self.cases.save(held, end_now(before, by, self.clock.now()))
            if before.state is CaseState.PARKED:
                await self.parking.forget_case(before)
        await self.dispatch.soon(AdvanceCase.of(stored.case))
        return stored.case


def _live(case_id: CaseId) -> ExemptionLive:
    return ExemptionLive(f"Case {case_id} is the person's exemption.")


def _spent(last: StoredCase | None) -> tuple[Span, ...]:
    """For how long a case that is over had its person exempt."""
    if last is None or last.case.before is None or last.case.observed:
        return ()
    begun = next(step.at for step in last.steps if step.outcome is StepOutcome.BEGUN)
    return (Span(begun, last.case.updated_at),)


def _accepted(case_id: CaseId, plan: ExemptionPlan, by: str, now: datetime) -> Transition:
    case = Case(
        case_id=case_id,
        state=CaseState.ACCEPTED,
        source=PEOPLE,
        verified_with=SIGN_IN,
        plan=plan,
        user_id=plan.user_id,
        accepted_at=now,
        updated_at=now,
        deadline=plan.ends_at,
        actors=frozenset({by}),
        warnings=(LEGACY,),
    )
    return record(
        case,
        now,
        action="accept",
        outcome=StepOutcome.DONE,
        detail=f"Asked for by {by}.",
        event=EventType.ACCEPTED,
    )
