"""Observe changes nothing, stop holds, and a webhook is answered whatever is down."""

import asyncio
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox

STOP_HOLDS_WITHIN = timedelta(seconds=10)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that only observes at first, in a tenant with others who are not to be touched."""
    options = Options(
        mode="observe",
        users=40,
        settings={**QUICK, "GRAPH_TIMEOUT_SECONDS": "2"},
        broker_limits={"lock_duration_seconds": 3},
    )
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


async def let_it_act(stack: Stack, company: Company) -> None:
    """Set the mode to act, where it is not, in a host that has not read any other."""
    control = (await company.as_person("Reader", "GET", "control")).json()
    if control["onboarding"]["mode"] != "act":
        await company.set_mode("act")
        await asyncio.to_thread(stack.restart, "host")


async def test_observing_changes_nothing_and_tells_what_it_would_do(
    company: Company, inbox: Inbox
) -> None:
    """The whole tenant stays as it is, Graph gets no write, and the case tells the rest."""
    unregistered, registered = await company.employ(), await company.employ()
    await company.register(registered["id"])
    before = await company.whole_truth()
    assert len(before) > 40
    waits, moves = [await company.announce(company.joiner(p)) for p in (unregistered, registered)]
    cases = await company.reach([waits, moves], "completed")
    await inbox.until("mfa.case.completed", {waits, moves})
    assert await company.whole_truth() == before
    assert await company.writes() == {}
    assert all(case["observed"] for case in cases.values())
    assert _would(cases[waits]) == [
        ("would-enable", "disabled", "enabled"),
        ("would-wait-for-registration", None, None),
        ("would-enforce", "disabled", "enforced"),
        ("would-complete", None, None),
    ]
    assert _would(cases[moves]) == [
        ("would-enable", "disabled", "enabled"),
        ("would-enforce", "disabled", "enforced"),
        ("would-complete", None, None),
    ]
    completed = [e for e in inbox.events() if e["type"] == "mfa.case.completed"]
    assert [event["data"]["observed"] for event in completed] == [True, True]


def _would(case: Json) -> list[tuple[str, str | None, str | None]]:
    return [
        (step["action"], step["before"], step["after"])
        for step in case["steps"]
        if step["outcome"] == "would"
    ]


@pytest.mark.slow
async def test_stop_holds_within_ten_seconds_and_loses_nothing(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """No write later than ten seconds after the word, by the tenant's log; then all complete."""
    await let_it_act(stack, company)
    people: dict[str, Json] = {}

    async def hire() -> None:
        person = await company.employ()
        people[await company.announce(company.joiner(person))] = person

    while not await company.writes():
        await asyncio.gather(hire(), hire())
    await company.set_mode("stop")
    stopped = await company.now()
    while await company.now() < stopped + STOP_HOLDS_WITHIN + timedelta(seconds=1):
        await asyncio.gather(hire(), asyncio.sleep(0.6))
    states = {case_id: (await company.case(case_id))["state"] for case_id in people}
    assert set(states.values()) <= {"accepted", "waiting-registration"}
    assert list(states.values()).count("accepted") > 10

    assert (await _ask_to_act(company, "Admin")) == 202
    assert (await _ask_to_act(company, "Admin")) == 202, "one administrator is not two"
    writes = [entry for found in (await company.writes()).values() for entry in found]
    late = [e for e in writes if datetime.fromisoformat(e["at"]) > stopped + STOP_HOLDS_WITHIN]
    assert late == []
    assert (await _ask_to_act(company, "Admin2")) == 200
    await company.reach(people, "waiting-registration")
    for person in people.values():
        await company.register(person["id"])
    await company.reach(people, "completed")
    await inbox.until("mfa.case.completed", set(people))
    inbox.assert_each_once_and_alike()
    counts = {user: len(found) for user, found in (await company.writes()).items()}
    assert counts == {person["id"]: 1 for person in people.values()}


async def _ask_to_act(company: Company, role: str) -> int:
    answer = await company.as_person(role, "PUT", "control", {"onboarding": "act"})
    return answer.status_code


@pytest.mark.parametrize(
    ("down", "how"),
    [
        (("graph",), signal.SIGSTOP),
        (("servicebus",), signal.SIGSTOP),
        (("servicebus",), signal.SIGKILL),
        (("graph", "servicebus"), signal.SIGSTOP),
    ],
    ids=["graph", "bus", "bus-killed", "both"],
)
async def test_a_webhook_is_answered_in_time_whatever_is_down(
    stack: Stack, company: Company, down: tuple[str, ...], how: signal.Signals
) -> None:
    """Taken within three seconds without Graph, the broker, or both; and done later."""
    await let_it_act(stack, company)
    people = [await company.employ() for _ in range(3)]
    for name in down:
        await asyncio.to_thread(stack.kill, name, how)
    answers = await asyncio.gather(*(company.post(company.joiner(p)) for p in people))
    for name in down:
        if how is signal.SIGKILL:
            await asyncio.to_thread(stack.restart, name)
        else:
            await asyncio.to_thread(stack.kill, name, signal.SIGCONT)
    assert [answer.status_code for answer in answers] == [202] * len(people)
    await company.reach([a.json()["caseId"] for a in answers], "waiting-registration")
