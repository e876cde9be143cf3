"""`kill -9` of the host in every stage of a sweep, or every second request throttled: no matter."""

import asyncio
from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from local.stack.parts import HOST
from local.stack.stack import Options, Stack
from shared.adapters.tables.store import TableStore
from shared.adapters.tables.sweep.runs import TableRuns
from shared.domain.sweep.runs import Run, RunState, Stage
from shared.names import FunctionName
from tests.e2e.waiting import eventually

PEOPLE: Final = 3_000
"""Four pages each of people and of what they have registered."""
STAGES: Final = (Stage.PLAN, Stage.COLLECT, Stage.EVALUATE, Stage.FINISH)
STRIDE: Final = 30
"""Seconds that the stack's clock moves at each look: the watch takes up what was lost."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose locks outlive a kill by seconds only, and whose tenant answers slowly."""
    options = Options(
        users=PEOPLE,
        settings={"MFA_SWEEP_MEND": "none", "MFA_SWEEP_PACE": "1000"},
        broker_limits={"lock_duration_seconds": 3},
    )
    with Stack(tmp_path_factory.mktemp("stack"), options) as running:
        yield running


async def sim(stack: Stack, path: str, body: object) -> None:
    """The tenant is told something."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        address = f"{stack.description.graph}/_sim/{path}"
        (await client.post(address, json=body)).raise_for_status()


async def begin(stack: Stack) -> None:
    """The timer begins a run."""
    described = stack.description
    address = f"{described.http}/admin/functions/{FunctionName.NIGHTLY_SWEEP}"
    headers = {"x-functions-key": described.master_key}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        (await client.post(address, headers=headers, json={})).raise_for_status()


async def newest(store: TableStore, number: int) -> Run | None:
    """The run of this number; None before it has begun."""
    runs, _ = await TableRuns(store).newest(None, 5)
    return runs[0] if len(runs) == number else None


async def ended(stack: Stack, store: TableStore, number: int, kill_in: list[Stage]) -> Run:
    """The run of this number once it has ended; the host dies in each of these stages."""

    async def over() -> Run | None:
        run = await newest(store, number)
        if run is None:
            return None
        if run.stage in kill_in:
            kill_in.remove(run.stage)
            stack.kill(HOST)
            await asyncio.to_thread(stack.restart, HOST)
        if run.state is RunState.RUNNING:
            await sim(stack, "clock", {"advanceSeconds": STRIDE})
            return None
        return run

    return await eventually(over, "the run's end")


@pytest.mark.slow
async def test_a_run_survives_the_death_of_the_host_in_every_stage(stack: Stack) -> None:
    """A run that was killed four times finds what the next one finds that nobody disturbs."""
    await sim(stack, "faults", {"match": "GET /v1.0/", "delayMs": 100})
    async with TableStore.from_connection_string(stack.description.tables) as store:
        deaths = list(STAGES)
        await begin(stack)
        killed = await ended(stack, store, 1, deaths)
        assert len(deaths) < len(STAGES) - 1
        await begin(stack)
        calm = await ended(stack, store, 2, [])
    assert killed.state is calm.state is RunState.COMPLETED
    assert calm.previous == killed.run_id
    assert killed.totals is not None
    assert calm.totals is not None
    assert calm.totals.by("change") == {}
    assert calm.totals == killed.totals


@pytest.mark.slow
async def test_half_of_all_requests_throttled_change_no_verdict(stack: Stack) -> None:
    """A run of which Graph puts off every second request finds what the one before found."""
    async with TableStore.from_connection_string(stack.description.tables) as store:
        runs, _ = await TableRuns(store).newest(None, 5)
        throttled = {"match": "/(v1.0|beta)/", "status": 429, "retryAfter": 1, "every": 2}
        await sim(stack, "faults", throttled)
        await begin(stack)
        run = await ended(stack, store, len(runs) + 1, [])
    assert run.state is RunState.COMPLETED
    assert run.totals is not None
    assert run.totals == runs[0].totals
