"""The four processes of a stack, each with its configuration."""

import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from local.azurite.command import azurite_command, azurite_environment
from local.servicebus.settings import write_settings
from local.stack.addresses import azurite_ports, bus_settings
from local.stack.keys import Keys
from local.stack.layout import ROOT, Layout, write_private
from local.stack.ports import Ports
from local.stack.processes import Part

AZURITE, SERVICE_BUS, GRAPH, HOST = "azurite", "servicebus", "graph", "host"
APP = "local.stack.app:app"
"""What the host runs where nothing else is asked for."""


def azurite(layout: Layout, keys: Keys, ports: Ports, node: str, programs: Path) -> Part:
    """Table Storage. Only SIGINT makes it save the rows that it holds in memory for up to 5 s."""
    data = layout.data(AZURITE)
    data.mkdir(parents=True, exist_ok=True)
    return Part(
        name=AZURITE,
        command=tuple(azurite_command(node, programs, data, azurite_ports(ports))),
        environment=azurite_environment(keys.storage_key),
        port=ports.azurite_table,
        stop_signal=signal.SIGINT,
    )


def service_bus(layout: Layout, keys: Keys, ports: Ports, limits: Mapping[str, float]) -> Part:
    """The Service Bus stand-in, with some of its limits changed."""
    configuration = layout.configuration(SERVICE_BUS)
    configuration.parent.mkdir(parents=True, exist_ok=True)
    settings = bus_settings(keys)
    write_settings(
        configuration,
        msgspec.structs.replace(
            settings, limits=msgspec.structs.replace(settings.limits, **limits)
        ),
    )
    return _module(layout, SERVICE_BUS, "local.servicebus", ports.service_bus, data=True)


def graph(layout: Layout, keys: Keys, ports: Ports, *, users: int, seed: int) -> Part:
    """The simulated tenant. People are made only where it is new."""
    configuration = {"tenantId": keys.tenant_id, "identityHeader": keys.identity_header}
    write_private(layout.configuration(GRAPH), msgspec.json.encode(configuration))
    people = ("--users", str(users), "--seed", str(seed))
    return _module(layout, GRAPH, "local.graph", ports.graph, *people, data=True)


def host(
    layout: Layout, keys: Keys, ports: Ports, environment: dict[str, str], *, app: str
) -> Part:
    """The host, running an app with the stack clock."""
    configuration = {
        "functionKey": keys.function_key,
        "masterKey": keys.master_key,
        "principals": {
            person.token: {
                "name": f"{role.lower()}@contoso.example",
                "objectId": person.object_id,
                "roles": [role.rstrip("2")],
            }
            for role, person in keys.people.items()
        },
    }
    write_private(layout.configuration(HOST), msgspec.json.encode(configuration))
    options = ("--app", app, "--root", str(ROOT))
    variables = {**environment, "MFA_STACK_CLOCK": str(layout.clock)}
    return _module(
        layout, HOST, "local.host", ports.host, *options, environment=variables, stop_within=70
    )


def _module(
    layout: Layout,
    name: str,
    module: str,
    port: int,
    *options: str,
    data: bool = False,
    environment: dict[str, str] | None = None,
    stop_within: float = 30,
) -> Part:
    folder = layout.data(name)
    if data:
        folder.mkdir(parents=True, exist_ok=True)
    return Part(
        name=name,
        command=(
            *(sys.executable, "-m", module, "--port", str(port), "--clock", str(layout.clock)),
            *("--config", str(layout.configuration(name))),
            *(("--data", str(folder)) if data else ()),
            *options,
        ),
        port=port,
        environment=environment or {},
        stop_within=stop_within,
    )
