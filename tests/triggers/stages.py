"""Delivers the stages of runs to the function that works on them."""

from typing import Any

from azure.functions.servicebus import ServiceBusMessage

from shared.contracts.sweep_commands import encode_sweep_command
from shared.names import FunctionName
from tests.fakes.sweep_commands import FakeSweepCommands


async def deliver(functions: dict[str, Any], body: bytes, *, deliveries: int = 1) -> None:
    """A message comes to the worker."""
    message = ServiceBusMessage(
        body=body,
        message_id="m",
        user_properties={},
        application_properties={},
        delivery_count=deliveries,
    )
    await functions[FunctionName.SWEEP_WORKER](message)


async def work_through(functions: dict[str, Any], queue: FakeSweepCommands) -> None:
    """Every stage is delivered, those that follow from it too."""
    while queue.sent:
        await deliver(functions, encode_sweep_command(queue.sent.pop(0).command))
