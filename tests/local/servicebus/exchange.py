"""What almost every test does with the official client: send, receive, read the bodies."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from azure.servicebus import ServiceBusMessage, ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver, ServiceBusSender

LONG_ENOUGH = 10.0
"""Seconds to wait for a message that must come."""
SHORT = 0.3
"""Seconds to wait where no message may come."""


@asynccontextmanager
async def opened(
    client: ServiceBusClient, queue: str
) -> AsyncIterator[tuple[ServiceBusSender, ServiceBusReceiver]]:
    """A sender to a queue and a peek-lock receiver from it, opened and closed side by side."""
    sender, receiver = client.get_queue_sender(queue), client.get_queue_receiver(queue)
    await asyncio.gather(sender.__aenter__(), receiver.__aenter__())
    try:
        yield sender, receiver
    finally:
        await asyncio.gather(sender.close(), receiver.close())


async def send(client: ServiceBusClient, queue: str, *bodies: str) -> None:
    """Send messages one after another, each with its body as message id."""
    async with client.get_queue_sender(queue) as sender:
        for body in bodies:
            await sender.send_messages(ServiceBusMessage(body, message_id=body))


async def take(receiver: ServiceBusReceiver, count: int = 1) -> list[ServiceBusReceivedMessage]:
    """Receive exactly so many messages."""
    found: list[ServiceBusReceivedMessage] = []
    while len(found) < count:
        more = await receiver.receive_messages(count - len(found), max_wait_time=LONG_ENOUGH)
        assert more, f"{len(found)} of {count} messages came"
        found += more
    return found


async def nothing_comes(receiver: ServiceBusReceiver) -> bool:
    """Whether no message is receivable now."""
    return not await receiver.receive_messages(1, max_wait_time=SHORT)


def bodies(messages: Iterable[ServiceBusReceivedMessage]) -> list[str]:
    """The bodies as text."""
    return [str(message) for message in messages]
