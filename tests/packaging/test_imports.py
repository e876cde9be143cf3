"""Cold start is a budget: which modules are loaded, and when. Modules are counted, not time."""

import base64
import functools
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.packaging.shipping import ROOT

FIRST_WEBHOOK = Path(__file__).with_name("first_webhook.py")
GRAPH = ("msgraph", "msgraph_core", "kiota", "httpx", "microsoft_kiota")
SDKS = (
    *GRAPH,
    *("azure.core", "azure.data", "azure.identity", "azure.servicebus"),
    *("aiohttp", "jinja2", "jmespath", "msal", "standardwebhooks"),
)
NOBODY = "Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=k;SharedAccessKey=k"
SETTINGS = {
    "MFA_TENANT_ID": "3f0c9a52-8a39-4b4c-8d8d-0a8f6c1f2b11",
    "TABLES_CONNECTION_STRING": (
        "AccountName=devstoreaccount1;AccountKey=a2V5;"
        "TableEndpoint=http://127.0.0.1:9/devstoreaccount1"
    ),
    "ServiceBusConnection": f"{NOBODY};UseDevelopmentEmulator=true",
    "HR_SOURCE_DEMO": "{}",
    "HR_SECRET_DEMO_1": "whsec_" + base64.b64encode(bytes(range(32))).decode(),
}
PRINT_MODULES = "; import json, sys; print(json.dumps(sorted(sys.modules)))"


def run(*arguments: str) -> str:
    """What a fresh interpreter prints."""
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **SETTINGS, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@functools.cache
def loaded_by(code: str) -> list[str]:
    """The modules that a fresh interpreter has loaded after this code."""
    modules: list[str] = json.loads(run("-c", code + PRINT_MODULES))
    return modules


def among(modules: list[str], packages: tuple[str, ...]) -> list[str]:
    """Those modules that belong to one of these packages."""
    return [
        name
        for name in modules
        if any(
            name == package or name.startswith((f"{package}.", f"{package}_"))
            for package in packages
        )
    ]


def test_indexing_loads_no_sdk() -> None:
    """Importing function_app loads nothing of Graph, Tables, Service Bus, identity or HTTP."""
    assert among(loaded_by("import function_app"), SDKS) == []


def test_indexing_loads_little_of_our_own() -> None:
    """Neither adapters nor use cases nor settings are loaded before they are needed."""
    ours = ("shared.adapters", "shared.application", "shared.settings")
    assert among(loaded_by("import function_app"), ours) == []


def test_indexing_loads_no_verdicts() -> None:
    """What judges people, and the words for it, wait for whoever asks."""
    verdicts = ("shared.domain.posture", "shared.domain.sweep")
    assert among(loaded_by("import function_app"), verdicts) == []


def test_the_intake_is_built_without_graph() -> None:
    """Building the intake's use case loads tables and broker, and nothing of Microsoft Graph."""
    modules = loaded_by("from shared.bootstrap import services; services().accept_hr_event")
    assert among(modules, GRAPH) == []
    assert "shared.adapters.tables.store" in modules


def test_the_worker_is_built_with_graph() -> None:
    """The packages that the other tests look for are the ones that the worker really loads."""
    modules = loaded_by("from shared.bootstrap import services; services().work_on_message")
    assert {name.partition(".")[0] for name in among(modules, GRAPH)} >= {"httpx", "kiota_http"}


def test_only_a_report_loads_the_engine_of_its_page() -> None:
    """Who reads a run in JSON pays for no template."""
    read_runs = loaded_by("from shared.bootstrap import services; services().read_runs")
    assert among(read_runs, ("jinja2",)) == []
    report = loaded_by("from shared.bootstrap import services; services().reports")
    assert "jinja2" in report


def test_the_first_webhook_loads_no_graph() -> None:
    """A whole webhook, answered 202, needs nothing of Microsoft Graph."""
    told = json.loads(run(str(FIRST_WEBHOOK)))
    assert told["status"] == 202
    assert among(told["modules"], GRAPH) == []
