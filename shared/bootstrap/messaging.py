"""The ports over Service Bus, and what use cases share of them."""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from shared.bootstrap.storage import Storage

if TYPE_CHECKING:
    from shared.application.dispatch import Dispatch
    from shared.application.holding import Holding
    from shared.application.outbox import Outbox
    from shared.application.parking import Parking, TellParked
    from shared.application.ports.messages import Commands, DeadLetters, Events, Tickets

SEND_LIMIT: Final = timedelta(seconds=0.8)
"""How long a caller waits for the broker; a webhook has three seconds for everything."""


class Messaging(Storage):
    """What is sent and received, by port."""

    @cached_property
    def commands(self) -> "Commands":
        from shared.adapters.servicebus.commands import ServiceBusCommands

        return ServiceBusCommands(
            {
                queue: self.namespace.queue_sender(name, limit=SEND_LIMIT)
                for queue, name in self.settings.queues().items()
            }
        )

    @cached_property
    def tickets(self) -> "Tickets":
        from shared.adapters.servicebus.tickets import ServiceBusTickets

        queue = self.settings.resets_queue
        return ServiceBusTickets(self.namespace.queue_sender(queue, limit=SEND_LIMIT))

    @cached_property
    def events(self) -> "Events":
        from shared.adapters.servicebus.events import ServiceBusEvents

        topic = self.settings.events_topic
        return ServiceBusEvents(self.namespace.topic_sender(topic, limit=SEND_LIMIT))

    @cached_property
    def dead_letters(self) -> "DeadLetters":
        from shared.adapters.servicebus.dead_letters import ServiceBusDeadLetters

        return ServiceBusDeadLetters(self.namespace, self.settings.queues())

    @cached_property
    def dispatch(self) -> "Dispatch":
        from shared.application.dispatch import Dispatch

        return Dispatch(self.commands)

    @cached_property
    def outbox(self) -> "Outbox":
        from shared.application.outbox import Outbox

        return Outbox(self.cases, self.events, self.settings.tenant_id, self.clock)

    @cached_property
    def parking(self) -> "Parking":
        from shared.application.parking import Parking

        return Parking(self.parked, self.tell_parked, self.clock)

    @cached_property
    def tell_parked(self) -> "TellParked":
        from shared.application.parking import TellParked

        return TellParked(self.parked, self.untold, self.events, self.settings.tenant_id)

    @cached_property
    def holding(self) -> "Holding":
        from shared.application.holding import Holding

        return Holding(self.cases, self.leases, self.clock)
