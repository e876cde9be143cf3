"""The Service Bus stand-in in a process of its own, on a port that it keeps when restarted."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.servicebus.settings import Limits, Settings, connection_string, write_settings

LOCK_SECONDS = 3.0
MAX_DELIVERY_COUNT = 3

_SETTINGS = Settings(
    shared_access_key_name="RootManageSharedAccessKey",
    shared_access_key="key-of-the-tests",
    queues=["work", "slow", "binary"],
    topics={"news": ["all"]},
    limits=Limits(
        lock_duration_seconds=LOCK_SECONDS,
        max_delivery_count=MAX_DELIVERY_COUNT,
        duplicate_detection_seconds=0,
        time_to_live_seconds=3600,
        max_message_kilobytes=256,
    ),
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Broker:
    """A broker that can be killed and started again."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._port = _free_port()
        self.process: subprocess.Popen[str] | None = None
        self.connection_string = connection_string(self._port, _SETTINGS)

    def start(self) -> None:
        """Start it and wait until it listens."""
        configuration = self._directory / "broker.json"
        write_settings(configuration, _SETTINGS)
        with (self._directory / "broker.log").open("a") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "local.servicebus", "--port", str(self._port)),
                    *("--data", str(self._directory / "broker")),
                    *("--clock", str(self._directory / "clock")),
                    *("--config", str(configuration)),
                ],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert "listening" in said, (self._directory / "broker.log").read_text()

    def kill(self) -> None:
        """End it at once, as a crash does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None


@contextmanager
def running_broker(directory: Path) -> Iterator[Broker]:
    """A broker that listens."""
    broker = Broker(directory)
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()
