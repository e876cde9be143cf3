"""Commands to our own workers, over Service Bus queues."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from azure.servicebus import ServiceBusMessage

from shared.adapters.servicebus.group_sender import GroupSender
from shared.contracts.commands import AdvanceCase, encode_command
from shared.names import Queue


class ServiceBusCommands:
    """The `Commands` port on Service Bus: each command goes to the queue of its case's kind.

    Each message has a broker id of its own: duplicate detection would swallow a copy that had the
    id of its original. The case makes a repetition harmless, not the broker.

    Args:
        senders: the sender of each queue.
    """

    def __init__(self, senders: Mapping[Queue, GroupSender]) -> None:
        self._senders = senders

    async def send(self, command: AdvanceCase, *, at: datetime | None = None) -> None:
        """Send a command, now or to be delivered at a moment."""
        await self._senders[command.queue].send(
            ServiceBusMessage(
                encode_command(command),
                message_id=uuid4().hex,
                content_type="application/json",
                application_properties={"caseId": command.case_id},
                scheduled_enqueue_time_utc=at,
            )
        )
