"""Whatever somebody has: a reset takes exactly what is in scope, with no request too many."""

import json
from collections.abc import Iterable, Iterator
from typing import Final

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from local.stack.stack import Options, Stack
from shared.names import Queue, Subscription
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.method_sets import (
    MORE,
    PREFERENCES,
    MethodSet,
    alone,
    at_random,
    name_of,
    pairs,
    stubborn,
    until_contained,
)
from tests.e2e.side_by_side import side_by_side
from tests.e2e.waiting import PATIENCE, eventually

BATCH: Final = 100
PASSWORD: Final = "password"
SEED: Final = 4
GONE_AFTER: Final = 5.0
"""Seconds between the two lists that prove that nothing is left."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all of them, with budgets that nobody uses up."""
    settings = {**QUICK, "MFA_CHECK_FIRST_SECONDS": "3600"}
    with Stack(tmp_path_factory.mktemp("stack"), Options(settings=settings)) as stack:
        yield stack


async def somebody_with(company: Company, wanted: MethodSet) -> tuple[Json, dict[str, str]]:
    """Somebody who has these methods, and the ids of them by what they are called."""
    person = await company.employ()
    ids = {PASSWORD: person["methods"][0]["id"]}
    for one in wanted.held:
        kind, _, where = one.partition(" ")
        if kind == "temporaryAccessPass":
            ids[one] = await company.administrator.gives_pass(person["id"])
            continue
        passkey = {"passkey": where} if where else {}
        path = f"users/{person['id']}/register"
        ids[one] = (await company.sim("POST", path, {"method": kind, **passkey}))["id"]
    if wanted.default is not None:
        await company.administrator.prefers(person["id"], PREFERENCES[wanted.default])
        truth = await company.truth(person["id"])
        assert truth["defaultMethod"] == PREFERENCES[wanted.default]
    return person, ids


async def send_tickets(stack: Stack, tickets: list[Json]) -> None:
    """Send tickets in batches."""
    async with (
        ServiceBusClient.from_connection_string(stack.description.service_bus) as client,
        client.get_queue_sender(Queue.RESETS) as sender,
    ):
        for first in range(0, len(tickets), BATCH):
            await sender.send_messages(
                [ServiceBusMessage(json.dumps(one)) for one in tickets[first : first + BATCH]]
            )


async def told(
    inbox: Inbox, company: Company, types: set[str], tickets: set[str], *, stride: float = 0
) -> dict[str, Json]:
    """Wait until each ticket was answered by an event of one of these types; the last of them.

    Seconds may go by at each look: what a busy machine has let slip is taken up again by timers.
    """

    async def complete() -> dict[str, Json] | None:
        await company.let_pass(stride)
        await inbox.receive()
        found = {
            event["data"]["ticketId"]: event
            for event in inbox.events(Subscription.TICKETING)
            if event["type"] in types and event["data"].get("ticketId") in tickets
        }
        return found if found.keys() == tickets else None

    within = PATIENCE + 2 * len(tickets)
    return await eventually(complete, f"{types} about {len(tickets)} tickets", within=within)


async def check(
    stack: Stack, company: Company, inbox: Inbox, name: str, sets: Iterable[MethodSet]
) -> None:
    """Reset everybody for the reason of their set, and compare the truth, and what was asked."""
    wanted = {f"{name}-{number}": one for number, one in enumerate(sets)}
    people = dict(
        zip(
            wanted,
            await side_by_side(*(somebody_with(company, one) for one in wanted.values())),
            strict=True,
        )
    )
    await send_tickets(stack, [ticket(key, people[key][0], one) for key, one in wanted.items()])
    await told(inbox, company, {"mfa.case.contained"}, set(wanted))
    await company.advance(2 * GONE_AFTER)
    await told(inbox, company, {"mfa.case.waiting", "mfa.case.completed"}, set(wanted), stride=5)
    requests = await requests_about(company, {person["id"] for person, _ in people.values()})
    for key, one in wanted.items():
        person, ids = people[key]
        left = {method["id"] for method in (await company.truth(person["id"]))["methods"]}
        assert left == {ids[method] for method in (PASSWORD, *one.staying)}, one
        asked, necessary = until_contained(requests[person["id"]]), one.necessary()
        assert necessary <= asked, f"{one}: {necessary - asked} left out"
        assert (asked - necessary).total() <= MORE, f"{one}: {asked - necessary} beside"


def ticket(number: str, person: Json, wanted: MethodSet) -> Json:
    """A ticket about somebody's methods and sessions."""
    return {
        "ticketId": number,
        "userId": person["id"],
        "reason": wanted.reason,
        "actions": ["methods", "sessions"],
        "requestedBy": "Robin Example",
        "verification": {"by": "agent-7", "method": "callback"},
    }


async def requests_about(company: Company, people: set[str]) -> dict[str, list[str]]:
    """What the app asked Graph about each of these people, by name, in order."""
    found: dict[str, list[str]] = {}
    for request in await company.requests():
        user = next((part for part in request["path"].split("/") if part in people), None)
        if user is not None:
            found.setdefault(user, []).append(name_of(request))
    return found


async def test_every_method_alone_and_what_graph_keeps(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """For each reason; and what can be the default, with other phones and other defaults."""
    await check(stack, company, inbox, "alone", [*alone(), *stubborn()])


@pytest.mark.slow
async def test_every_pair_and_sets_at_random(stack: Stack, company: Company, inbox: Inbox) -> None:
    """For each reason, with any default."""
    await check(stack, company, inbox, "sets", [*pairs(), *at_random(SEED)])
