"""Timers on the stack clock, and the administrator who fires them by hand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.clock import StackClock
from tests.local.host.host_process import FUNCTION_KEY, MASTER_KEY, RunningHost, running

APP = "tests.local.host.timer_app:app"
YEARS = 365 * 86400
JSON = {"Content-Type": "application/json"}


@contextmanager
def _host(
    directory: Path, *functions: str, schedule: str = "0 0 0 29 2 *"
) -> Iterator[RunningHost]:
    others = {"leap", "starter", "held", "failing"} - set(functions)
    disabled = {f"AzureWebJobs.{name}.Disabled": "true" for name in others}
    with running(directory, APP, environment={"LEAP_SCHEDULE": schedule, **disabled}) as host:
        yield host


def _jump(directory: Path, seconds: float) -> None:
    with StackClock(directory / "clock") as clock:
        clock.advance(seconds)


async def test_jump_over_many_occurrences_fires_once(tmp_path: Path) -> None:
    """However far the clock jumps, a timer fires once for it, past due; and then goes on."""
    with _host(tmp_path, "leap") as host:
        assert await host.seen() == []
        _jump(tmp_path, 20 * YEARS)
        await host.seen_by("leap", 1)
        _jump(tmp_path, 20 * YEARS)
        runs = await host.seen_by("leap", 2)
        assert [run["pastDue"] for run in runs] == [True, True]
        assert runs[0]["schedule"] == {"AdjustForDST": True}
        assert runs[0]["status"]["Last"] == "0001-01-01T00:00:00+00:00"
        assert "-02-29T00:00:00+00:00" in runs[1]["status"]["Next"]
        assert runs[1]["status"]["Last"] == runs[1]["status"]["LastUpdated"] != ""


async def test_timer_on_time_is_not_past_due(tmp_path: Path) -> None:
    """An occurrence that time itself reaches is no past-due one; Azure monitors no seconds."""
    with _host(tmp_path, "held") as host:
        (run,) = await host.seen_by("held", 1)
        assert (run["pastDue"], run["status"]) == (False, {})


async def test_one_timer_never_runs_twice_at_once(tmp_path: Path) -> None:
    """A run that outlasts its schedule, and a jump, holds the next back, which comes once."""
    with _host(tmp_path, "held", "leap") as host:
        await host.seen_by("held", 1)
        _jump(tmp_path, 20 * YEARS)
        await host.seen_by("leap", 1)
        await host.call("GET", "/api/open")
        runs = (await host.seen_by("held", 3))[:3]
        assert [run["pastDue"] for run in runs] == [False, True, False]
        assert [run["atOnce"] for run in runs] == [1, 1, 1]


async def test_missed_occurrence_is_made_good_at_the_next_start(tmp_path: Path) -> None:
    """What fell due while the host was down fires at once, past due; what did not, does not."""
    with _host(tmp_path, "leap") as host:
        assert host.stop() == 0
    _jump(tmp_path, 20 * YEARS)
    with _host(tmp_path, "leap") as host:
        (run,) = await host.seen_by("leap", 1)
        assert run["pastDue"]
        assert host.stop() == 0
    with _host(tmp_path, "leap", "starter") as host:
        await host.seen_by("starter", 1)
        assert [run["function"] for run in await host.seen()] == ["starter"]


async def test_new_schedule_has_missed_nothing(tmp_path: Path) -> None:
    """A schedule that was changed while the host was down starts afresh."""
    with _host(tmp_path, "leap") as host:
        assert host.stop() == 0
    _jump(tmp_path, 20 * YEARS)
    with _host(tmp_path, "leap", "starter", schedule="0 0 12 29 2 *") as host:
        await host.seen_by("starter", 1)
        assert [run["function"] for run in await host.seen()] == ["starter"]


async def test_run_on_startup_fires_at_the_start(tmp_path: Path) -> None:
    """`run_on_startup` fires when the host starts, not past due; unmonitored, with no status."""
    with _host(tmp_path, "starter") as host:
        (run,) = await host.seen_by("starter", 1)
        assert (run["pastDue"], run["status"]) == (False, {})


async def test_failing_timer_stays_on_its_schedule(tmp_path: Path) -> None:
    """An exception is logged, and the next occurrence comes all the same."""
    with _host(tmp_path, "failing") as host:
        _jump(tmp_path, 5 * YEARS)
        await host.seen_by("failing", 1)
        _jump(tmp_path, 5 * YEARS)
        await host.seen_by("failing", 2)


@pytest.fixture(scope="module")
def shared_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    """One host for the administrator."""
    with _host(tmp_path_factory.mktemp("admin"), "leap") as host:
        yield host


@pytest.mark.parametrize(
    ("name", "key", "body", "status"),
    [
        ("leap", MASTER_KEY, "{}", 202),
        ("LEAP", MASTER_KEY, '{"input": ""}', 202),
        ("leap", "", "{}", 401),
        ("leap", FUNCTION_KEY, "{}", 401),
        ("unknown", "", "{}", 401),
        ("unknown", MASTER_KEY, "{}", 404),
        ("held", MASTER_KEY, "{}", 404),
        ("leap", MASTER_KEY, "", 400),
        ("leap", MASTER_KEY, "null", 400),
        ("seen", MASTER_KEY, "{}", 400),
    ],
)
async def test_administrator_fires_functions(
    shared_host: RunningHost, name: str, key: str, body: str, status: int
) -> None:
    """The master key and a JSON body fire a function that is no HTTP one: 202 at once."""
    before = len(await shared_host.seen())
    path = f"/admin/functions/{name}"
    got, _, _ = await shared_host.call("POST", path, key=key, data=body, headers=JSON)
    assert got == status
    if status == 202:
        run = (await shared_host.seen_by("leap", before + 1))[-1]
        assert not run["pastDue"]


async def test_administrator_speaks_json(shared_host: RunningHost) -> None:
    """A body that does not say it is JSON is refused, as ASP.NET does."""
    status, _, _ = await shared_host.call(
        "POST", "/admin/functions/leap", key=MASTER_KEY, data="{}"
    )
    assert status == 415


@pytest.mark.parametrize(
    "path", ["/admin/host/status", "/admin/functions", "/admin/functions/leap"]
)
async def test_administration_needs_the_master_key(shared_host: RunningHost, path: str) -> None:
    """Without the master key the host tells nothing about itself."""
    assert (await shared_host.call("GET", path))[0] == 401
    assert (await shared_host.call("GET", path, key=FUNCTION_KEY))[0] == 401
    assert (await shared_host.call("GET", path, key=MASTER_KEY))[0] == 200


async def test_host_tells_its_state_and_functions(shared_host: RunningHost) -> None:
    """The host says that it runs, and lists each function, those switched off marked."""
    _, status, _ = await shared_host.call("GET", "/admin/host/status", key=MASTER_KEY)
    assert json.loads(status)["state"] == "Running"
    _, listed, _ = await shared_host.call("GET", "/admin/functions", key=MASTER_KEY)
    assert {entry["name"]: entry["isDisabled"] for entry in json.loads(listed)} == {
        "failing": True,
        "held": True,
        "leap": False,
        "open_gate": False,
        "seen": False,
        "starter": True,
    }
