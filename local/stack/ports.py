"""Ports for the stack: those of the last run where they are still free, others where not."""

import random
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from local.stack.layout import write_private

_RANGE = range(20_000, 32_000)
"""Below the ports that systems hand out to outgoing connections, which would take ours away while
a process is being restarted."""


class Ports(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A port of the loopback interface for each service."""

    azurite_blob: int
    azurite_queue: int
    azurite_table: int
    service_bus: int
    graph: int
    host: int


def choose_ports(remembered: Path) -> Ports:
    """Choose a free port for each service and remember them in the file given."""
    last: dict[str, int] = {}
    if remembered.is_file():
        with suppress(msgspec.DecodeError):
            last = msgspec.json.decode(remembered.read_bytes(), type=dict[str, int])
    fresh = _free_ports(set(last.values()))
    ports = Ports(
        **{
            name: last[name] if name in last and is_free(last[name]) else next(fresh)
            for name in Ports.__struct_fields__
        }
    )
    write_private(remembered, msgspec.json.format(msgspec.json.encode(ports)))
    return ports


def is_free(port: int) -> bool:
    """Whether nothing listens there."""
    with socket.socket() as candidate:
        # Without it a port whose last connections are still closing would count as taken.
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_ports(without: set[int]) -> Iterator[int]:
    candidates = [port for port in _RANGE if port not in without]
    random.shuffle(candidates)
    return filter(is_free, candidates)
