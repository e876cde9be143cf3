"""The app `sweep` by itself: its own functions only, and its own identity only."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest

from local.graph.identity import default_client_id
from local.stack.stack import Options, Stack
from shared.adapters.tables.store import TableStore
from shared.adapters.tables.sweep.runs import TableRuns
from shared.adapters.tables.sweep.snapshots import TableSnapshots
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.runs import Run, RunState
from shared.domain.sweep.slices import Slice
from shared.names import FUNCTIONS, App, FunctionName
from tests.e2e.inbox import Inbox
from tests.e2e.waiting import eventually

PEOPLE: Final = 60
BREAK_GLASS: Final = 2
"""Accounts that every stack has beside them."""
ALONE: Final = {
    "MFA_APP": App.SWEEP.value,
    "AZURE_CLIENT_ID": default_client_id(App.SWEEP),
    **{
        f"AzureWebJobs.{name}.Disabled": "true"
        for name in frozenset(FunctionName) - FUNCTIONS[App.SWEEP]
    },
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose host is the app `sweep`, as in Azure."""
    directory = tmp_path_factory.mktemp("sweep")
    with Stack(Path(directory), Options(users=PEOPLE, settings=ALONE)) as running:
        yield running


async def fire(stack: Stack, name: FunctionName) -> None:
    """A timer fires now."""
    described = stack.description
    async with httpx.AsyncClient(base_url=described.http, trust_env=False, timeout=30) as host:
        answer = await host.post(
            f"/admin/functions/{name}", headers={"x-functions-key": described.master_key}, json={}
        )
    assert answer.status_code == 202, answer.text


async def test_a_night_is_swept_with_the_powers_of_the_sweep_alone(
    stack: Stack, inbox: Inbox
) -> None:
    """Nothing is refused, nothing is left unread, everybody has a verdict; an event tells."""
    async with TableStore.from_connection_string(stack.description.tables) as store:
        runs = TableRuns(store)
        await fire(stack, FunctionName.NIGHTLY_SWEEP)
        ended: list[Run] = []

        async def over() -> bool:
            ended[:], _ = await runs.newest(None, 5)
            return bool(ended) and ended[0].state is not RunState.RUNNING

        await eventually(over, "the run's end", within=120)
        (run,) = ended
        assert run.problems == ()
        assert run.state in {RunState.COMPLETED, RunState.HELD}
        parts = [Slice(number, run.slices) for number in range(run.slices)]
        found = await asyncio.gather(
            *(TableSnapshots(store).lines(run.run_id, part) for part in parts)
        )
    lines = [line for some in found for line in some]
    assert run.totals is not None
    assert len(lines) + run.totals.of("left-out", "all") == PEOPLE + BREAK_GLASS
    assert Verdict.UNKNOWN not in {line.verdict for line in lines}
    await inbox.receive()
    told = [event for event in inbox.events() if event["type"].startswith("mfa.sweep.")]
    assert [event["data"]["runId"] for event in told] == [run.run_id]
