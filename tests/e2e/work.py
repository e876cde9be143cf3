"""Whether the app has anything to do just now, as its queues tell."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from azure.servicebus import parse_connection_string
from proton import ConnectionException

from local.servicebus.envelope import State
from shared.names import Queue
from tests.stands.raw_amqp import Json, RawClient

_PAGE: Final = 250
"""How many messages a broker shows at once, at most."""
_DAY: Final = 86_400.0


class Work:
    """The messages that the app works on, or could.

    Peeked at by proton's client: the official ones take a second to connect, and let go of no
    socket once the broker was killed.

    Args:
        connection: the namespace's connection string.
    """

    def __init__(self, connection: str) -> None:
        where = parse_connection_string(connection)
        port, self._key = urlsplit(where.endpoint).port, where.shared_access_key
        assert port is not None
        self._port: int = port
        self._client: RawClient | None = None
        self._one_at_a_time = asyncio.Lock()
        self._busy = dict.fromkeys(Queue, 1)

    async def close(self) -> None:
        """Let the connection go."""
        if self._client is not None:
            await asyncio.to_thread(self._client.close)

    async def is_left(self, now: datetime) -> bool:
        """Whether a message is being worked on, or could be; not while the broker is away.

        Args:
            now: the stack's time, by which a scheduled message is due.
        """
        for _ in range(2):  # A broker that was restarted is found at the second try.
            try:
                async with self._one_at_a_time:
                    return await asyncio.to_thread(self._is_any_due, now)
            except ConnectionException:
                self._client = None
        return False

    def _is_any_due(self, now: datetime) -> bool:
        if self._client is None:
            self._client = RawClient(self._port, *Queue, key=self._key or "", lifetime=_DAY)
        return any(self._is_busy(self._client, queue, now) for queue in Queue)

    def _is_busy(self, client: RawClient, queue: Queue, now: datetime) -> bool:
        """Where a queue was busy the last time it most likely is now: there first."""
        for first in {self._busy[queue]: None, 1: None}:
            for message in _all_from(client, queue, first):
                if _is_due(message, now):
                    self._busy[queue] = message["x-opt-sequence-number"]
                    return True
        self._busy[queue] = 1
        return False


def _all_from(client: RawClient, queue: Queue, first: int) -> Iterator[Json]:
    while True:
        page = client.peek(queue, first, _PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        first = page[-1]["x-opt-sequence-number"] + 1


def _is_due(annotations: Json, now: datetime) -> bool:
    """One that is locked is shown as active, too."""
    if annotations["x-opt-message-state"] != State.SCHEDULED:
        return True
    at: int = annotations["x-opt-scheduled-enqueue-time"]
    return datetime.fromtimestamp(at / 1000, UTC) <= now
