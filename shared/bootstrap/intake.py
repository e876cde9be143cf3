"""What takes in HR events and tickets."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from shared.bootstrap.enrolments import Enrolling

if TYPE_CHECKING:
    from shared.application.intake import AcceptWebhook
    from shared.application.opening import OpenCase
    from shared.application.ports.messages import QueueSignatures
    from shared.application.ports.sources import Reader, Source
    from shared.contracts.hr_reading import ReceivedEvent
    from shared.contracts.reset_ticket import ResetTicket
    from shared.domain.ids import SourceName
    from shared.settings.sources import SourceSettings

Item = TypeVar("Item")


class TakingIn(Enrolling):
    """The use cases that open cases for other systems."""

    @cached_property
    def accept_hr_event(self) -> "AcceptWebhook[ReceivedEvent]":
        from shared.application.contacts import KeepContact
        from shared.application.hr_intake import OrderOfHrEvent
        from shared.application.intake import AcceptWebhook

        lasting = self.settings.contact_retention
        return AcceptWebhook(
            sources={
                name: _source(name, source, source.profile.reader)
                for name, source in self.settings.sources.items()
            },
            suspensions=self.suspensions,
            order_of=OrderOfHrEvent(KeepContact(self.contacts, self.clock, lasting), self.clock),
            open_case=self.open_case,
            dispatch=self.dispatch,
        )

    @cached_property
    def accept_ticket_webhook(self) -> "AcceptWebhook[ResetTicket]":
        from shared.application.intake import AcceptWebhook
        from shared.application.tickets import OrderOfTicket

        return AcceptWebhook(
            sources={
                name: _source(name, source, source.profile.reader)
                for name, source in self.settings.reset_sources.items()
            },
            suspensions=self.suspensions,
            order_of=OrderOfTicket(self.clock),
            open_case=self.open_case,
            dispatch=self.dispatch,
        )

    @cached_property
    def queue_signatures(self) -> "QueueSignatures":
        from shared.adapters.signatures.queue_messages import StandardQueueSignatures

        return StandardQueueSignatures(
            self.settings.queue_secrets, required=self.settings.require_signature
        )

    @cached_property
    def open_case(self) -> "OpenCase":
        from shared.application.opening import OpenCase

        return OpenCase(
            claims=self.claims, volumes=self.volumes, cases=self.cases, clock=self.clock
        )


def _source(
    name: "SourceName",
    settings: "SourceSettings[Any]",  # whatever reads, it is the next argument
    reader: "Reader[Item]",
) -> "Source[Item]":
    from shared.adapters.signatures.schemes import scheme_of
    from shared.application.ports.sources import Source

    profile = settings.profile
    return Source(
        name=name,
        scheme=scheme_of(profile.scheme, settings.secrets, profile.callers),
        reader=reader,
        daily_volume=profile.daily_volume,
        domains=profile.domains,
    )
