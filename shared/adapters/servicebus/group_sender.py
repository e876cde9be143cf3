"""Many concurrent callers, one sender: what waits leaves together.

The SDK's sender is not safe for concurrent use, and one transfer at a time would make each caller
wait for all before it. So whatever came while a transfer was under way goes out as the next batch.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from azure.core.exceptions import AzureError
from azure.servicebus import ServiceBusMessage, ServiceBusMessageBatch
from azure.servicebus.aio import ServiceBusSender
from azure.servicebus.exceptions import MessageSizeExceededError, ServiceBusError

from shared.domain.errors.messages import BrokerUnavailable
from shared.telemetry import EventLog

BROKER_TROUBLE: Final = (ServiceBusError, AzureError, OSError, TimeoutError)
"""What the SDK raises when the broker, or the way to it, is in trouble."""

_log = EventLog(__name__)


@dataclass(slots=True, eq=False)
class _Parcel:
    """What one caller sends.

    Attributes:
        messages: in the order in which they must arrive.
        outcome: what the caller waits for; done already where the caller gave up.
        unsent: how many of the messages the broker has not taken yet.
    """

    messages: tuple[ServiceBusMessage, ...]
    outcome: asyncio.Future[None]
    unsent: int


_Load = list[tuple[ServiceBusMessage, _Parcel]]


class GroupSender:
    """Sends for any number of concurrent callers; each learns its own outcome.

    Args:
        open_sender: makes a new SDK sender; called again after each failure.
        limit: how long a caller waits for the broker's acknowledgement.
        patience: how long the opening of a connection, or one transfer, may take. Longer than
            `limit`, so that a slow opening that outlasts one caller serves the next.
    """

    def __init__(
        self,
        open_sender: Callable[[], ServiceBusSender],
        limit: timedelta,
        patience: timedelta,
    ) -> None:
        self._open_sender = open_sender
        self._limit = limit.total_seconds()
        self._patience = patience.total_seconds()
        self._sender: ServiceBusSender | None = None
        self._waiting: list[_Parcel] = []
        self._shipping: asyncio.Task[None] | None = None
        self._closed = False

    async def send(self, *messages: ServiceBusMessage) -> None:
        """Send messages, in order; together with others' in one batch where they fit.

        Raises:
            BrokerUnavailable: the broker did not acknowledge all of them in time. Some, or all,
                may have arrived nevertheless.
        """
        if self._closed:
            raise BrokerUnavailable("The sender is closed: the app is shutting down.")
        outcome: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Parcel(messages, outcome, len(messages)))
        if self._shipping is None or self._shipping.done():
            self._shipping = asyncio.create_task(self._ship_all())
        try:
            await asyncio.wait_for(outcome, self._limit)
        except TimeoutError as error:
            raise BrokerUnavailable(
                f"The broker did not acknowledge within {self._limit:g} s."
            ) from error

    async def close(self) -> None:
        """Let a transfer that is under way end, for as long as a caller would wait; then close."""
        self._closed = True
        if self._shipping is not None and not self._shipping.done():
            await asyncio.wait({self._shipping}, timeout=self._limit)
            self._shipping.cancel()
            await asyncio.wait({self._shipping})
        await self._drop_sender()

    async def _ship_all(self) -> None:
        parcels: list[_Parcel] = []
        try:
            while self._waiting:
                sender = await self._opened()
                # What its caller gave up on goes out all the same: late is better than never, and
                # a repetition harms nobody.
                parcels, self._waiting = self._waiting, []
                await self._ship(sender, parcels)
        except BROKER_TROUBLE as error:
            _log.warning("broker.unavailable", error=type(error).__name__)
            # After a transfer that was given up nobody knows what the SDK's sender still waits for.
            await self._drop_sender()
            why = f"The broker is out of reach ({type(error).__name__})."
            self._fail(parcels, BrokerUnavailable(why))
        except asyncio.CancelledError:
            self._fail(parcels, BrokerUnavailable("The sender was closed."))
            raise
        except Exception as error:  # noqa: BLE001  (a bug: it goes up through every caller)
            self._fail(parcels, error)

    async def _ship(self, sender: ServiceBusSender, parcels: list[_Parcel]) -> None:
        for batch, load in await self._packed(sender, parcels):
            async with asyncio.timeout(self._patience):
                await sender.send_messages(batch)
            for _, parcel in load:
                parcel.unsent -= 1
                if not parcel.unsent and not parcel.outcome.done():
                    parcel.outcome.set_result(None)

    async def _packed(
        self, sender: ServiceBusSender, parcels: list[_Parcel]
    ) -> list[tuple[ServiceBusMessageBatch, _Load]]:
        batches = [(await sender.create_message_batch(), _Load())]
        for message, parcel in _each(parcels):
            batch, load = batches[-1]
            if not _added(batch, message):
                batch, load = await sender.create_message_batch(), _Load()
                if not _added(batch, message):
                    _fail_one(
                        parcel, BrokerUnavailable("The message is larger than the broker takes.")
                    )
                    continue
                batches.append((batch, load))
            load.append((message, parcel))
        return [(batch, load) for batch, load in batches if load]

    async def _opened(self) -> ServiceBusSender:
        if self._sender is None:
            self._sender = self._open_sender()
            async with asyncio.timeout(self._patience):
                await self._sender.__aenter__()
        return self._sender

    async def _drop_sender(self) -> None:
        sender, self._sender = self._sender, None
        if sender is None:
            return
        try:
            async with asyncio.timeout(self._patience):
                await sender.close()
        except BROKER_TROUBLE as error:
            # The connection is gone anyway; the next send opens a new one.
            _log.info("broker.close-failed", error=type(error).__name__)

    def _fail(self, parcels: list[_Parcel], error: Exception) -> None:
        for parcel in (*parcels, *self._waiting):
            _fail_one(parcel, error)
        self._waiting.clear()


def _fail_one(parcel: _Parcel, error: Exception) -> None:
    if not parcel.outcome.done():
        parcel.outcome.set_exception(error)


def _each(parcels: list[_Parcel]) -> Iterator[tuple[ServiceBusMessage, _Parcel]]:
    return ((message, parcel) for parcel in parcels for message in parcel.messages)


def _added(batch: ServiceBusMessageBatch, message: ServiceBusMessage) -> bool:
    try:
        batch.add_message(message)
    except MessageSizeExceededError:
        return False
    return True
