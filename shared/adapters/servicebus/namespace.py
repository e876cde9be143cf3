"""The Service Bus namespace: one client, and the senders that share it."""

import asyncio
from datetime import timedelta
from typing import Final, Self

from azure.core.credentials_async import AsyncTokenCredential
from azure.servicebus import ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver

from shared.adapters.servicebus.group_sender import BROKER_TROUBLE, GroupSender
from shared.domain.errors.messages import BrokerUnavailable

_RETRIES: Final = 3
_BACKOFF: Final = 0.1
"""Seconds before the SDK's first retry, doubled each time. The SDK is the only layer that tries a
broker call again; with its default of 0.8 s a webhook could not outlast one lost connection."""
_PATIENCE: Final = timedelta(seconds=10)
"""How long the opening of a connection, or one transfer, may take."""


class Namespace:
    """The broker, as our adapters use it.

    Args:
        client: the SDK's client; made by `from_connection_string` or `from_host`.
    """

    def __init__(self, client: ServiceBusClient) -> None:
        self._client = client
        self._senders: list[GroupSender] = []

    @classmethod
    def from_connection_string(cls, connection: str) -> Self:
        """A namespace by a connection string (the local stack, or a shared access key)."""
        return cls(
            ServiceBusClient.from_connection_string(
                connection, retry_total=_RETRIES, retry_backoff_factor=_BACKOFF
            )
        )

    @classmethod
    def from_host(cls, host: str, credential: AsyncTokenCredential) -> Self:
        """A namespace by its host name and an identity. The caller closes the credential."""
        return cls(
            ServiceBusClient(host, credential, retry_total=_RETRIES, retry_backoff_factor=_BACKOFF)
        )

    def queue_sender(self, queue: str, *, limit: timedelta) -> GroupSender:
        """A sender to a queue, for any number of concurrent callers.

        Args:
            queue: the queue's name.
            limit: how long a caller waits for the broker's acknowledgement.
        """
        return self._shared(
            GroupSender(lambda: self._client.get_queue_sender(queue), limit, _PATIENCE)
        )

    def topic_sender(self, topic: str, *, limit: timedelta) -> GroupSender:
        """A sender to a topic, likewise."""
        return self._shared(
            GroupSender(lambda: self._client.get_topic_sender(topic), limit, _PATIENCE)
        )

    def dead_letter_receiver(self, queue: str) -> ServiceBusReceiver:
        """A receiver, in peek-lock, of the queue's dead letters."""
        return self._client.get_queue_receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER)

    async def probe(self, queue: str) -> None:
        """Open a link to a queue, send nothing over it, and close it.

        Raises:
            BrokerUnavailable: the broker does not let us.
        """
        try:
            async with (
                asyncio.timeout(_PATIENCE.total_seconds()),
                self._client.get_queue_sender(queue),
            ):
                return
        except BROKER_TROUBLE as error:
            raise BrokerUnavailable(
                f"The broker opens no link to {queue} ({type(error).__name__})."
            ) from error

    def _shared(self, sender: GroupSender) -> GroupSender:
        self._senders.append(sender)
        return sender

    async def close(self) -> None:
        """Let what is under way end, then close every sender and the client."""
        await asyncio.gather(*(sender.close() for sender in self._senders))
        await self._client.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
