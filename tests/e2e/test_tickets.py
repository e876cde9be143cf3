"""Tickets from a client that we did not write, good and bad, against the whole stack."""

import asyncio
import json
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import httpx
import pytest
from azure.servicebus import ServiceBusMessageState, ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient
from standardwebhooks.webhooks import Webhook

from local.stack.stack import Options, Stack
from shared.names import BROKER, Queue, Subscription
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.sources import ticket
from tests.e2e.waiting import eventually
from tests.stands.foreign_client import Message, document, octets, send

SECRET: Final = "whsec_" + "dGhlIHNlY3JldCBvZiB0aGUgdGlja2V0aW5nIHN5c3RlbSE="
HEADERS: Final = 400
"""Bytes that the client puts around a body, at the most."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all of them."""
    settings = {**QUICK, "RESETS_SECRET_1": SECRET}
    options = Options(settings=settings, broker_limits={"lock_duration_seconds": 5})
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


def unverified(person: str, number: str, **changes: object) -> Json:
    """A ticket that becomes a case which is refused at once: what follows is told elsewhere."""
    asked = ticket(person, number, **changes)
    del asked["verification"]
    return asked


def signed(body: Json, message_id: str, *, secret: str = SECRET) -> Message:
    """The message of a sender that signs what it sends."""
    text, now = json.dumps(body), datetime.now(UTC)
    properties = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, now, text),
    }
    return octets(text.encode(), messageId=message_id, properties=properties)


async def answered(inbox: Inbox, event_type: str, tickets: set[str]) -> dict[str, Json]:
    """Wait until the ticketing system was told so of each ticket; what it was told."""

    async def complete() -> dict[str, Json] | None:
        await inbox.receive()
        found = {
            event["data"]["ticketId"]: event["data"]
            for event in inbox.events(Subscription.TICKETING)
            if event["type"] == event_type and event["data"].get("ticketId") in tickets
        }
        return found if found.keys() == tickets else None

    return await eventually(complete, f"{event_type} about {sorted(tickets)}")


async def drained(stack: Stack, company: Company) -> None:
    """Wait until nothing waits in the queue for a worker, or behind it for a timer."""

    async def empty() -> bool:
        # The timer that drains dead letters fires each minute.
        await company.let_pass(30)
        connection = stack.description.service_bus
        async with ServiceBusClient.from_connection_string(connection) as client:
            async with client.get_queue_receiver(Queue.RESETS) as queue:
                waiting = await queue.peek_messages(100)
            async with client.get_queue_receiver(
                Queue.RESETS, sub_queue=ServiceBusSubQueue.DEAD_LETTER
            ) as dead:
                given_up = await dead.peek_messages(100)
        active = [one for one in waiting if one.state is ServiceBusMessageState.ACTIVE]
        return not active and not given_up

    await eventually(empty, "the queue is drained")


