"""Publish what cases have to tell, in order, at least once, always in the same words."""

from dataclasses import dataclass

from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.application.ports.messages import Events, OutgoingEvent
from shared.contracts.case_events import cloud_event, event_id
from shared.domain.errors.messages import BrokerUnavailable
from shared.telemetry import EventLog

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Sends the pending events of a case."""

    cases: Cases
    events: Events
    tenant_id: str
    clock: Clock

    async def flush(self, stored: StoredCase) -> StoredCase:
        """Publish the pending events of a case.

        An event that the broker does not take stays pending and keeps the case due, so that the
        recovery timer brings it here again.
        """
        pending = tuple(event for event in stored.events if not event.published)
        if not pending:
            return stored
        case = stored.case
        outgoing = tuple(
            OutgoingEvent(
                event_id=event_id(case.case_id, event.seq),
                event_type=event.type,
                kind=case.kind,
                body=cloud_event(case.case_id, case.kind, event, self.tenant_id),
                ticket_id=event.ticket_id,
                ticket_system=event.ticket_system,
            )
            for event in pending
        )
        try:
            await self.events.publish(outgoing)
        except BrokerUnavailable as error:
            _log.warning("event.delayed", case_id=case.case_id, code=error.code)
            return stored
        return await self.cases.mark_published(stored, pending, self.clock.now())
