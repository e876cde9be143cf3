"""Many tickets about one person, from the queue to the end, by 16 consumers at once."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest

from local.stack.stack import Options, Stack
from shared.names import Queue
from tests.e2e.company import QUICK, Company
from tests.e2e.inbox import Inbox
from tests.e2e.sources import ticket
from tests.e2e.waiting import eventually
from tests.stands.foreign_client import document, send

TICKETS: Final = 48
"""Three for each consumer; a thousand of them are in tests/properties/test_many_resets.py."""
BATCH: Final = 24
CONSUMERS: Final = "16"
STRIDE: Final = 60.0
"""Seconds of the stack clock at each look at an app that rests."""
PAUSE: Final = 1.0
"""Seconds between two looks, for the machine is busy with the tickets."""
WITHIN: Final = 480.0


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A host that works on 16 messages of a queue at a time."""
    at_once = "AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls"
    # Its lease runs out as in Azure: the busy host of this test is not to lose one.
    settings = {**QUICK, at_once: CONSUMERS, "MFA_LEASE_SECONDS": "15"}
    with Stack(tmp_path_factory.mktemp("stack"), Options(settings=settings)) as stack:
        yield stack


@pytest.mark.slow
async def test_each_of_many_tickets_about_one_person_is_answered(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """The method goes once, one pass and one registration end them all, each is told so once."""
    person = await company.employ()
    await company.register(person["id"])
    tickets = [f"INC-{number}" for number in range(TICKETS)]
    messages = [document(ticket(person["userPrincipalName"], name)) for name in tickets]
    batches = [messages[done : done + BATCH] for done in range(0, TICKETS, BATCH)]
    await send(stack.description.service_bus, Queue.RESETS, *batches)

    async def all_but_one_have_joined() -> str | None:
        await company.let_pass(STRIDE)
        await inbox.receive()
        states = {
            event["data"]["caseId"]: event["data"]["state"]
            for event in inbox.events()
            if "caseId" in event["data"]
        }
        waiting = [case_id for case_id, state in states.items() if state != "joined"]
        if len(states) < TICKETS or len(waiting) != 1:
            return None
        return waiting[0] if states[waiting[0]] == "waiting-registration" else None

    alone = await eventually(
        all_but_one_have_joined, "one waits for all", within=WITHIN, pause=PAUSE
    )
    given = await company.as_person("Helpdesk", "POST", f"cases/{alone}/pass")
    assert given.status_code == 200, given.text

    async def is_open() -> bool:
        await company.let_pass(STRIDE)
        return bool((await company.truth(person["id"]))["accountEnabled"])

    await eventually(is_open, "the account is open again", within=WITHIN)
    await company.register(person["id"], "fido2")

    async def answered() -> bool:
        await company.let_pass(10 * STRIDE)
        await inbox.receive()
        return len(completed(inbox)) == TICKETS

    await eventually(answered, "each ticket is answered", within=WITHIN, pause=PAUSE)
    assert completed(inbox) == Counter(tickets)
    inbox.assert_each_once_and_alike()
    changes = (await company.changes())[person["id"]]
    assert sum(one.startswith("DELETE") for one in changes) == 1
    assert await company.parked() == []


def completed(inbox: Inbox) -> Counter[str]:
    """How often the ticketing system was told of each ticket that it is done."""
    return Counter(
        event["data"]["ticketId"]
        for event in inbox.events()
        if event["type"] == "mfa.case.completed"
    )
