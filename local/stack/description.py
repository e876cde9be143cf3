"""`stack.json`: all that somebody outside needs to use a running stack."""

import os
from pathlib import Path

import msgspec

from local.stack.addresses import Addresses
from local.stack.environment import HR_SCHEME, HR_SOURCE, TICKET_SOURCE
from local.stack.keys import Keys
from local.stack.layout import write_private
from shared.names import Subscription


class WebhookSource(msgspec.Struct, frozen=True):
    """How a source signs its webhooks."""

    scheme: str
    secret: str


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """A running stack.

    Attributes:
        http: base URL of the app, without a path.
        graph: base URL of the simulated tenant, without a path.
        function_key: for `x-functions-key`.
        master_key: opens `/admin`.
        service_bus: connection string.
        tables: connection string.
        hr_sources: the sources of HR events, by name.
        reset_sources: the sources of tickets, by name.
        principals: the headers to send as a person, by role.
        subscriptions: of the topic of outgoing events.
        mode: `act` or `observe`.
        pids: process ids by part.
    """

    http: str
    graph: str
    function_key: str
    master_key: str
    service_bus: str
    tables: str
    hr_sources: dict[str, WebhookSource]
    reset_sources: dict[str, WebhookSource]
    principals: dict[str, dict[str, str]]
    subscriptions: list[str]
    mode: str
    pids: dict[str, int]


def describe(keys: Keys, addresses: Addresses, *, mode: str, pids: dict[str, int]) -> Description:
    """The description of a stack."""
    return Description(
        http=addresses.host,
        graph=addresses.graph,
        function_key=keys.function_key,
        master_key=keys.master_key,
        service_bus=addresses.service_bus,
        tables=addresses.tables,
        hr_sources={HR_SOURCE: WebhookSource(scheme=HR_SCHEME, secret=keys.hr_secret)},
        reset_sources={TICKET_SOURCE: WebhookSource(scheme=HR_SCHEME, secret=keys.ticket_secret)},
        principals={
            role: {"Authorization": f"Bearer {person.token}"}
            for role, person in keys.people.items()
        },
        subscriptions=[subscription.value for subscription in Subscription],
        mode=mode,
        pids=pids,
    )


def write_description(path: Path, description: Description) -> None:
    """Write the file, for its owner only."""
    content = msgspec.json.format(msgspec.json.encode(description), indent=2)
    write_private(path, content + os.linesep.encode())


def read_description(path: Path) -> Description:
    """Read the file.

    Raises:
        FileNotFoundError: no stack is up.
    """
    return msgspec.json.decode(path.read_bytes(), type=Description)
