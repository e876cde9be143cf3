"""What the host is told: its own configuration file, and the app's `host.json`."""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from local.host.keys import Keys
from local.host.principals import Principal

_TIME_SPAN = re.compile(r"(?:(?P<days>\d+)\.)?(?P<hours>\d\d):(?P<minutes>\d\d):(?P<seconds>\d\d)")

# ServiceBusOptions.cs of extension 5.x and learn.microsoft.com/azure/azure-functions/
# functions-bindings-service-bus. The older names (messageHandlerOptions and so on) are ignored by
# Azure without a word; here they are refused.
_SERVICE_BUS_OPTIONS = frozenset(
    {
        "autoCompleteMessages",
        "clientRetryOptions",
        "enableCrossEntityTransactions",
        "maxAutoLockRenewalDuration",
        "maxBatchWaitTime",
        "maxConcurrentCalls",
        "maxConcurrentSessions",
        "maxMessageBatchSize",
        "minMessageBatchSize",
        "prefetchCount",
        "sessionIdleTimeout",
        "transportType",
        "webProxy",
    }
)
_OVERRIDES = "AzureFunctionsJobHost__"
_OVERRIDABLE = frozenset({"maxAutoLockRenewalDuration", "maxConcurrentCalls", "prefetchCount"})


class ConfigurationError(ValueError):
    """A configuration file can't be used as it is."""


class _PrincipalEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    name: str
    object_id: str
    roles: tuple[str, ...]


class HostConfiguration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The file given as `--config`.

    Args:
        function_key: opens functions of level `function`.
        master_key: opens everything.
        principals: bearer token -> the person it belongs to.
    """

    function_key: str
    master_key: str
    principals: dict[str, _PrincipalEntry] = {}

    def keys(self) -> Keys:
        """The two keys."""
        return Keys(function=self.function_key, master=self.master_key)

    def people(self) -> dict[str, Principal]:
        """Bearer token -> who it belongs to."""
        return {
            token: Principal(name=entry.name, object_id=entry.object_id, roles=entry.roles)
            for token, entry in self.principals.items()
        }


class ServiceBusOptions(msgspec.Struct, frozen=True):
    """The options of the Service Bus extension 5.x that this host honours.

    Args:
        prefetch_count: messages fetched ahead.
        auto_complete: whether a function that returns completes its message.
        max_concurrent_calls: messages of one trigger in work at a time.
        max_lock_renewal: how long the lock of a message in work is kept.
    """

    prefetch_count: int = 0
    auto_complete: bool = True
    max_concurrent_calls: int = 16 * (os.cpu_count() or 1)
    max_lock_renewal: timedelta = timedelta(minutes=5)


class HostFile(msgspec.Struct, frozen=True):
    """What `host.json` says, defaults filled in."""

    route_prefix: str = "api"
    service_bus: ServiceBusOptions = ServiceBusOptions()


def read_configuration(path: Path) -> HostConfiguration:
    """Read the host's own configuration.

    Raises:
        ConfigurationError: the file is not as it should be, or a key is empty.
    """
    try:
        configuration = msgspec.json.decode(path.read_bytes(), type=HostConfiguration)
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigurationError(f"{path.name}: {error}") from error
    if not (configuration.function_key and configuration.master_key):
        raise ConfigurationError(f"{path.name}: a key is empty")
    return configuration


def read_host_file(root: Path, environment: Mapping[str, str] | None = None) -> HostFile:
    """Read `host.json` of the app in this directory.

    Args:
        root: the directory.
        environment: its settings `AzureFunctionsJobHost__extensions__serviceBus__...` win over the
            file: learn.microsoft.com/azure/azure-functions/functions-host-json. Numbers and time
            spans only; the other sections of the file are not overridden here.

    Raises:
        ConfigurationError: the file is missing, is not of version 2.0, or holds an option that
            the extension does not know.
    """
    try:
        document = msgspec.json.decode((root / "host.json").read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigurationError(f"host.json: {error}") from error
    if document.get("version") != "2.0":
        raise ConfigurationError('host.json: "version" must be "2.0"')
    extensions = document.get("extensions", {})
    return HostFile(
        route_prefix=str(extensions.get("http", {}).get("routePrefix", "api")).strip("/"),
        service_bus=_service_bus(
            {**extensions.get("serviceBus", {}), **_overriding(environment or {})}
        ),
    )


def _overriding(environment: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, value in environment.items():
        if not name.startswith(_OVERRIDES):
            continue
        option = name.removeprefix(f"{_OVERRIDES}extensions__serviceBus__")
        if option not in _OVERRIDABLE:
            raise ConfigurationError(
                f"{name}: only {', '.join(sorted(_OVERRIDABLE))} of Service Bus"
            )
        found[option] = value
    return found


def _service_bus(options: dict[str, Any]) -> ServiceBusOptions:
    if unknown := sorted(options.keys() - _SERVICE_BUS_OPTIONS):
        raise ConfigurationError(
            f"host.json: extensions.serviceBus does not know {', '.join(unknown)}"
        )
    default = ServiceBusOptions()
    chosen = ServiceBusOptions(
        prefetch_count=int(options.get("prefetchCount", default.prefetch_count)),
        auto_complete=bool(options.get("autoCompleteMessages", default.auto_complete)),
        max_concurrent_calls=int(options.get("maxConcurrentCalls", default.max_concurrent_calls)),
        max_lock_renewal=(
            _time_span(options["maxAutoLockRenewalDuration"])
            if "maxAutoLockRenewalDuration" in options
            else default.max_lock_renewal
        ),
    )
    if chosen.max_concurrent_calls < 1 or chosen.prefetch_count < 0:
        raise ConfigurationError("host.json: maxConcurrentCalls >= 1, prefetchCount >= 0")
    return chosen


def _time_span(text: object) -> timedelta:
    match = _TIME_SPAN.fullmatch(str(text))
    if match is None:
        raise ConfigurationError(f"host.json: {text!r} is no time span (hh:mm:ss)")
    return timedelta(**{unit: int(number or 0) for unit, number in match.groupdict().items()})
