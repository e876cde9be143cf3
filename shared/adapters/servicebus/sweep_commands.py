"""The stages of runs to whoever works on them, over a Service Bus queue."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from azure.servicebus import ServiceBusMessage

from shared.adapters.servicebus.group_sender import GroupSender
from shared.contracts.sweep_commands import SweepCommand, encode_sweep_command


class ServiceBusSweepCommands:
    """The `SweepCommands` port on a Service Bus queue: the parts of a stage leave together.

    Each message has a broker id of its own: duplicate detection would swallow what the watch sends
    again. The run makes a repetition harmless, not the broker.

    Args:
        sender: to the queue of the sweep.
    """

    def __init__(self, sender: GroupSender) -> None:
        self._sender = sender

    async def send(self, commands: Sequence[SweepCommand], *, at: datetime | None = None) -> None:
        """Send commands, now or to be delivered at a moment."""
        if commands:
            await self._sender.send(*(_message(command, at) for command in commands))


def _message(command: SweepCommand, at: datetime | None) -> ServiceBusMessage:
    return ServiceBusMessage(
        encode_sweep_command(command),
        message_id=uuid4().hex,
        content_type="application/json",
        application_properties={"runId": command.run_id},
        scheduled_enqueue_time_utc=at,
    )
