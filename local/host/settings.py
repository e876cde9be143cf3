"""App settings in bindings: `%NAME%`, connections, and which functions are switched off."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_REFERENCE = re.compile(r"%([^%]+)%")


@dataclass(frozen=True)
class Connection:
    """How to reach a Service Bus namespace: exactly one of the two is given."""

    connection_string: str | None = None
    namespace: str | None = None


class MissingSettingsError(LookupError):
    """Settings that bindings name are not in the environment."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def resolve(binding: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The binding with each `%NAME%` replaced by the setting of that name.

    Raises:
        MissingSettingsError: naming all that are missing or empty.
    """
    missing = [
        name
        for value in binding.values()
        if isinstance(value, str)
        for name in _REFERENCE.findall(value)
        if not environment.get(name)
    ]
    if missing:
        raise MissingSettingsError(missing)
    return {
        key: _REFERENCE.sub(lambda found: environment[found[1]], value)
        if isinstance(value, str)
        else value
        for key, value in binding.items()
    }


def connection(name: str, environment: Mapping[str, str]) -> Connection:
    """The Service Bus connection of this name: a connection string, or `NAME__fully...`.

    Raises:
        MissingSettingsError: neither setting is there.
    """
    if connection_string := environment.get(name):
        return Connection(connection_string=connection_string)
    identity_based = f"{name}__fullyQualifiedNamespace"
    if namespace := environment.get(identity_based):
        return Connection(namespace=namespace)
    raise MissingSettingsError([f"{name} or {identity_based}"])


def disabled(function: str, environment: Mapping[str, str]) -> bool:
    """Whether `AzureWebJobs.<function>.Disabled` switches this function off."""
    return environment.get(f"AzureWebJobs.{function}.Disabled", "").lower() in {"true", "1"}
