"""The contract of the port `Runs`."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.tables.sweep.runs import TableRuns
from shared.application.ports.runs import Runs
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.locations import Locations, NamedLocation
from shared.domain.errors.requests import InvalidRequest
from shared.domain.errors.storage import Conflict
from shared.domain.errors.sweep import RunInProgress
from shared.domain.posture.reasons import Verdict
from shared.domain.posture.tenant import Settings
from shared.domain.sweep.reconciliation import Reconciliation
from shared.domain.sweep.runs import Cursor, Problem, Run, RunId, RunState, Stage, Stream
from shared.domain.sweep.tenant import Holding, TenantReading
from shared.domain.sweep.totals import InDepartment, Totals
from tests.contract.sweep_samples import a_run, days
from tests.fakes.runs import FakeRuns

NOBODY = days(-100)
"""No run began before, so none has been given up."""


@pytest.fixture(params=["fake", "store", "memory_store"])
def runs(request: pytest.FixtureRequest) -> Runs:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeRuns()
    return TableRuns(request.getfixturevalue(request.param))


def ended(run: Run) -> Run:
    """The same run, at its end."""
    return replace(run, state=RunState.COMPLETED, stage=Stage.NOTHING, finished_at=days(9))


async def all_of(runs: Runs, most: int = 10) -> list[RunId]:
    """What the list tells, page by page."""
    found: list[RunId] = []
    token = None
    while True:
        page, token = await runs.newest(token, most)
        found.extend(run.run_id for run in page)
        if token is None:
            return found


async def test_a_run_that_began_is_found(runs: Runs) -> None:
    """It is stored and listed as it is; another id is nobody's."""
    begun = await runs.begin(a_run(), given_up_before=NOBODY)
    assert begun.run == a_run()
    assert await runs.load(a_run().run_id) == begun
    assert await runs.load(RunId("another")) is None
    assert await runs.newest(None, 10) == ([a_run()], None)


async def test_while_a_run_goes_on_none_begins(runs: Runs) -> None:
    """Who is refused leaves nothing behind."""
    begun = await runs.begin(a_run(1), given_up_before=NOBODY)
    with pytest.raises(RunInProgress):
        await runs.begin(a_run(2), given_up_before=days(1))
    assert await runs.load(a_run(2).run_id) is None
    assert await all_of(runs) == [a_run(1).run_id]
    assert await runs.load(a_run(1).run_id) == begun


@pytest.mark.parametrize("state", [state for state in RunState if state is not RunState.RUNNING])
async def test_after_a_run_has_ended_the_next_begins(runs: Runs, state: RunState) -> None:
    """However it ended; it stays as it was."""
    begun = await runs.begin(a_run(1), given_up_before=NOBODY)
    over = await runs.save(begun, replace(ended(begun.run), state=state))
    await runs.begin(a_run(2), given_up_before=days(50))
    assert await runs.load(a_run(1).run_id) == over
    with pytest.raises(RunInProgress):
        await runs.begin(a_run(3), given_up_before=NOBODY)


async def test_a_run_that_was_given_up_has_failed(runs: Runs) -> None:
    """Whoever begins the next one says so; a worker that was at it meets a conflict."""
    begun = await runs.begin(a_run(1), given_up_before=NOBODY)
    await runs.begin(a_run(2), given_up_before=days(1) + timedelta(microseconds=1))
    failed = await runs.load(a_run(1).run_id)
    assert failed is not None
    assert failed.run == replace(
        a_run(1),
        state=RunState.FAILED,
        stage=Stage.TELL,
        finished_at=days(2),
        updated_at=days(2),
    )
    with pytest.raises(Conflict):
        await runs.save(begun, replace(begun.run, slices=4))


async def test_of_several_that_begin_at_once_one_does(runs: Runs) -> None:
    """Be there none before, one that was given up, or one that has ended."""
    for night in range(3):
        given_up_before = days(10 * night)
        numbers = [10 * night + number for number in range(1, 7)]
        results = await asyncio.gather(
            *(runs.begin(a_run(number), given_up_before=given_up_before) for number in numbers),
            return_exceptions=True,
        )
        assert Counter(map(type, results))[RunInProgress] == 5
        found = [await runs.load(a_run(number).run_id) for number in numbers]
        (begun,) = [stored for stored in found if stored is not None]
        if night == 1:
            await runs.save(begun, ended(begun.run))
    listed, _ = await runs.newest(None, 10)
    assert [run.state for run in listed] == [
        RunState.RUNNING,
        RunState.COMPLETED,
        RunState.FAILED,
    ]


async def test_to_begin_again_is_to_begin_once(runs: Runs) -> None:
    """A message that comes twice begins one run, unless that has gone on since."""
    begun = await runs.begin(a_run(), given_up_before=NOBODY)
    assert await runs.begin(a_run(), given_up_before=NOBODY) == begun
    await runs.save(begun, replace(begun.run, slices=4))
    with pytest.raises(RunInProgress):
        await runs.begin(a_run(), given_up_before=NOBODY)


async def test_a_run_is_saved_over_what_was_read(runs: Runs) -> None:
    """Of two workers that read the same, one may go on."""
    begun = await runs.begin(a_run(), given_up_before=NOBODY)
    further = await runs.save(begun, replace(begun.run, slices=4, stage=Stage.COLLECT))
    with pytest.raises(Conflict):
        await runs.save(begun, replace(begun.run, slices=8))
    assert await runs.load(begun.run.run_id) == further
    last = await runs.save(further, ended(further.run))
    assert await runs.load(begun.run.run_id) == last


