"""`kill -9` of the broker, idle and busy: nothing that was acknowledged is lost."""

import asyncio
import signal
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from azure.servicebus.aio import ServiceBusClient

from local.stack.stack import Options, Stack
from shared.names import Queue
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.waiting import eventually

PEOPLE = 24


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack for all of them."""
    options = Options(settings=QUICK, broker_limits={"lock_duration_seconds": 3})
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


async def scheduled(stack: Stack) -> list[tuple[int | None, bytes]]:
    """The messages that wait for their time, as the official client sees them."""
    connection = stack.description.service_bus
    async with (
        ServiceBusClient.from_connection_string(connection) as client,
        client.get_queue_receiver(Queue.ONBOARDING) as receiver,
    ):
        messages = await receiver.peek_messages(max_message_count=100)
        return [(message.sequence_number, b"".join(message.body)) for message in messages]


async def test_an_idle_broker_keeps_its_scheduled_messages(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """Killed while people are waited for: their scheduled messages come, in time, all of them."""
    people = [await company.employ() for _ in range(4)]
    tomorrow = (await company.now() + timedelta(days=1)).date().isoformat()
    cases = [await company.announce(company.joiner(p, startDate=tomorrow)) for p in people]
    await company.reach(cases, "waiting-start", stride=0)
    registering = await company.employ()
    other = await company.announce(company.joiner(registering))
    await company.reach([other], "waiting-registration", stride=0)
    kept = await scheduled(stack)
    assert len(kept) == len(people) + 1
    await asyncio.to_thread(stack.kill, "servicebus", signal.SIGKILL)
    await asyncio.to_thread(stack.restart, "servicebus")
    assert await scheduled(stack) == kept
    await asyncio.to_thread(stack.kill, "servicebus", signal.SIGKILL)
    await company.turn_clock(86_400)
    await company.register(registering["id"])
    await asyncio.to_thread(stack.restart, "servicebus")
    await company.reach([other], "completed", stride=0)
    await company.reach(cases, "waiting-registration", stride=0)
    for person in people:
        await company.register(person["id"])
    await company.reach(cases, "completed")
    await inbox.until("mfa.case.completed", {*cases, other})
    inbox.assert_each_once_and_alike()


@pytest.mark.slow
async def test_a_busy_broker_loses_nothing_that_was_acknowledged(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """Killed again and again under load: every webhook is taken, every case completes once."""
    people = [await company.employ() for _ in range(PEOPLE)]
    taken: dict[str, Json] = {}

    async def announce(person: Json) -> None:
        answer = await company.post(company.joiner(person))
        # Without the broker the intake works all the same: recovery sends what is due.
        assert answer.status_code == 202, answer.text
        taken[answer.json()["caseId"]] = person

    async def some_taken(count: int) -> bool:
        return len(taken) >= count

    for first in range(0, PEOPLE, 8):
        batch = asyncio.gather(*map(announce, people[first : first + 8]))
        await eventually(partial(some_taken, first + 1), "a webhook is taken")
        await asyncio.to_thread(stack.kill, "servicebus", signal.SIGKILL)
        await batch
        await asyncio.to_thread(stack.restart, "servicebus")
    await company.reach(taken, "waiting-registration")
    for person in people:
        await company.register(person["id"])
    await company.advance(21)
    await asyncio.to_thread(stack.kill, "servicebus", signal.SIGKILL)
    await asyncio.to_thread(stack.restart, "servicebus")
    await company.reach(taken, "completed")
    await inbox.until("mfa.case.completed", set(taken))
    inbox.assert_each_once_and_alike()
    writes = await company.writes()
    for case_id, person in taken.items():
        assert inbox.types(case_id) == ["accepted", "waiting", "completed"]
        assert (await company.truth(person["id"]))["perUserMfaState"] == "enforced"
        assert len(writes[person["id"]]) == 1
