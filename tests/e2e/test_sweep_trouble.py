"""Host, broker and store die in a sweep, or half of all requests are throttled: no matter."""

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import httpx
import pytest

from local.stack.parts import AZURITE, HOST, SERVICE_BUS
from local.stack.stack import Options, Stack
from shared.adapters.tables.store import TableStore
from shared.adapters.tables.sweep.runs import TableRuns
from shared.domain.sweep.rows import Link
from shared.domain.sweep.runs import Run, RunState, Stage, Stream
from shared.domain.sweep.totals import Move, Totals
from shared.names import FunctionName, Subscription
from tests.e2e.company import Company
from tests.e2e.inbox import Inbox
from tests.e2e.waiting import eventually

PEOPLE: Final = 3_000
"""Four pages each of people and of what they have registered."""
STAGES: Final = (Stage.PLAN, Stage.COLLECT, Stage.EVALUATE, Stage.FINISH, Stage.TELL)
GROUPS: Final = 40
"""More than a round has pages."""
HELD: Final = 30
"""The page of members at which the host dies: none of the first round, in which others are read."""
STRIDE: Final = 30
"""Seconds that the stack's clock moves at each look: the watch takes up what was lost."""


async def sim(stack: Stack, path: str, body: object, method: str = "POST") -> Any:  # noqa: ANN401 - any JSON
    """The tenant is told something, or asked."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        address = f"{stack.description.graph}/_sim/{path}"
        answer = await client.request(method, address, json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose locks outlive a kill by seconds only, after a run that nobody disturbed."""
    options = Options(
        users=PEOPLE,
        settings={"MFA_SWEEP_MEND": "none", "MFA_SWEEP_PACE": "1000"},
        broker_limits={"lock_duration_seconds": 3},
    )
    with Stack(tmp_path_factory.mktemp("stack"), options) as running:
        asyncio.run(undisturbed(running))
        yield running


async def undisturbed(stack: Stack) -> None:
    """A run, with which the next ones compare themselves."""
    async with TableStore.from_connection_string(stack.description.tables) as store:
        await begin(stack)
        run = await ended(stack, store, 1, [])
    assert run.state is RunState.COMPLETED


@pytest.fixture(autouse=True)
async def nothing_amiss(stack: Stack) -> None:
    """What was wrong with the tenant in one story is over in the next."""
    await sim(stack, "faults", None, "DELETE")


def found_by(run: Run) -> Totals:
    """What a run counted; the ledger aside, which knows of more with every hour."""
    assert run.totals is not None
    return replace(run.totals, ledger=Counter())


def changes_of(run: Run) -> Counter[Move]:
    """What is another verdict than in the run before."""
    assert run.totals is not None
    return run.totals.moves


async def begin(stack: Stack) -> None:
    """The timer begins a run."""
    described = stack.description
    address = f"{described.http}/admin/functions/{FunctionName.NIGHTLY_SWEEP}"
    headers = {"x-functions-key": described.master_key}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        (await client.post(address, headers=headers, json={})).raise_for_status()


async def newest(store: TableStore, number: int) -> Run | None:
    """The run of this number; None before it has begun."""
    runs, _ = await TableRuns(store).newest(None, 10)
    return runs[0] if len(runs) == number else None


async def ended(
    stack: Stack, store: TableStore, number: int, kill_in: list[Stage], stride: int = STRIDE
) -> Run:
    """The run of this number once it has ended; the host dies in each of these stages."""

    async def over() -> Run | None:
        run = await newest(store, number)
        if run is None:
            return None
        if run.stage in kill_in:
            kill_in.remove(run.stage)
            stack.kill(HOST)
            await asyncio.to_thread(stack.restart, HOST)
        if run.stage is not Stage.NOTHING:
            await sim(stack, "clock", {"advanceSeconds": stride})
            return None
        return run

    return await eventually(over, "the run's end")


@pytest.mark.slow
async def test_a_run_survives_the_death_of_the_host_in_every_stage(stack: Stack) -> None:
    """A run that was killed again and again finds what the calm one before it found."""
    await sim(stack, "faults", {"match": "GET /v1.0/", "delayMs": 100})
    async with TableStore.from_connection_string(stack.description.tables) as store:
        before, _ = await TableRuns(store).newest(None, 10)
        deaths = list(STAGES)
        await begin(stack)
        run = await ended(stack, store, len(before) + 1, deaths)
    assert len(deaths) < len(STAGES) - 1
    assert run.state is RunState.COMPLETED
    assert run.previous == before[0].run_id
    assert not changes_of(run)
    assert found_by(run) == found_by(before[0])


