"""The whole stack: what it tells others, and that it comes back as it was."""

import json
import signal
import socket
import stat
from pathlib import Path

import httpx
import pytest
from azure.data.tables import TableServiceClient
from azure.servicebus import ServiceBusClient

from local.stack.ports import is_free
from local.stack.processes import PartDiedError
from local.stack.stack import AlreadyUpError, Options, Stack
from shared.names import EVENTS_TOPIC, Subscription, Table

PARTS = {"azurite", "servicebus", "graph", "host"}


def test_the_description_is_what_outsiders_rely_on(stack: Stack) -> None:
    """stack.json has these fields and these shapes, and nobody else can read it."""
    path = stack.layout.description
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    told = json.loads(path.read_bytes())
    assert set(told) == {
        *("http", "graph", "function_key", "master_key", "service_bus", "tables"),
        *("hr_sources", "reset_sources", "principals", "subscriptions", "mode", "pids"),
    }
    for sources, name in (("hr_sources", "demo"), ("reset_sources", "desk")):
        assert told[sources].keys() == {name}
        assert told[sources][name].keys() == {"scheme", "secret"}
    assert set(told["principals"]) == {"Reader", "Helpdesk", "Approver", "Admin", "Admin2"}
    assert all(isinstance(headers, dict) for headers in told["principals"].values())
    assert set(told["pids"]) == PARTS
    assert told["subscriptions"] == ["all", "ticketing", "siem", "hr"]
    assert told["mode"] == "act"
    assert not told["http"].endswith("/")


def test_the_app_is_well_and_acts(stack: Stack) -> None:
    """Every dependency answers, and two administrators have set it to act."""
    told = stack.description
    with httpx.Client(base_url=told.http, trust_env=False) as client:
        health = client.get("/api/health", headers={"x-functions-key": told.function_key})
        control = client.get("/api/control", headers=told.principals["Reader"])
    assert health.json()["status"] == "ok"
    assert control.json()["onboarding"]["mode"] == "act"


def test_two_break_glass_accounts_are_in_the_tenant(stack: Stack) -> None:
    """The accounts that the app is told never to change exist."""
    with httpx.Client(base_url=stack.description.graph, trust_env=False) as client:
        for number in (1, 2):
            name = f"break-glass-{number}@contoso.example"
            assert client.get(f"/_sim/users/{name}").json()["userPrincipalName"] == name


def test_the_official_clients_reach_tables_and_topic(stack: Stack) -> None:
    """The two connection strings are all that a client needs."""
    told = stack.description
    with TableServiceClient.from_connection_string(told.tables) as tables:
        assert {table.name for table in tables.list_tables()} == set(Table)
    with (
        ServiceBusClient.from_connection_string(told.service_bus) as client,
        client.get_subscription_receiver(EVENTS_TOPIC, Subscription.ALL) as receiver,
    ):
        assert receiver.peek_messages() == []


def test_a_running_stack_is_not_started_again(stack: Stack) -> None:
    """A second start, even by another process's Stack, changes nothing."""
    before = stack.description
    with pytest.raises(AlreadyUpError):
        Stack(stack.layout.directory).start()
    assert before == stack.description


@pytest.mark.parametrize("name", ["servicebus", "host"])
def test_a_killed_part_comes_back_where_it_was(stack: Stack, name: str) -> None:
    """After kill and restart the part has its old port, and the description its new id."""
    before = stack.description
    stack.kill(name, signal.SIGKILL)
    assert [name in text for text in stack.fallen()] == [True]
    stack.restart(name)
    after = stack.description
    assert stack.is_up
    assert before.pids[name] != after.pids[name]
    assert (before.http, before.service_bus) == (after.http, after.service_bus)
    with httpx.Client(base_url=after.http, trust_env=False, timeout=30) as client:
        health = client.get("/api/health", headers={"x-functions-key": after.function_key})
    assert health.json()["status"] == "ok"


def test_state_outlives_down_and_up(tmp_path: Path) -> None:
    """Rows, keys, ports and accounts are there again; one port was taken and moves."""
    stack = Stack(tmp_path)
    first = stack.start(Options(users=3, seed=7))
    table = {"PartitionKey": "p", "RowKey": "r", "kept": "yes"}
    with TableServiceClient.from_connection_string(first.tables) as tables:
        tables.get_table_client(Table.CLAIMS).create_entity(table)
    assert set(stack.stop()) == PARTS
    assert not stack.layout.description.exists()
    with socket.create_server(("127.0.0.1", int(first.graph.rpartition(":")[2]))):
        second = stack.start(Options(mode="observe"))
    try:
        assert second.mode == "observe"
        assert (first.http, first.tables) == (second.http, second.tables)
        assert first.graph != second.graph
        assert first.principals == second.principals
        with TableServiceClient.from_connection_string(second.tables) as tables:
            assert tables.get_table_client(Table.CLAIMS).get_entity("p", "r")["kept"] == "yes"
        with httpx.Client(base_url=second.http, trust_env=False) as client:
            control = client.get("/api/control", headers=second.principals["Reader"])
        assert control.json()["onboarding"]["mode"] == "observe"
    finally:
        stack.stop()


def test_a_start_that_fails_leaves_nothing_running(tmp_path: Path) -> None:
    """When the app refuses its settings, the parts started before it are stopped."""
    stack = Stack(tmp_path)
    with pytest.raises(PartDiedError, match="host has ended"):
        stack.start(Options(settings={"ServiceBusConnection": "nonsense"}))
    assert not stack.layout.description.exists()
    assert not stack.layout.processes.exists()
    ports = json.loads(stack.layout.ports.read_bytes())
    assert all(is_free(port) for port in ports.values())
