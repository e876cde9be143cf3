"""Everything that subscribers get, received with the official client."""

import asyncio
import json
from collections import Counter
from typing import Any

from azure.servicebus.aio import ServiceBusClient

from shared.names import EVENTS_TOPIC, Subscription
from tests.e2e.waiting import PATIENCE, eventually

Json = dict[str, Any]


class Inbox:
    """What arrived so far on each subscription, in order, repetitions included.

    Args:
        connection: the namespace's connection string.
    """

    def __init__(self, connection: str) -> None:
        self._connection = connection
        self.bodies: dict[Subscription, list[bytes]] = {name: [] for name in Subscription}

    async def receive(self) -> None:
        """Take all that is there now."""
        async with ServiceBusClient.from_connection_string(self._connection) as client:
            await asyncio.gather(*(self._drain(client, name) for name in Subscription))

    async def until(self, event_type: str, case_ids: set[str], within: float = PATIENCE) -> None:
        """Receive until every subscription has had an event of this type about each case."""

        async def complete() -> bool:
            await self.receive()
            return all(
                case_ids
                <= {event["data"].get("caseId") for event in found if event["type"] == event_type}
                for found in map(self.events, Subscription)
            )

        await eventually(complete, f"{event_type} on every subscription", within=within)

    def events(self, subscription: Subscription = Subscription.ALL) -> list[Json]:
        """The events on a subscription."""
        return [json.loads(body) for body in self.bodies[subscription]]

    def types(self, case_id: str) -> list[str]:
        """The types of a case's events, in order, as every subscription got them."""
        return [
            event["type"].removeprefix("mfa.case.")
            for event in self.events()
            if event["data"].get("caseId") == case_id
        ]

    def assert_each_once_and_alike(self) -> None:
        """Each event came once on each subscription, with the same body on all of them."""
        first = Counter(self.bodies[Subscription.ALL])
        ids = Counter(event["id"] for event in self.events())
        assert [name for name, count in ids.items() if count > 1] == []
        for subscription in Subscription:
            assert Counter(self.bodies[subscription]) == first, subscription

    async def _drain(self, client: ServiceBusClient, name: Subscription) -> None:
        async with client.get_subscription_receiver(EVENTS_TOPIC, name) as receiver:
            while messages := await receiver.receive_messages(
                max_message_count=200, max_wait_time=0.5
            ):
                for message in messages:
                    self.bodies[name].append(b"".join(message.body))
                    # What comes while we close would be lost if it were settled when it was sent.
                    await receiver.complete_message(message)
