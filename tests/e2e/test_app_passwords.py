"""App passwords of who has lost a device, by the tenant's own truth: alive, shut, deleted."""

import json
from collections.abc import Iterator

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from local.stack.stack import Options, Stack
from shared.names import Queue
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.waiting import eventually

HOUR = 3_600
SIGN_IN = {"clientApp": "other", "credentials": ["appPassword"]}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all of them, which may close mailboxes."""
    settings = {**QUICK, "MFA_RESET_CLOSE_MAILBOX": "true"}
    with Stack(tmp_path_factory.mktemp("stack"), Options(settings=settings)) as stack:
        yield stack


async def with_app_password(company: Company, **fields: object) -> str:
    """Somebody who is enforced and has an old mail client; their object id."""
    user: str = (await company.employ(**fields))["id"]
    await company.register(user)
    await company.administrator.writes(user, "enforced")
    await company.sim("POST", f"users/{user}/app-passwords", {"name": "old mail client"})
    assert await gets_in(company, user)
    return user


async def gets_in(company: Company, user: str) -> bool:
    """Whether the app password opens anything to whoever has it."""
    told = await company.sim("POST", f"users/{user}/sign-in", SIGN_IN)
    return bool(told["result"] == "allowed")


async def send_ticket(stack: Stack, inbox: Inbox, user: str, number: str) -> str:
    """A ticket about app passwords alone; the case that it opens."""
    ticket = {
        "ticketId": number,
        "userId": user,
        "reason": "lost",
        "actions": ["appPasswords"],
        "requestedBy": "Robin Example",
        "verification": {"by": "kim@contoso.example", "method": "callback"},
    }
    connection = stack.description.service_bus
    async with (
        ServiceBusClient.from_connection_string(connection) as client,
        client.get_queue_sender(Queue.RESETS) as sender,
    ):
        await sender.send_messages(
            ServiceBusMessage(json.dumps(ticket), content_type="application/json")
        )

    async def accepted() -> str | None:
        await inbox.receive()
        return next(iter(of_ticket(inbox, number)), {}).get("caseId")

    return await eventually(accepted, f"ticket {number} is a case")


def of_ticket(inbox: Inbox, number: str) -> list[Json]:
    """What the world was told of a ticket."""
    return [
        {**event["data"], "type": event["type"]}
        for event in inbox.events()
        if event["data"].get("ticketId") == number
    ]


async def test_a_policy_shuts_it_and_the_mailbox_is_left_alone(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """It is alive, and opens nothing. This is the first: what was read counts for a minute."""
    user = await with_app_password(company)
    before = (await company.truth(user))["mailbox"]
    await company.administrator.blocks_old_clients(user)
    case_id = await send_ticket(stack, inbox, user, "INC-0")
    case = (await company.reach([case_id], "completed"))[case_id]
    assert case["appPasswords"] == "shut-by-policy"
    truth = await company.truth(user)
    assert (len(truth["appPasswords"]), truth["mailbox"]) == (1, before)
    assert not await gets_in(company, user)


async def test_a_living_one_is_chased_until_the_portal_shows_it_deleted(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """Nobody is told that it is gone before it is; then the case closes by itself."""
    user = await with_app_password(company, mailbox=False)
    case_id = await send_ticket(stack, inbox, user, "INC-1")
    case = (await company.reach([case_id], "awaiting-confirmation"))[case_id]
    assert case["appPasswords"] == "manual-action-required"
    await company.advance(25 * HOUR)

    async def reminded() -> bool:
        await inbox.receive()
        types = [event["type"] for event in of_ticket(inbox, "INC-1")]
        return types.count("mfa.apppasswords.manual-action") > 1

    await eventually(reminded, "somebody is reminded")
    told = json.dumps([await company.case(case_id), of_ticket(inbox, "INC-1")]).casefold()
    assert await gets_in(company, user)
    assert "revoked" not in told
    assert "verified-deleted" not in told
    assert "delete-app-passwords" in told
    await company.sim("DELETE", f"users/{user}/app-passwords")
    case = (await company.reach([case_id], "completed", stride=HOUR / 2))[case_id]
    assert case["appPasswords"] == "verified-deleted"
    await inbox.until("mfa.case.completed", {case_id})
    assert of_ticket(inbox, "INC-1")[-1]["appPasswords"] == "verified-deleted"
    assert not await gets_in(company, user)


async def test_a_mailbox_is_shut_to_it(stack: Stack, company: Company, inbox: Inbox) -> None:
    """It is alive, and opens nothing any more."""
    user = await with_app_password(company)
    case_id = await send_ticket(stack, inbox, user, "INC-2")
    case = (await company.reach([case_id], "completed"))[case_id]
    assert case["appPasswords"] == "shut-by-mailbox"
    truth = await company.truth(user)
    assert len(truth["appPasswords"]) == 1
    assert not await gets_in(company, user)
