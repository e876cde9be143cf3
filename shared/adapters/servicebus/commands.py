"""Commands to our own workers, over a Service Bus queue."""

from datetime import datetime
from uuid import uuid4

from azure.servicebus import ServiceBusMessage

from shared.adapters.servicebus.group_sender import GroupSender
from shared.contracts.commands import AdvanceCase, encode_command


class ServiceBusCommands:
    """The `Commands` port on a Service Bus queue.

    Each message has a broker id of its own: duplicate detection would swallow a copy that had the
    id of its original. The case makes a repetition harmless, not the broker.
    """

    def __init__(self, sender: GroupSender) -> None:
        self._sender = sender

    async def send(self, command: AdvanceCase, *, at: datetime | None = None) -> None:
        """Send a command, now or to be delivered at a moment."""
        await self._sender.send(
            ServiceBusMessage(
                encode_command(command),
                message_id=uuid4().hex,
                content_type="application/json",
                application_properties={"caseId": command.case_id},
                scheduled_enqueue_time_utc=at,
            )
        )