async def test_to_save_the_same_again_is_no_conflict(runs: Runs) -> None:
    """The answer may have been lost."""
    begun = await runs.begin(a_run(), given_up_before=NOBODY)
    further = await runs.save(begun, replace(begun.run, slices=4))
    assert await runs.save(begun, replace(begun.run, slices=4)) == further


async def test_a_run_holds_as_much_as_a_large_tenant_needs(runs: Runs) -> None:
    """Addresses of pages, a thousand chunks, problems, and totals of many departments."""
    begun = await runs.begin(a_run(), given_up_before=NOBODY)
    full = replace(
        begun.run,
        slices=256,
        people=1_000_000,
        previous=RunId("20261121T020000Z-4f9c"),
        cursors={Stream.PEOPLE: Cursor(page="https://graph/users?$skiptoken=" + "x" * 4_000)},
        chunks=tuple(f"people-{number:05d}-{number * 7919:08x}" for number in range(3_000)),
        problems=tuple(Problem(what=f"group {n}", reason="denied " * 20) for n in range(200)),
        totals=Totals(
            departments=Counter(
                {InDepartment(f"Department {n}", Verdict.WEAK): n for n in range(5_000)}
            )
        ),
        reconciliation=Reconciliation(
            since=days(1),
            until=days(2),
            page="https://graph/auditLogs?$skiptoken=" + "x" * 4_000,
            counted={f"Directory_{n:036}_FAAG0_{n:08}": days(1) for n in range(2_000)},
        ),
    )
    stored = await runs.save(begun, full)
    assert await runs.load(full.run_id) == stored
    assert stored.run == full


async def test_runs_are_listed_newest_first(runs: Runs) -> None:
    """Page by page; one that begins meanwhile moves none to another page."""
    for number in range(1, 6):
        begun = await runs.begin(a_run(number), given_up_before=NOBODY)
        await runs.save(begun, ended(begun.run))
    wanted = [a_run(number).run_id for number in (5, 4, 3, 2, 1)]
    assert await all_of(runs, 2) == await all_of(runs, 5) == await all_of(runs, 9) == wanted
    first, token = await runs.newest(None, 2)
    assert [run.run_id for run in first] == wanted[:2]
    assert all(run.state is RunState.COMPLETED for run in first)
    await runs.begin(a_run(6), given_up_before=NOBODY)
    second, _ = await runs.newest(token, 2)
    assert [run.run_id for run in second] == wanted[2:4]


@pytest.mark.parametrize("token", ["", "runs", "newest_", "run_20261123T020000Z-0001", "' or 1"])
async def test_a_foreign_token_is_refused(runs: Runs, token: str) -> None:
    """It leads to no page, and to no other row."""
    with pytest.raises(InvalidRequest):
        await runs.newest(token, 2)


async def test_what_was_read_of_the_tenant_is_kept_by_its_name(runs: Runs) -> None:
    """Two workers that read it for the same run do not get into each other's way."""
    run_id, other = a_run(1).run_id, a_run(2).run_id
    assert await runs.tenant(run_id, "nothing") is None
    long = TenantReading(
        settings=Settings(
            locations=Locations(named={"l1": NamedLocation(name="Office", trusted=True)})
        ),
        held=tuple(
            Holding(principal_id=f"{number:032x}", role="r" * 36, tenant_wide=True)
            for number in range(20_000)
        ),
        eligible=Unknown("no licence"),
        people=5,
    )
    short = replace(long, held=())
    names = [await runs.keep_tenant(run_id, reading) for reading in (long, short)]
    assert [await runs.tenant(run_id, name) for name in names] == [long, short]
    assert await runs.tenant(other, names[0]) is None


async def test_a_run_is_forgotten_with_what_it_read(runs: Runs) -> None:
    """Others stay; to forget it again is no error."""
    names = []
    for number in (1, 2):
        begun = await runs.begin(a_run(number), given_up_before=NOBODY)
        await runs.save(begun, ended(begun.run))
        reading = TenantReading(settings=Settings(), people=number)
        names.append(await runs.keep_tenant(begun.run.run_id, reading))
    for _ in range(2):
        await runs.forget(a_run(1).run_id)
        assert await runs.load(a_run(1).run_id) is None
        assert await runs.tenant(a_run(1).run_id, names[0]) is None
        assert await all_of(runs) == [a_run(2).run_id]
        assert await runs.tenant(a_run(2).run_id, names[1]) is not None


async def test_old_runs_are_those_that_began_before(runs: Runs) -> None:
    """To the moment, the newest first, and no more than asked for."""
    for number in range(1, 5):
        begun = await runs.begin(a_run(number), given_up_before=NOBODY)
        await runs.save(begun, ended(begun.run))
    began = a_run(3).started_at
    assert await runs.old(began, 9) == [a_run(2).run_id, a_run(1).run_id]
    assert len(await runs.old(began + timedelta(microseconds=1), 9)) == 3
    assert await runs.old(began, 1) == [a_run(2).run_id]
    assert await runs.old(a_run(1).started_at, 9) == []


async def test_after_the_run_that_went_on_is_forgotten_the_next_begins(runs: Runs) -> None:
    """Nothing waits for what is gone; a worker that was at it meets a conflict."""
    begun = await runs.begin(a_run(1), given_up_before=NOBODY)
    await runs.forget(a_run(1).run_id)
    with pytest.raises(Conflict):
        await runs.save(begun, replace(begun.run, slices=4))
    await runs.begin(a_run(2), given_up_before=NOBODY)
    assert await all_of(runs) == [a_run(2).run_id]
