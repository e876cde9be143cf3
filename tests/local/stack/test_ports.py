"""Ports are free ones, and the same from run to run where possible."""

import socket
from pathlib import Path

import msgspec

from local.stack.ports import choose_ports, is_free


def test_every_service_gets_a_free_port_of_its_own(tmp_path: Path) -> None:
    """No two services share a port, and nothing else listens on any."""
    chosen = list(msgspec.structs.asdict(choose_ports(tmp_path / "ports.json")).values())
    assert len(set(chosen)) == len(chosen)
    assert all(is_free(port) for port in chosen)


def test_ports_are_remembered(tmp_path: Path) -> None:
    """A second run uses the ports of the first."""
    first = choose_ports(tmp_path / "ports.json")
    assert first == choose_ports(tmp_path / "ports.json")


def test_a_taken_port_is_avoided(tmp_path: Path) -> None:
    """Only the service whose port is taken meanwhile moves."""
    first = choose_ports(tmp_path / "ports.json")
    with socket.create_server(("127.0.0.1", first.graph)):
        second = choose_ports(tmp_path / "ports.json")
    assert first.graph != second.graph
    assert first == msgspec.structs.replace(second, graph=first.graph)


def test_an_unreadable_memory_is_no_obstacle(tmp_path: Path) -> None:
    """A file that was cut short is replaced."""
    remembered = tmp_path / "ports.json"
    remembered.write_bytes(b'{"graph": 2')
    assert choose_ports(remembered) == choose_ports(remembered)
