"""The Service Bus stand-in as a process that a test starts, kills and starts again."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import msgspec

from local.clock import StackClock
from local.servicebus.settings import (
    Settings,
    connection_string,
    default_settings,
    write_settings,
)

KEY_NAME = "RootManageSharedAccessKey"
KEY = "a-key-of-no-worth"

SETTINGS = default_settings(shared_access_key_name=KEY_NAME, shared_access_key=KEY)
"""The entities and limits of the project, under a key made for tests."""

_PATIENCE = 30.0


def with_limits(settings: Settings, **limits: float) -> Settings:
    """The same settings with some limits changed."""
    changed = msgspec.structs.replace(settings.limits, **limits)
    return msgspec.structs.replace(settings, limits=changed)


@dataclass
class ServiceBusProcess:
    """A broker on a free port of the loopback interface.

    Its port, messages and clock stay the same over any number of starts.

    Args:
        directory: where its data, clock, configuration and log are.
        settings: its entities, limits and key.
        clock_file: the file of the stack clock, if other stand-ins share it.
    """

    directory: Path
    settings: Settings = SETTINGS
    clock_file: Path | None = None
    port: int = 0
    _process: subprocess.Popen[str] | None = field(default=None, init=False)

    @property
    def connection_string(self) -> str:
        """What a client needs to connect, whether the broker runs right now or not."""
        return connection_string(self.port, self.settings)

    @property
    def pid(self) -> int:
        """The process id of the running broker."""
        return self._running().pid

    def start(self) -> Self:
        """Start the broker and wait until it listens."""
        self.directory.mkdir(parents=True, exist_ok=True)
        config = self.directory / "servicebus.json"
        write_settings(config, self.settings)
        command = [sys.executable, "-m", "local.servicebus", "--port", str(self.port)]
        command += ["--data", str(self.directory), "--config", str(config)]
        command += ["--clock", str(self._clock_file)]
        with self._log.open("a") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("listening on 127.0.0.1:"), self._log.read_text()
        self.port = int(line.rpartition(":")[2])
        return self

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self._running().kill()
        self._reap()

    def stop(self) -> int:
        """End it as an operator does; its exit code."""
        self._running().send_signal(signal.SIGTERM)
        return self._reap()

    def restart(self) -> None:
        """Kill it and start it again on the same data and the same port."""
        self.kill()
        self.start()

    def close(self) -> None:
        """Stop it if it runs."""
        if self._process is not None:
            self.stop()

    def advance(self, seconds: float) -> None:
        """Move the stack clock forward."""
        with StackClock(self._clock_file) as clock:
            clock.advance(seconds)

    def stack_now(self) -> datetime:
        """The time on the stack clock, in UTC."""
        with StackClock(self._clock_file) as clock:
            return clock.now()

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """What the broker noted so far, or only the events of this name."""
        lines = [json.loads(line) for line in self._log.read_text().splitlines()]
        return [line for line in lines if name in (None, line["event"])]

    @property
    def _clock_file(self) -> Path:
        return self.clock_file or self.directory / "clock"

    @property
    def _log(self) -> Path:
        return self.directory / "servicebus.log"

    def _running(self) -> subprocess.Popen[str]:
        assert self._process is not None, "the broker does not run"
        return self._process

    def _reap(self) -> int:
        process = self._running()
        self._process = None
        code = process.wait(timeout=_PATIENCE)
        if process.stdout is not None:
            process.stdout.close()
        return code
