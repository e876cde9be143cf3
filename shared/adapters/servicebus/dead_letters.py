"""What the broker gave up, from a Service Bus queue's dead-letter sub-queue."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from typing import Final

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusReceiver
from azure.servicebus.amqp import AmqpMessageBodyType

from shared.adapters.servicebus.group_sender import BROKER_TROUBLE
from shared.adapters.servicebus.namespace import Namespace
from shared.application.ports.messages import DeadLetter
from shared.domain.errors.messages import BrokerUnavailable
from shared.names import Queue
from shared.telemetry import EventLog

_log = EventLog(__name__)

DEFAULT_EMPTY_AFTER: Final = timedelta(seconds=2)


class ServiceBusDeadLetters:
    """The `DeadLetters` port on Service Bus.

    Args:
        namespace: the broker.
        queues: the name of each queue in that namespace.
        empty_after: a sub-queue that gives nothing for this long holds nothing.
    """

    def __init__(
        self,
        namespace: Namespace,
        queues: Mapping[Queue, str],
        *,
        empty_after: timedelta = DEFAULT_EMPTY_AFTER,
    ) -> None:
        self._namespace = namespace
        self._queues = queues
        self._empty_after = empty_after.total_seconds()

    async def drain(self, queue: Queue, keep: Callable[[DeadLetter], Awaitable[None]]) -> int:
        """Hand every dead letter to `keep`, one at a time; remove it when `keep` returns."""
        kept = 0
        async with AsyncExitStack() as closing:
            with _broker_trouble_named():
                receiver = self._namespace.dead_letter_receiver(self._queues[queue])
                await closing.enter_async_context(receiver)
            while message := await self._next(receiver):
                try:
                    await keep(_dead_letter(queue, message))
                except BaseException:
                    await _let_go(receiver, message)
                    raise
                with _broker_trouble_named():
                    await receiver.complete_message(message)
                kept += 1
        return kept

    async def _next(self, receiver: ServiceBusReceiver) -> ServiceBusReceivedMessage | None:
        with _broker_trouble_named():
            messages = await receiver.receive_messages(
                max_message_count=1, max_wait_time=self._empty_after
            )
        return messages[0] if messages else None


@contextmanager
def _broker_trouble_named() -> Iterator[None]:
    try:
        yield
    except BROKER_TROUBLE as error:
        raise BrokerUnavailable(f"Dead letters stay: {type(error).__name__}.") from error


async def _let_go(receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage) -> None:
    """Make it visible to the next drain now, and not when its lock expires."""
    try:
        await receiver.abandon_message(message)
    except BROKER_TROUBLE as error:
        # Its lock expires within a minute; the reason why it was not kept matters more.
        _log.info("dead-letter.abandon-failed", error=type(error).__name__)


def _dead_letter(queue: Queue, message: ServiceBusReceivedMessage) -> DeadLetter:
    return DeadLetter(
        message_id=message.message_id or str(message.sequence_number),
        queue=queue,
        body=_body(message),
        reason=message.dead_letter_reason or "unknown",
        attempts=message.delivery_count or 0,
    )


def _body(message: ServiceBusReceivedMessage) -> bytes:
    if message.body_type is AmqpMessageBodyType.DATA:
        return b"".join(message.body)
    # A stranger's AMQP value or sequence; for a human to look at, never to be read as a command.
    return str(message).encode()
