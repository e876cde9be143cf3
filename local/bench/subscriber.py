"""Who hears of cases as outsiders do: from the topic, with the official client."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec
from azure.servicebus import ServiceBusReceiveMode
from azure.servicebus.aio import ServiceBusClient

from local.progress import Report, Tenths
from shared.names import EVENTS_TOPIC, Subscription

_AT_ONCE = 500
_LONGEST_SILENCE = 120.0
"""Seconds in which nothing at all is told; then something is stuck."""
_POLL_SECONDS = 0.1


class StuckError(Exception):
    """What is waited for does not come."""


class _Data(msgspec.Struct):
    case_id: str = msgspec.field(name="caseId")


class _Event(msgspec.Struct):
    type: str
    data: _Data


class Subscriber:
    """The cases that events told of so far, by the type of the event."""

    def __init__(self) -> None:
        self.told: dict[str, set[str]] = defaultdict(set)
        self._last = time.monotonic()

    async def until(self, event_type: str, cases: int, report: Report) -> None:
        """Wait until events of a type told of so many cases.

        Raises:
            StuckError: nothing is told any more.
        """
        await self.until_any((event_type,), cases, report)

    async def until_any(self, event_types: Sequence[str], cases: int, report: Report) -> None:
        """Wait until events of these types told of so many cases in all.

        Raises:
            StuckError: nothing is told any more.
        """
        self._last = time.monotonic()
        progress = Tenths(report, f"Events {', '.join(event_types)}", cases)
        while (told := sum(len(self.told[one]) for one in event_types)) < cases:
            silence = time.monotonic() - self._last
            if silence > _LONGEST_SILENCE:
                seen = {name: len(found) for name, found in self.told.items()}
                raise StuckError(f"Nothing was told for {silence:.0f} s, after {seen}.")
            progress.reached(told)
            await asyncio.sleep(_POLL_SECONDS)

    async def receive(self, connection: str) -> None:
        """Take in events until cancelled."""
        async with (
            ServiceBusClient.from_connection_string(connection) as client,
            client.get_subscription_receiver(
                EVENTS_TOPIC,
                Subscription.ALL,
                receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE,
            ) as receiver,
        ):
            while True:
                for message in await receiver.receive_messages(_AT_ONCE, max_wait_time=1):
                    event = msgspec.json.decode(b"".join(message.body), type=_Event)
                    self.told[event.type].add(event.data.case_id)
                    self._last = time.monotonic()


@asynccontextmanager
async def subscriber(connection: str) -> AsyncIterator[Subscriber]:
    """A subscriber that listens meanwhile.

    Args:
        connection: connection string of the namespace.
    """
    listening = Subscriber()
    task = asyncio.create_task(listening.receive(connection))
    try:
        yield listening
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
