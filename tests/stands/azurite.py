"""Azurite as a process of a test: started, ended, frozen, killed."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from local.azurite.command import azurite_program
from local.azurite.install import install
from local.azurite.node import find_node

_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.05

ACCOUNT: Final = "devstoreaccount1"
KEY: Final = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
"""The well-known account of the emulator:
https://learn.microsoft.com/azure/storage/common/storage-connect-azurite."""

Services = Literal["table", "all"]


def table_connection_string(port: int) -> str:
    """The connection string for a table service, or a proxy before one, on this port."""
    return (
        f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
        f"TableEndpoint=http://127.0.0.1:{port}/{ACCOUNT};"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ports:
    table: int
    blob: int
    queue: int


class Azurite:
    """An Azurite of one's own, with its data in a folder that outlives the process.

    Args:
        folder: where it keeps its data.
        services: the table service alone (quicker to start), or all three.
    """

    def __init__(self, folder: Path, *, services: Services = "table") -> None:
        self._folder = folder
        self._services: Services = services
        table, blob, queue = _free_ports(3)
        self._ports = _Ports(table=table, blob=blob, queue=queue)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        """The port of the table service; the same after a restart."""
        return self._ports.table

    @property
    def connection_string(self) -> str:
        """How clients of the table service reach it."""
        return table_connection_string(self.port)

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            InstallError, NodeMissingError: there is no Azurite.
            RuntimeError: it ended, or did not answer in time.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "azurite.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _START_SECONDS
        while not _answers(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Azurite did not start: see {self._folder / 'azurite.log'}.")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """End it so that it saves what it holds in memory: by SIGINT, and wait."""
        if self._process is None:
            return
        self.thaw()
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End it at once. Rows of the last five seconds may be lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Stop it where it is: connections open, no answers (SIGSTOP)."""
        self._running().send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on (SIGCONT)."""
        self._running().send_signal(signal.SIGCONT)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("Azurite is not running.")
        return self._process

    def _command(self) -> list[str]:
        only_table = self._services == "table"
        name = "azurite-table" if only_table else "azurite"
        programs = install(sys.stderr.write)
        ports = [f"--tablePort={self._ports.table}"]
        if not only_table:
            ports += [f"--blobPort={self._ports.blob}", f"--queuePort={self._ports.queue}"]
        return [
            *azurite_program(find_node().node, programs / name),
            *ports,
            f"--location={self._folder}",
            "--silent",
            "--disableTelemetry",
            "--skipApiVersionCheck",
        ]


@contextmanager
def running_azurite(folder: Path, *, services: Services = "table") -> Iterator[Azurite]:
    """An Azurite for the length of a `with` block."""
    azurite = Azurite(folder, services=services)
    try:
        azurite.start()
        yield azurite
    finally:
        azurite.stop()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
