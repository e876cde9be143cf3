"""Where the parts of a stack are, from its ports and keys."""

from dataclasses import dataclass

from local.azurite.command import AzuritePorts, azurite_connection_string
from local.servicebus.settings import Settings as BusSettings
from local.servicebus.settings import connection_string, default_settings
from local.stack.keys import Keys
from local.stack.ports import Ports


@dataclass(frozen=True)
class Addresses:
    """Base URLs without a path, and connection strings."""

    host: str
    graph: str
    service_bus: str
    tables: str


def bus_settings(keys: Keys) -> BusSettings:
    """The entities of the Service Bus namespace, and its key."""
    return default_settings(
        shared_access_key_name="RootManageSharedAccessKey", shared_access_key=keys.service_bus_key
    )


def azurite_ports(ports: Ports) -> AzuritePorts:
    """The ports of Azurite's services."""
    return AzuritePorts(ports.azurite_blob, ports.azurite_queue, ports.azurite_table)


def addresses(keys: Keys, ports: Ports) -> Addresses:
    """The addresses of all parts."""
    return Addresses(
        host=f"http://127.0.0.1:{ports.host}",
        graph=f"http://127.0.0.1:{ports.graph}",
        service_bus=connection_string(ports.service_bus, bus_settings(keys)),
        tables=azurite_connection_string(keys.storage_key, azurite_ports(ports)),
    )