@pytest.mark.slow
async def test_half_of_all_requests_throttled_changes_no_verdict(stack: Stack) -> None:
    """A run of which Graph puts off every second request finds what the one before found."""
    async with TableStore.from_connection_string(stack.description.tables) as store:
        runs, _ = await TableRuns(store).newest(None, 10)
        throttled = {"match": "/(v1.0|beta)/", "status": 429, "retryAfter": 1, "every": 2}
        await sim(stack, "faults", throttled)
        await begin(stack)
        # So slowly that nobody who waits for Graph is taken for dead.
        run = await ended(stack, store, len(runs) + 1, [], stride=STRIDE // 10)
        put_off = [one for one in await sim(stack, "requests", None, "GET") if one["status"] == 429]
    assert put_off
    assert run.state is RunState.COMPLETED
    assert found_by(run) == found_by(runs[0])


@pytest.mark.slow
async def test_a_run_survives_the_death_of_broker_and_store(stack: Stack, inbox: Inbox) -> None:
    """Without a broker a stage is done and nobody is sent; without a store nobody can tell more."""
    log = stack.layout.log(HOST)
    await sim(stack, "faults", {"match": "GET /v1.0/", "delayMs": 100})
    async with TableStore.from_connection_string(stack.description.tables) as store:
        before, _ = await TableRuns(store).newest(None, 10)
        number = len(before) + 1

        async def at(stage: Stage) -> bool:
            run = await newest(store, number)
            return run is not None and run.stage is stage

        await begin(stack)
        await eventually(lambda: at(Stage.COLLECT), "people are read")
        await asyncio.to_thread(stack.kill, SERVICE_BUS)
        await eventually(lambda: at(Stage.EVALUATE), "all is read without a broker")
        # Azurite keeps rows in memory for seconds, which Azure does not: only SIGINT saves them.
        await asyncio.to_thread(stack.kill, AZURITE, signal.SIGINT)
        seen = log.read_text().count("sweep.unseen")
        await asyncio.to_thread(stack.restart, SERVICE_BUS)

        async def missed() -> bool:
            return log.read_text().count("sweep.unseen") > seen

        await eventually(missed, "a message comes while the store is away")
        await asyncio.to_thread(stack.restart, AZURITE)
        run = await ended(stack, store, number, [])
    assert run.state is RunState.COMPLETED
    assert not changes_of(run)
    assert found_by(run) == found_by(before[0])

    async def told() -> bool:
        await inbox.receive()
        return all(run.run_id in str(inbox.bodies[name]) for name in Subscription)

    await eventually(told, "the end of the run is told")
    ends = [event for event in inbox.events() if event["data"].get("runId") == run.run_id]
    assert [event["type"] for event in ends] == ["mfa.sweep.completed"]


async def many_groups(company: Company) -> None:
    """A policy leaves out the members of many groups, in which nobody is; it is about nobody."""
    nobody = await company.employ(accountEnabled=False)
    groups = [
        (await company.sim("POST", "groups", {"displayName": f"group {number}"}))["id"]
        for number in range(GROUPS)
    ]
    await company.administrator.requires_mfa(
        {"includeUsers": [nobody["id"]], "excludeGroups": groups}
    )


@pytest.mark.slow
async def test_a_page_at_which_the_host_dies_is_all_that_is_read_again(
    stack: Stack, company: Company
) -> None:
    """The next host goes on behind the last round that was stored, and finds what was there."""
    await many_groups(company)
    async with TableStore.from_connection_string(stack.description.tables) as store:
        before, _ = await TableRuns(store).newest(None, 10)
        await sim(stack, "requests", None, "DELETE")
        hold = {"match": "/transitiveMembers", "delayMs": 5_000, "every": HELD, "times": 1}
        await sim(stack, "faults", hold)
        await begin(stack)

        async def held() -> bool:
            return any(one["acted"] for one in await sim(stack, "faults", None, "GET"))

        await eventually(held, "a page is under way")
        await asyncio.to_thread(stack.kill, HOST)
        died = await newest(store, len(before) + 1)
        await asyncio.to_thread(stack.restart, HOST)
        run = await ended(stack, store, len(before) + 1, [])
    assert died is not None
    assert died.stage is Stage.COLLECT
    left = Counter(str(one.group_id) for one in died.groups)
    asked = await company.requests()
    pages = Counter((one["route"], one["path"], one["query"]) for one in asked)
    for stream, route in (
        (Stream.PEOPLE, "/v1.0/users"),
        (Stream.REGISTRATIONS, "/v1.0/reports/authenticationMethods/userRegistrationDetails"),
    ):
        assert died.cursors[stream].done
        counts = [count for (told, *_), count in pages.items() if told == route]
        assert counts == [1] * died.cursors[stream].pages
    members = {
        path.split("/")[3]: count
        for (route, path, _), count in pages.items()
        if route.endswith("/transitiveMembers")
    }
    # For who belongs to it and for who could join it by way of a group in it, once each.
    assert 0 < left.total() < len(Link) * GROUPS
    assert all(count <= len(Link) + left[group] for group, count in members.items())
    assert len(members) >= GROUPS
    assert run.state is RunState.COMPLETED
    assert not changes_of(run)
    assert run.totals is not None
    assert before[0].totals is not None
    assert run.totals.verdicts == before[0].totals.verdicts
