"""What an HR event asks for."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.application.contacts import KeepContact
from shared.application.opening import Order
from shared.application.ports.clock import Clock
from shared.application.ports.sources import Source, Verified
from shared.contracts.hr_events import HrEventType, leaver_plan, onboarding_plan
from shared.contracts.hr_reading import ReceivedEvent
from shared.domain.ids import CaseId
from shared.domain.plans import LeaverPlan, OnboardingPlan, Plan


@dataclass(frozen=True, slots=True)
class OrderOfHrEvent:
    """Makes orders of HR events, and keeps the contact data that they bring."""

    keep_contact: KeepContact
    clock: Clock

    def __call__(
        self, source: Source[ReceivedEvent], verified: Verified, received: ReceivedEvent
    ) -> Order:
        """The order of an event.

        Raises:
            InvalidEvent: it makes no plan.
        """
        plan = replace(_plan(received, self.clock.now()), domains=tuple(sorted(source.domains)))

        async def made(case_id: CaseId) -> Plan:
            if not isinstance(plan, OnboardingPlan):
                return plan
            # Before the case: a case that is there has all it needs.
            kept = await self.keep_contact(case_id, received.event, received.preparation)
            return replace(plan, contacts=kept)

        return Order(
            key=f"hr:{source.name}:{received.key}",
            statement=_statement(source, received),
            meaning=received.meaning,
            source=source.name,
            verified_with=verified.by,
            plan=made,
            daily_volume=source.daily_volume,
        )


def _statement(source: Source[ReceivedEvent], received: ReceivedEvent) -> str | None:
    said = received.statement
    return None if said is None else f"hr:{source.name}:says:{said}"


def _plan(received: ReceivedEvent, now: datetime) -> OnboardingPlan | LeaverPlan:
    if received.event.type is HrEventType.LEAVER:
        return leaver_plan(received.event, now)
    return onboarding_plan(received.event, received.zone, now)
