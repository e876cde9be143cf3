"""How Azurite is started: quiet, loopback only, no telemetry."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_NO_TELEMETRY = Path(__file__).with_name("no_telemetry.cjs")

ACCOUNT = "mfastack"
"""The storage account's name. Azurite takes account and key from `AZURITE_ACCOUNTS`."""


@dataclass(frozen=True)
class AzuritePorts:
    """A port for each of its services. The app uses tables; Core Tools need blobs and queues."""

    blob: int
    queue: int
    table: int


def azurite_program(node: str, program: Path) -> tuple[str, ...]:
    """One of its programs, run by node itself, so that the process we signal is the emulator."""
    return (node, "--require", str(_NO_TELEMETRY), str(program))


def azurite_command(node: str, programs: Path, data: Path, ports: AzuritePorts) -> Sequence[str]:
    """The command line."""
    # The official clients are newer than the API versions that Azurite knows by name.
    options = ["--silent", "--disableTelemetry", "--skipApiVersionCheck", "--location", str(data)]
    for service in ("blob", "queue", "table"):
        options += [f"--{service}Host", "127.0.0.1"]
        options += [f"--{service}Port", str(getattr(ports, service))]
    return [*azurite_program(node, programs / "azurite"), *options]


def azurite_environment(key: str) -> dict[str, str]:
    """The environment variables that Azurite needs."""
    return {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{key}"}


def azurite_connection_string(key: str, ports: AzuritePorts) -> str:
    """What a client needs to connect."""
    endpoints = "".join(
        f"{service.capitalize()}Endpoint=http://127.0.0.1:{getattr(ports, service)}/{ACCOUNT};"
        for service in ("blob", "queue", "table")
    )
    return f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={key};{endpoints}"
