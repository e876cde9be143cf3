"""Service Bus triggers: peek-lock, lock renewal, complete on return, abandon on failure."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver

from local.host.configuration import ServiceBusOptions
from local.host.index import IndexedFunction
from local.host.invocation import Invoker
from local.host.lock_renewal import passes, renewed
from local.host.servicebus_message import UnreadableMessageError, trigger_data, trigger_metadata
from local.host.settings import Connection

_log = logging.getLogger("host.servicebus")

# How long one receive call waits; also how soon a listener notices that it is to stop.
_RECEIVE_SECONDS = 1.0
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 1.0
_SILENCE_SECONDS = 60.0
# Settling is tried again at once; what takes longer is the broker's to deliver again.
_RETRIES = 2
_RETRY_SECONDS = 0.1


class ServiceBusListener:
    """Feeds one function from its queue or subscription, for ever.

    Args:
        function: with a `serviceBusTrigger`, settings resolved.
        connection: the namespace.
        options: of host.json.
        invoker: runs the function.
    """

    def __init__(
        self,
        function: IndexedFunction,
        connection: Connection,
        options: ServiceBusOptions,
        invoker: Invoker,
    ) -> None:
        self._function = function
        self._connection = connection
        self._options = options
        self._invoker = invoker
        self._binary = str(function.trigger.get("dataType") or "").lower() == "binary"
        self._slots = asyncio.Semaphore(options.max_concurrent_calls)
        self._working: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Take no more; what is in work is finished."""
        self._stopping.set()

    async def run(self) -> None:
        """Receive until stopped, then finish what is in work."""
        async with self._receiver() as receiver:
            outage = _Outage(self._function.name)
            while await self._slot():
                message = None
                try:
                    # Opens the link where there is none; receiving would give it a second for that.
                    await receiver.__aenter__()
                    outage.over()
                    # One at a time: credit for more would lock messages that nobody works on yet.
                    messages = await receiver.receive_messages(
                        max_message_count=1, max_wait_time=_RECEIVE_SECONDS
                    )
                    message = messages[0] if messages else None
                except Exception as error:  # noqa: BLE001 - whatever it is, the trigger goes on
                    await passes(self._stopping, outage.lasts(error))
                if message is None:
                    self._slots.release()
                    continue
                task = asyncio.create_task(self._work(receiver, message))
                self._working.add(task)
                task.add_done_callback(self._working.discard)
                task.add_done_callback(lambda _: self._slots.release())
            await asyncio.gather(*self._working)

    async def _slot(self) -> bool:
        """Wait until one more message may be worked on; False where we were stopped meanwhile."""
        await self._slots.acquire()
        return not self._stopping.is_set()

    async def _work(self, receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage) -> None:
        async with renewed(receiver, message, self._options.max_lock_renewal):
            succeeded = await self._run(message)
        try:
            if not succeeded:
                await receiver.abandon_message(message)
            elif self._options.auto_complete:
                await receiver.complete_message(message)
        except Exception as error:  # noqa: BLE001 - the broker delivers it again; that is its answer
            _log.warning(
                "message not settled; the broker will deliver it again",
                extra={"function": self._function.name, "error": type(error).__name__},
            )

    async def _run(self, message: ServiceBusReceivedMessage) -> bool:
        try:
            data = trigger_data(message, binary=self._binary)
        except UnreadableMessageError as error:
            _log.error(
                "message not readable", extra={"function": self._function.name, "error": str(error)}
            )
            return False
        metadata = trigger_metadata(message, data)
        return (await self._invoker.invoke(self._function, data, metadata)).succeeded

    @asynccontextmanager
    async def _receiver(self) -> AsyncIterator[ServiceBusReceiver]:
        trigger = self._function.trigger
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(await self._client(stack))
            prefetch = self._options.prefetch_count
            if trigger.get("queueName"):
                receiver = client.get_queue_receiver(trigger["queueName"], prefetch_count=prefetch)
            else:
                receiver = client.get_subscription_receiver(
                    trigger["topicName"], trigger["subscriptionName"], prefetch_count=prefetch
                )
            # Not entered: that would open the link, and the broker may be away.
            stack.push_async_callback(receiver.close)
            yield receiver

    async def _client(self, stack: AsyncExitStack) -> ServiceBusClient:
        if self._connection.connection_string is not None:
            return ServiceBusClient.from_connection_string(
                self._connection.connection_string,
                retry_total=_RETRIES,
                retry_backoff_factor=_RETRY_SECONDS,
            )
        # Only a namespace in Azure needs an identity.
        from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415

        credential = await stack.enter_async_context(DefaultAzureCredential())
        return ServiceBusClient(
            str(self._connection.namespace),
            credential,
            retry_total=_RETRIES,
            retry_backoff_factor=_RETRY_SECONDS,
        )


class _Outage:
    """Counts failures in a row: how long to wait, and when to say so."""

    def __init__(self, function: str) -> None:
        self._function = function
        self._pause = _FIRST_PAUSE_SECONDS
        self._said: float | None = None

    def lasts(self, error: Exception) -> float:
        """Note a failure; the seconds to wait before the next try."""
        now = time.monotonic()
        if self._said is None or now - self._said > _SILENCE_SECONDS:
            self._said = now
            _log.warning(
                "broker not reachable; trying on",
                extra={"function": self._function, "error": type(error).__name__},
            )
        pause, self._pause = self._pause, min(self._pause * 2, _LONGEST_PAUSE_SECONDS)
        return pause

    def over(self) -> None:
        """Note a success."""
        if self._said is not None:
            _log.info("broker reachable again", extra={"function": self._function})
        self._said = None
        self._pause = _FIRST_PAUSE_SECONDS
