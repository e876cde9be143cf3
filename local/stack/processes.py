"""Starts, watches and stops processes, and remembers them for whoever comes to stop them later."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
import psutil

from local.stack.layout import ROOT, Layout, write_private

_INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "SSL_CERT_FILE")
"""All that a process gets of our own environment: no setting of this machine leaks into a stack."""
_POLL = 0.05
_LINES = 15
"""Of a log that are shown of a process that has ended."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process of a stack.

    Attributes:
        name: what people call it.
        command: the program and its arguments.
        port: where it listens once it is ready.
        environment: the variables that it needs beside PATH and the like.
        stop_signal: what makes it save its state and end.
        ready_within: how long it may take to listen, in seconds.
        stop_within: how long it may take to end, in seconds; then it is killed.
    """

    name: str
    command: tuple[str, ...]
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    ready_within: float = 60
    stop_within: float = 30


class PartDiedError(Exception):
    """A process ended though nobody stopped it; the message ends with the tail of its log."""


class PartNotReadyError(Exception):
    """A process runs but does not listen in time."""


class _Started(msgspec.Struct, frozen=True):
    """A process as remembered; a process id alone may meanwhile be somebody else's."""

    pid: int
    created: float
    arguments: list[str]
    stop_signal: int
    stop_within: float


class Processes:
    """The processes of one stack, whoever started them."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._running: dict[str, psutil.Process] = {}
        self._started: dict[str, _Started] = {}
        self.reload()

    def reload(self) -> None:
        """Take note of what others started or stopped meanwhile."""
        path = self._layout.processes
        content = path.read_bytes() if path.is_file() else b"{}"
        self._started = msgspec.json.decode(content, type=dict[str, _Started])
        running: dict[str, psutil.Process] = {}
        for name, started in self._started.items():
            known = self._running.get(name)
            if known is not None and known.pid == started.pid:
                running[name] = known
            elif process := _find(started):
                running[name] = process
        self._running = running

    @property
    def pids(self) -> dict[str, int]:
        """The process id of each part that runs."""
        return {name: self._running[name].pid for name in self._started if self.runs(name)}

    @property
    def names(self) -> tuple[str, ...]:
        """All that were started and not stopped, dead ones too, in the order of their start."""
        return tuple(self._started)

    def runs(self, name: str) -> bool:
        """Whether the process lives."""
        process = self._running.get(name)
        return process is not None and _lives(process)

    def dead(self) -> list[str]:
        """The parts that ended though nobody stopped them."""
        return [name for name in self._started if not self.runs(name)]

    def start(self, part: Part) -> None:
        """Start a process; its output goes to its log."""
        log = self._layout.log(part.name)
        log.parent.mkdir(parents=True, exist_ok=True)
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        with log.open("ab") as output:
            process = psutil.Popen(
                part.command,
                cwd=ROOT,
                env={**inherited, "PYTHONUNBUFFERED": "1", **part.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is for us alone: we end the parts in their order.
                start_new_session=True,
            )
        self._running[part.name] = process
        self._started[part.name] = _Started(
            pid=process.pid,
            created=process.create_time(),
            arguments=list(part.command[1:]),
            stop_signal=part.stop_signal,
            stop_within=part.stop_within,
        )
        self._remember()

    def wait_until_ready(self, part: Part) -> None:
        """Wait until the process listens.

        Raises:
            PartDiedError: it ended.
            PartNotReadyError: it took too long.
        """
        deadline = time.monotonic() + part.ready_within
        while not _listens(part.port):
            if not self.runs(part.name):
                raise PartDiedError(self.obituary(part.name))
            if time.monotonic() > deadline:
                raise PartNotReadyError(
                    f"{part.name} does not listen after {part.ready_within:.0f} s. "
                    f"Its log ends:\n{self.tail(part.name)}"
                )
            time.sleep(_POLL)

    def stop(self, name: str) -> None:
        """End a process in its own way and wait; forget it."""
        started = self._started[name]
        process = self._running.pop(name, None)
        if process is not None:
            with suppress(psutil.NoSuchProcess):
                if _lives(process):
                    process.send_signal(started.stop_signal)
                    process.send_signal(signal.SIGCONT)
                if not _ends(process, started.stop_within):
                    process.kill()
                    _ends(process, started.stop_within)
        del self._started[name]
        self._remember()

    def kill(self, name: str, number: signal.Signals) -> None:
        """Send a signal; with one that ends the process, wait for the end. It stays remembered.

        Raises:
            KeyError: no such part runs.
        """
        process = self._running[name]
        process.send_signal(number)
        if number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
            _ends(process, self._started[name].stop_within)

    def wait_for_end(self, seconds: float) -> None:
        """Wait until one of them ends, at most that long."""
        deadline = time.monotonic() + seconds
        while not self.dead() and time.monotonic() < deadline:
            time.sleep(_POLL)

    def tail(self, name: str) -> str:
        """The end of a log."""
        log = self._layout.log(name)
        return "\n".join(log.read_text(errors="replace").splitlines()[-_LINES:])

    def obituary(self, name: str) -> str:
        """What to tell about a process that ended by itself."""
        return f"{name} has ended. Its log ends:\n{self.tail(name)}"

    def _remember(self) -> None:
        if self._started:
            write_private(self._layout.processes, msgspec.json.encode(self._started))
        else:
            self._layout.processes.unlink(missing_ok=True)


def _find(started: _Started) -> psutil.Process | None:
    """The remembered process, if the one with its id is really it."""
    try:
        process = psutil.Process(started.pid)
        same = abs(process.create_time() - started.created) < 1
        # The program's own name may have been resolved by the system, its arguments never.
        return process if same and process.cmdline()[1:] == started.arguments else None
    except psutil.Error:
        return None


def _lives(process: psutil.Process) -> bool:
    if isinstance(process, psutil.Popen):
        return process.poll() is None
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _ends(process: psutil.Process, within: float) -> bool:
    """Wait for the end. One that its own parent has yet to bury has ended."""
    deadline = time.monotonic() + within
    while _lives(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
