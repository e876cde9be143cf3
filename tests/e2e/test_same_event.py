"""The same event again and again: one case, one effect, one `completed` event."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest

from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.waiting import eventually

DELIVERIES = (1, 2, 3, 5, 10, 20, 50)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose broker delivers soon again what a dead host had locked."""
    options = Options(settings=QUICK, broker_limits={"lock_duration_seconds": 3})
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


def shuffled(event: Json, dice: random.Random) -> Json:
    """The same event with its fields in another order."""
    fields = list(event.items())
    dice.shuffle(fields)
    return dict(fields)


@pytest.mark.slow
async def test_any_number_of_deliveries_is_one_case(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """1 to 50 deliveries, all at once, in any order, the host killed twice in between."""
    dice = random.Random(20261121)  # noqa: S311 - an order, no secret
    people = [await company.employ() for _ in DELIVERIES]
    events = [company.joiner(person) for person in people]
    deliveries = [
        event for event, times in zip(events, DELIVERIES, strict=True) for _ in range(times)
    ]
    dice.shuffle(deliveries)
    answered: list[tuple[str, str]] = []

    async def deliver(event: Json) -> None:
        # Whoever meets a host that is away, or one that has its hands full, comes again.
        case_id = await company.insist(shuffled(event, dice), answered_within=30)
        answered.append((event["id"], case_id))

    async def has(count: int) -> bool:
        return len(answered) >= count

    third = len(deliveries) // 3
    under_way: list[asyncio.Task[None]] = []
    for first in (0, third, 2 * third):
        last = len(deliveries) if first == 2 * third else first + third
        under_way += [asyncio.create_task(deliver(event)) for event in deliveries[first:last]]
        enough = first + third // 2
        if first < 2 * third:
            await eventually(partial(has, enough), f"{enough} answers")
            await asyncio.to_thread(stack.kill, "host", signal.SIGKILL)
            await asyncio.to_thread(stack.restart, "host")
    await asyncio.gather(*under_way)

    cases = dict(answered)
    assert Counter(event for event, _ in answered) == Counter(
        {event["id"]: times for event, times in zip(events, DELIVERIES, strict=True)}
    )
    assert len(set(answered)) == len(events), "an event has more than one case"

    await company.reach(cases.values(), "waiting-registration")
    for person in people:
        await company.register(person["id"])
    again = asyncio.gather(*map(deliver, events))
    completed = await company.reach(cases.values(), "completed")
    await again
    assert len(set(answered)) == len(events)

    writes = await company.writes()
    for event, person in zip(events, people, strict=True):
        case = completed[cases[event["id"]]]
        assert case["userId"] == person["id"]
        assert [step["action"] for step in case["steps"]].count("complete") == 1
        assert len(writes[person["id"]]) == 1
        assert (await company.truth(person["id"]))["perUserMfaState"] == "enforced"
    await inbox.until("mfa.case.completed", set(cases.values()))
    inbox.assert_each_once_and_alike()
    for case_id in cases.values():
        assert inbox.types(case_id) == ["accepted", "waiting", "completed"]


async def test_the_same_id_with_other_content_is_a_conflict(company: Company, inbox: Inbox) -> None:
    """A known event id with another person is refused, told once, and opens no second case."""
    one, other = await company.employ(), await company.employ()
    event = company.joiner(one)
    case_id = await company.announce(event)
    for _ in range(2):
        answer = await company.post({**company.joiner(other), "id": event["id"]})
    assert answer.status_code == 409
    assert answer.json()["code"] == "idempotency-conflict"
    assert case_id in answer.json()["detail"]
    case = (await company.reach([case_id], "waiting-registration"))[case_id]
    assert len(case["warnings"]) == 1
    assert "other content" in case["warnings"][0]
    assert (await company.truth(other["id"]))["perUserMfaState"] == "disabled"
    await inbox.until("mfa.case.contradicted", {case_id})
    assert inbox.types(case_id).count("contradicted") == 1
