"""What of an app is accepted, and how all that is wrong is told at once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest

from local.host.configuration import ConfigurationError, read_host_file
from local.host.index import IndexingError, index
from local.host.settings import Connection, MissingSettingsError, connection
from tests.local.host import notes, refused
from tests.local.host.host_process import start

Function = Callable[..., Any]
DAILY = "0 0 0 * * *"


async def tick(timer: func.TimerRequest) -> None:
    """A timer function."""
    del timer


async def take(msg: func.ServiceBusMessage) -> None:
    """A queue function."""
    del msg


def _timed(
    app: func.FunctionApp, name: str, function: Function = tick, schedule: str = DAILY
) -> None:
    app.function_name(name)(app.timer_trigger("timer", schedule=schedule)(function))


def _queued(app: func.FunctionApp, name: str, queue: str, **options: Any) -> None:  # noqa: ANN401
    trigger = app.service_bus_queue_trigger("msg", queue_name=queue, connection="BUS", **options)
    app.function_name(name)(trigger(take))


def _problems(app: object, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(IndexingError) as caught:
        index(app, environment or {})
    return caught.value.problems


def test_settings_are_put_into_bindings() -> None:
    """`%NAME%` is replaced wherever it stands in a trigger."""
    app = func.FunctionApp()
    _queued(app, "one", "%A%-%B%")
    (function,) = index(app, {"A": "x", "B": "y", "BUS": "Endpoint=sb://127.0.0.1/"})
    assert function.trigger["queueName"] == "x-y"


def test_all_missing_settings_are_named_at_once() -> None:
    """Each function says which settings it lacks; connections count."""
    app = func.FunctionApp()
    _queued(app, "one", "%QUEUE%-%KIND%")
    _timed(app, "two", schedule="%WHEN%")
    _queued(app, "three", "fixed")
    assert _problems(app) == [
        "function one: missing setting QUEUE, KIND",
        "function two: missing setting WHEN",
        "function three: missing setting BUS or BUS__fullyQualifiedNamespace",
    ]


@pytest.mark.parametrize("value", ["true", "1", "True"])
def test_disabled_function_needs_no_settings(value: str) -> None:
    """A function that is switched off is listed but not asked for its settings."""
    app = func.FunctionApp()
    _timed(app, "one", schedule="%WHEN%")
    (function,) = index(app, {"AzureWebJobs.one.Disabled": value})
    assert not function.enabled


@pytest.mark.parametrize("value", ["false", "0", ""])
def test_other_values_do_not_disable(value: str) -> None:
    """Only true and 1 switch a function off."""
    app = func.FunctionApp()
    _timed(app, "one")
    (function,) = index(app, {"AzureWebJobs.one.Disabled": value})
    assert function.enabled


@pytest.mark.parametrize("name", ["host", "1st", "with space", "ümlaut", "a" * 129])
def test_bad_names_are_refused(name: str) -> None:
    """The names that the Functions host refuses are refused here."""
    app = func.FunctionApp()
    _timed(app, name)
    assert _problems(app)


def test_names_that_differ_in_case_only_are_refused() -> None:
    """Function names are compared without case, as the host's paths and settings are."""
    app = func.FunctionApp()
    _timed(app, "one")
    _timed(app, "ONE")
    assert _problems(app)


def test_what_is_no_function_app_is_refused() -> None:
    """A blueprint that nobody registered runs nowhere."""
    assert _problems(notes.blueprint) == ["Blueprint is no azure.functions.FunctionApp"]


@pytest.mark.parametrize("what", sorted(refused.APPS))
def test_signature_must_suit_the_bindings(what: str) -> None:
    """What the worker refuses to load is refused here; `test_worker` asks the worker itself."""
    assert _problems(refused.APPS[what])


@pytest.mark.parametrize("schedule", ["00:05:00", "0 0 0 30 2 *"])
def test_schedules_must_be_ncrontab(schedule: str) -> None:
    """A schedule that is no NCRONTAB is refused; time spans run on no Flex Consumption plan."""
    app = func.FunctionApp()
    _timed(app, "one", schedule=schedule)
    assert _problems(app)


@pytest.mark.parametrize(
    "options", [{"is_sessions_enabled": True}, {"cardinality": func.Cardinality.MANY}]
)
def test_service_bus_features_beyond_this_host_are_refused(options: dict[str, Any]) -> None:
    """Sessions and batches are not run wrongly but refused."""
    app = func.FunctionApp()
    _queued(app, "one", "queue", **options)
    assert _problems(app, {"BUS": "Endpoint=sb://127.0.0.1/"})


def test_connections_are_strings_or_namespaces() -> None:
    """A connection is a connection string, or the namespace of an identity-based one."""
    namespace = {"BUS__fullyQualifiedNamespace": "mfa.servicebus.windows.net"}
    assert connection("BUS", {"BUS": "Endpoint"}) == Connection(connection_string="Endpoint")
    assert connection("BUS", namespace) == Connection(namespace="mfa.servicebus.windows.net")
    with pytest.raises(MissingSettingsError):
        connection("BUS", {"BUS": ""})


@pytest.mark.parametrize(
    ("host_file", "said"),
    [
        ({"version": "1.0"}, "version"),
        ({"extensions": {"serviceBus": {"messageHandlerOptions": {}}}}, "messageHandlerOptions"),
        ({"extensions": {"serviceBus": {"maxAutoLockRenewalDuration": "5m"}}}, "5m"),
        ({"extensions": {"serviceBus": {"maxConcurrentCalls": 0}}}, "maxConcurrentCalls"),
    ],
)
def test_host_file_is_checked(tmp_path: Path, host_file: dict[str, Any], said: str) -> None:
    """Options that extension 5.x would ignore, and values it can't read, end the start."""
    with start(tmp_path, "tests.local.host.http_app:app", host_file=host_file) as process:
        assert process.wait(30) == 1
    (line,) = map(json.loads, (tmp_path / "host.log").read_text().splitlines())
    assert said in line["message"]


def test_settings_win_over_the_host_file(tmp_path: Path) -> None:
    """As in Azure, by their long names; what this host can't override it refuses."""
    prefix = "AzureFunctionsJobHost__extensions__serviceBus__"
    file = {"version": "2.0", "extensions": {"serviceBus": {"maxConcurrentCalls": 8}}}
    (tmp_path / "host.json").write_text(json.dumps(file))
    overridden = read_host_file(tmp_path, {f"{prefix}maxConcurrentCalls": "16", "OTHER": "1"})
    assert overridden.service_bus.max_concurrent_calls == 16
    assert read_host_file(tmp_path).service_bus.max_concurrent_calls == 8
    for name in (f"{prefix}autoCompleteMessages", "AzureFunctionsJobHost__logging__x"):
        with pytest.raises(ConfigurationError, match=name):
            read_host_file(tmp_path, {name: "false"})


def test_start_fails_with_every_problem_in_the_log(tmp_path: Path) -> None:
    """A host that can't run its app says why, a line for each function, and ends with 1."""
    with start(tmp_path, "tests.local.host.bus_app:app") as process:
        assert process.wait(30) == 1
    lines = [json.loads(line) for line in (tmp_path / "host.log").read_text().splitlines()]
    assert len(lines) == 4
    assert all("missing setting" in line["message"] for line in lines)
