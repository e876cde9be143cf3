"""Waiting until nobody has anything to do: by what the broker holds, never by time."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, Self

from azure.servicebus import ServiceBusMessageState, ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver

from shared.names import Queue
from tests.e2e.company import Company
from tests.e2e.waiting import eventually

SOON: Final = timedelta(seconds=10)
"""What is put off for so short a time (a busy lease, a second try) belongs to what is going on; the
waits of the cases themselves are ten minutes and longer."""
_PAGE: Final = 250
_LONGEST: Final = 240.0
_POLL: Final = 0.3


class Quiet:
    """Knows when all queues are at rest.

    Its receivers stay open, because to open and to close one takes the client a second.
    """

    def __init__(self, company: Company) -> None:
        self._company = company
        self._open = AsyncExitStack()
        self._receivers: list[ServiceBusReceiver] = []

    async def __aenter__(self) -> Self:
        await self._begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[None]:
        """Hold on to nothing meanwhile: the client leaks what the broker's death leaves it."""
        await self._end()
        yield
        await self._begin()

    async def _begin(self) -> None:
        client = ServiceBusClient.from_connection_string(self._company.stack.service_bus)
        await self._open.enter_async_context(client)
        for queue in (Queue.ONBOARDING, Queue.RESETS):
            receiver = client.get_queue_receiver(queue)
            self._receivers.append(await self._open.enter_async_context(receiver))

    async def _end(self) -> None:
        self._receivers.clear()
        await self._open.aclose()

    async def wait(self, soon: timedelta = SOON) -> None:
        """Wait until no queue has a message that is being worked on, or will be soon.

        Args:
            soon: how long that is; nothing while cases are held back, which look every 30 seconds.
        """
        for receiver in self._receivers:
            await _Queue(self._company, receiver, soon).at_rest()


class _Queue:
    """Looks at one queue again and again, at first only where it was busy the last time."""

    def __init__(self, company: Company, receiver: ServiceBusReceiver, soon: timedelta) -> None:
        self._company, self._receiver, self._soon = company, receiver, soon
        self._busy_from = 1

    async def at_rest(self) -> None:
        """Wait until the queue is at rest."""
        await eventually(self._is_at_rest, "a queue is at rest", within=_LONGEST, pause=_POLL)

    async def _is_at_rest(self) -> bool:
        horizon = await self._company.now() + self._soon
        busy = await self._busy(self._busy_from, horizon)
        if busy is None and self._busy_from > 1:
            busy = await self._busy(1, horizon)
        if busy is None:
            return True
        self._busy_from = busy.sequence_number or 1
        if _is_scheduled(busy):
            await self._company.advance(self._soon.total_seconds() / 4)
        return False

    async def _busy(self, first: int, horizon: datetime) -> ServiceBusReceivedMessage | None:
        """A message that is active, or else one that will be before the horizon."""
        soon = None
        while messages := await self._receiver.peek_messages(_PAGE, sequence_number=first):
            for message in messages:
                if not _is_scheduled(message):
                    return message
                due = message.scheduled_enqueue_time_utc
                if due is not None and due <= horizon:
                    soon = message
            first = 1 + max(message.sequence_number or 0 for message in messages)
        return soon


def _is_scheduled(message: ServiceBusReceivedMessage) -> bool:
    return message.state is ServiceBusMessageState.SCHEDULED
