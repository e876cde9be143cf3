"""The app `sweep` by itself: its own functions only, and its own identity only."""

import asyncio
from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from local.graph.identity import default_client_id
from local.stack.stack import Options, Stack
from shared.adapters.tables.store import TableStore
from shared.adapters.tables.sweep.runs import TableRuns
from shared.adapters.tables.sweep.snapshots import TableSnapshots
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.lines import Line
from shared.domain.sweep.runs import Run, RunState, Stage
from shared.domain.sweep.slices import Slice
from shared.names import FUNCTIONS, App, FunctionName
from tests.e2e.inbox import Inbox
from tests.e2e.waiting import eventually

PEOPLE: Final = 60
BREAK_GLASS: Final = 2
"""Accounts that every stack has beside them."""
A_DAY: Final = 86_400
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
    options = Options(users=PEOPLE, settings=ALONE, nightly=True)
    with Stack(tmp_path_factory.mktemp("sweep"), options) as running:
        yield running


async def post(address: str, body: dict[str, int], **headers: str) -> None:
    """The stack is told something."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        (await client.post(address, headers=headers, json=body)).raise_for_status()


async def ended(stack: Stack, *, runs: int) -> tuple[list[Run], list[Line]]:
    """So many runs, newest first, once they have ended; and what the newest one found."""
    async with TableStore.from_connection_string(stack.description.tables) as store:
        found: list[Run] = []

        async def over() -> bool:
            found[:], _ = await TableRuns(store).newest(None, 5)
            return len(found) >= runs and all(run.stage is Stage.NOTHING for run in found)

        await eventually(over, "the run's end")
        newest, snapshots = found[0], TableSnapshots(store)
        parts = [Slice(number, newest.slices) for number in range(newest.slices)]
        lines = await asyncio.gather(*(snapshots.lines(newest.run_id, part) for part in parts))
    return found, [line for some in lines for line in some]


async def test_nights_are_swept_with_the_powers_of_the_sweep_alone(
    stack: Stack, inbox: Inbox
) -> None:
    """Nothing is refused or left unread, everybody has a verdict, an event tells; each night."""
    described = stack.description
    timer = f"{described.http}/admin/functions/{FunctionName.NIGHTLY_SWEEP}"
    await post(timer, {}, **{"x-functions-key": described.master_key})
    (run,), lines = await ended(stack, runs=1)
    assert run.problems == ()
    assert run.state is RunState.COMPLETED
    assert run.totals is not None
    assert len(lines) + run.totals.left_out == PEOPLE + BREAK_GLASS
    assert Verdict.UNKNOWN not in {line.verdict for line in lines}

    await post(f"{described.graph}/_sim/clock", {"advanceSeconds": A_DAY})
    (second, first), _ = await ended(stack, runs=2)
    assert (second.previous, second.by) == (first.run_id, "timer")
    assert second.problems == ()

    await inbox.receive()
    told = [event for event in inbox.events() if event["type"] == "mfa.sweep.completed"]
    assert [event["data"]["runId"] for event in told] == [first.run_id, second.run_id]
