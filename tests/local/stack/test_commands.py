"""up, down and logs as a person uses them, in a copy of the project."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

SHIPPED = ("function_app.py", "host.json", "functions", "shared", "local")


def runs(pid: int) -> bool:
    """Whether a process lives; one that nobody has buried yet does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Clone:
    """A copy of the project, whose stack is nobody else's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.description = folder / ".local" / "stack.json"

    def dev(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "local", *arguments],
            cwd=self.folder,
            env={**os.environ, "COLUMNS": "120"},
            capture_output=True,
            text=True,
            check=False,
        )

    def up(self) -> subprocess.Popen[str]:
        """Start `up` in the foreground and wait for the stack."""
        process = subprocess.Popen(
            [sys.executable, "-m", "local", "up"],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        while process.poll() is None and not self.description.exists():
            time.sleep(0.05)
        assert process.poll() is None
        return process


@pytest.fixture
def clone(tmp_path: Path, root: Path) -> Iterator[Clone]:
    """A copy of the project; its stack is stopped at the end."""
    for name in SHIPPED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy(source, tmp_path)
    clone = Clone(tmp_path)
    yield clone
    clone.dev("down")


def test_up_down_and_logs(clone: Clone) -> None:
    """A detached stack stays up, is not started twice, shows its logs and is stopped once."""
    up = clone.dev("up", "--detach", "--json")
    assert up.returncode == 0, up.stderr
    told = json.loads(up.stdout)
    assert told == json.loads(clone.description.read_bytes())
    assert all(runs(pid) for pid in told["pids"].values())

    again = clone.dev("up")
    assert again.returncode == 0
    assert "up already" in again.stderr
    assert told == json.loads(clone.description.read_bytes())

    logs = clone.dev("logs", "graph")
    assert logs.returncode == 0
    assert "listening on 127.0.0.1:" in logs.stdout

    assert "Stopped host, graph, servicebus, azurite" in clone.dev("down").stderr
    assert not any(runs(pid) for pid in told["pids"].values())
    assert "No stack is up" in clone.dev("down").stderr


def test_an_interrupted_up_stops_all(clone: Clone) -> None:
    """Being told to end, as by Ctrl-C, leaves nothing running and is no failure."""
    with clone.up() as up:
        pids = json.loads(clone.description.read_bytes())["pids"]
        up.terminate()
        output, _ = up.communicate()
    assert up.returncode == 0, output
    assert not any(runs(pid) for pid in pids.values())
    assert not clone.description.exists()


def test_a_part_that_dies_ends_up_with_its_last_words(clone: Clone) -> None:
    """The person hears which part died and what it said last; the others are stopped."""
    with clone.up() as up:
        pids = json.loads(clone.description.read_bytes())["pids"]
        os.kill(pids["servicebus"], signal.SIGKILL)
        output, _ = up.communicate()
    assert up.returncode == 1
    assert "servicebus has ended. Its log ends:" in output
    assert "listening on" in output
    assert not any(runs(pid) for pid in pids.values())


def test_an_up_that_is_stopped_from_elsewhere_is_no_failure(clone: Clone) -> None:
    """`down` in another terminal ends the `up` that waits."""
    with clone.up() as up:
        assert clone.dev("down").returncode == 0
        output, _ = up.communicate()
    assert up.returncode == 0, output
    assert "stopped from elsewhere" in output
