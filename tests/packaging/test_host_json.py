"""host.json has only keys that the host and bundle 4.x read, and its numbers go together."""

import json
from datetime import timedelta
from typing import Any

from shared.names import BROKER
from tests.packaging.shipping import ROOT

HOST: dict[str, Any] = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))
SERVICE_BUS: dict[str, Any] = HOST["extensions"]["serviceBus"]

SERVICE_BUS_OPTIONS = {
    "autoCompleteMessages",
    "clientRetryOptions",
    "enableCrossEntityTransactions",
    "maxAutoLockRenewalDuration",
    "maxBatchWaitTime",
    "maxConcurrentCalls",
    "maxConcurrentCallsPerSession",
    "maxConcurrentSessions",
    "maxMessageBatchSize",
    "minMessageBatchSize",
    "prefetchCount",
    "sessionIdleTimeout",
    "transportType",
    "webProxy",
}
"""https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus#hostjson-settings"""


def duration(text: str) -> timedelta:
    """`hh:mm:ss`, as host.json writes a time span."""
    hours, minutes, seconds = map(int, text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def test_it_is_a_version_2_file_with_bundle_4() -> None:
    """The bundle is 4.x, whose Service Bus extension is 5.x; telemetry is OpenTelemetry."""
    assert HOST["version"] == "2.0"
    assert HOST["telemetryMode"] == "OpenTelemetry"
    assert HOST["extensionBundle"] == {
        "id": "Microsoft.Azure.Functions.ExtensionBundle",
        "version": "[4.*, 5.0.0)",
    }


def test_it_has_only_keys_that_are_read() -> None:
    """A misspelt key is ignored by the host without a word; here it shows."""
    assert set(HOST) == {
        "version",
        "telemetryMode",
        "functionTimeout",
        "extensionBundle",
        "extensions",
        "logging",
    }
    assert set(HOST["extensions"]) == {"http", "serviceBus"}
    assert HOST["extensions"]["http"] == {"routePrefix": "api"}
    assert set(SERVICE_BUS) <= SERVICE_BUS_OPTIONS


def test_telemetry_settings_of_the_other_mode_are_absent() -> None:
    """The host does not read `logging.applicationInsights` when telemetryMode is OpenTelemetry."""
    assert set(HOST["logging"]) == {"logLevel"}


def test_what_the_functions_log_is_kept() -> None:
    """The audit is logged at information level by the functions."""
    assert HOST["logging"]["logLevel"]["Function"] == "Information"


def test_a_lock_outlives_the_longest_run() -> None:
    """A message is not redelivered while the function that has it may still run."""
    renewed = duration(SERVICE_BUS["maxAutoLockRenewalDuration"])
    assert renewed > duration(HOST["functionTimeout"])
    assert renewed > BROKER.lock_duration


def test_messages_complete_by_returning() -> None:
    """Return completes, raise abandons; nothing waits in a prefetch buffer while its lock runs."""
    assert SERVICE_BUS["autoCompleteMessages"] is True
    assert SERVICE_BUS["prefetchCount"] == 0
    assert SERVICE_BUS["maxConcurrentCalls"] >= 1