async def test_a_foreign_clients_tickets_become_cases(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """Sent singly or in batches, as text or bytes, signed or not; each is answered by its id."""
    name = (await company.employ())["userPrincipalName"]
    connection = stack.description.service_bus
    batch = [document(unverified(name, f"B-{number}")) for number in range(20)]
    proven = signed(ticket(name, "S-1"), "message-1")
    # The same ticket again, another message: the broker does not know that it is the same.
    await send(connection, Queue.RESETS, [proven], batch, batch[:5])
    tickets = {"S-1", *(f"B-{number}" for number in range(20))}
    told = await answered(inbox, "mfa.case.accepted", tickets)
    assert len({data["caseId"] for data in told.values()}) == len(tickets)
    accepted = (await company.case(told["S-1"]["caseId"]))["steps"][0]
    assert accepted["detail"] == "From queue, verified by secret 1."
    await drained(stack, company)


async def test_poison_is_parked_once_and_holds_nobody_up(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """Whatever a sender's mistake, the queue drains, and good tickets behind it become cases."""
    name = (await company.employ())["userPrincipalName"]
    largest = BROKER.max_message_kilobytes * 1024 - HEADERS
    good = ticket(name, "P-good")
    readable = {
        "P-reason": document(ticket(name, "P-reason", reason="bored")),
        "P-type": document(ticket(name, "P-type", requestedBy=["Robin"])),
        "P-field": document(ticket(name, "P-field", colour="red"), contentType="text/plain"),
        "P-mark": octets(b"\xef\xbb\xbf" + json.dumps(ticket(name, "P-mark")).encode()),
        "P-twice": octets(json.dumps(ticket(name, "P-twice"))[:-1].encode() + b',"reason":"lost"}'),
        "P-forged": signed(ticket(name, "P-forged"), "message-2", secret=SECRET[:-2] + "A="),
        "P-large": document(ticket(name, "P-large", requestedBy="x" * (largest - 500))),
    }
    unreadable = [
        octets(b""),
        octets(b"{"),
        octets(b"\xff\xfe\x00"),
        octets(b"[" * 100_000),
        octets(b"x" * largest),
        document("a text"),
        document([good, good]),
        {"value": good},
        {"sequence": [[good]]},
    ]
    bad = [*readable.values(), *unreadable]
    before = len(await company.parked())
    connection = stack.description.service_bus
    await send(connection, Queue.RESETS, *([one] for one in bad), [document(good)])
    await answered(inbox, "mfa.case.accepted", {"P-good"})
    await drained(stack, company)
    told = await answered(inbox, "mfa.case.parked", set(readable))
    assert Counter(data["reason"] for data in told.values()) == {
        "malformed-message": len(readable) - 1,
        "invalid-signature": 1,
    }
    parked = (await company.parked())[: len(bad)]
    assert len(await company.parked()) == before + len(bad)
    assert {one["attempts"] for one in parked if one["reason"] != "dead-lettered"} == {1}
    # The host itself takes no body that is a value or a sequence; the broker gives those up.
    assert Counter(one["reason"] for one in parked)["dead-lettered"] == 2
    events = [one["data"] for one in inbox.events() if one["data"].get("parkedId")]
    assert Counter(one["parkedId"] for one in events) == Counter(one["id"] for one in parked)
    inbox.assert_each_once_and_alike()


async def test_unverified_and_unknown_people_are_answered(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """What a ticket lacks, or whom nobody knows, is told of the ticket's own case."""
    name = (await company.employ())["userPrincipalName"]
    asked = [unverified(name, "U-1"), ticket("nobody@contoso.example", "U-2")]
    connection = stack.description.service_bus
    await send(connection, Queue.RESETS, [document(one) for one in asked])
    await answered(inbox, "mfa.case.accepted", {"U-1", "U-2"})
    refused = await answered(inbox, "mfa.case.refused", {"U-1"})
    assert refused["U-1"]["reason"] == "caller-unverified"
    await drained(stack, company)


async def test_a_ticket_by_http_is_answered_as_one_by_queue(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """A system without AMQP posts; the answer names the case, the events name the ticket."""
    name = (await company.employ())["userPrincipalName"]
    desk = stack.description.reset_sources["desk"]
    body, now = json.dumps(ticket(name, "H-1")), datetime.now(UTC)
    headers = {
        "x-functions-key": stack.description.function_key,
        "webhook-id": "message-3",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(desk.secret).sign("message-3", now, body),
    }
    async with httpx.AsyncClient(base_url=stack.description.http, trust_env=False) as client:
        answer = await client.post("/api/resets/desk", content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    told = await answered(inbox, "mfa.case.accepted", {"H-1"})
    assert told["H-1"]["caseId"] == answer.json()["caseId"]


async def test_a_host_that_dies_over_tickets_loses_none(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """Killed in the midst of good and bad ones, it answers each of them once when it is back."""
    name = (await company.employ())["userPrincipalName"]
    good = {f"K-{number}" for number in range(40)}
    bad = {f"L-{number}" for number in range(20)}
    messages = [document(unverified(name, number)) for number in sorted(good)]
    messages += [document(ticket(name, number, reason="bored")) for number in sorted(bad)]
    await send(stack.description.service_bus, Queue.RESETS, messages)

    async def begun() -> bool:
        await inbox.receive()
        told = {event["data"].get("ticketId") for event in inbox.events()}
        return bool(told & (good | bad))

    await eventually(begun, "the first tickets are answered")
    await asyncio.to_thread(stack.kill, "host", signal.SIGKILL)
    await asyncio.to_thread(stack.restart, "host")
    accepted = await answered(inbox, "mfa.case.accepted", good)
    await drained(stack, company)
    await answered(inbox, "mfa.case.parked", bad)
    assert len({data["caseId"] for data in accepted.values()}) == len(good)
    inbox.assert_each_once_and_alike()
