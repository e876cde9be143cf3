"""Keeps the lock of a message for as long as a function works on it.

Renews at half of what is left. The client's own `AutoLockRenewer` looks once a second and renews a
short lock (of 5 s, Azure's shortest) in its last two seconds, which a busy machine misses.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusReceiver
from azure.servicebus.exceptions import ServiceBusError

_log = logging.getLogger("host.servicebus")

_SHORTEST_PAUSE_SECONDS = 0.5
# Without a limit the client asks a connection that is closing for the answer for ever, and never
# lets go of the loop. Far more than an answer takes: what is cut off may be half a frame.
_ANSWER_SECONDS = 15.0


@asynccontextmanager
async def renewed(
    receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage, longest: timedelta
) -> AsyncIterator[None]:
    """The lock is kept inside, but no longer than this."""
    done = asyncio.Event()
    # Told to stop, never cancelled: half a frame read would be lost to the whole connection.
    renewal = asyncio.create_task(_renew(receiver, message, longest, done))
    try:
        yield
    finally:
        done.set()
        await renewal


async def passes(event: asyncio.Event, seconds: float) -> bool:
    """Whether this much time passes before the event is set."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return True
    return False


async def _renew(
    receiver: ServiceBusReceiver,
    message: ServiceBusReceivedMessage,
    longest: timedelta,
    done: asyncio.Event,
) -> None:
    end = time.monotonic() + longest.total_seconds()
    while (left := _seconds_left(message)) > 0:
        pause = max(left / 2, _SHORTEST_PAUSE_SECONDS)
        if time.monotonic() + pause > end or not await passes(done, pause):
            return
        try:
            await receiver.renew_message_lock(message, timeout=_ANSWER_SECONDS)
        except ServiceBusError as error:
            _log.warning("lock not renewed", extra={"error": type(error).__name__})


def _seconds_left(message: ServiceBusReceivedMessage) -> float:
    until = message.locked_until_utc
    return 0.0 if until is None else (until - datetime.now(UTC)).total_seconds()
