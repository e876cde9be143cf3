"""Processes are watched, ended in their own way, and never mistaken for somebody else's."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack.layout import Layout
from local.stack.ports import choose_ports
from local.stack.processes import Part, PartDiedError, PartNotReadyError, Processes

SAVING_SERVER = """
import pathlib, signal, socket, sys, threading
stop = threading.Event()
def end(number, _):
    pathlib.Path(sys.argv[2]).write_text(str(number))
    stop.set()
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, end)
with socket.create_server(("127.0.0.1", int(sys.argv[1]))):
    print("serving", flush=True)
    stop.wait()
"""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """An empty stack directory."""
    return Layout(tmp_path)


@pytest.fixture
def processes(layout: Layout) -> Iterator[Processes]:
    """The processes of the stack; those that a test leaves behind are stopped."""
    processes = Processes(layout)
    yield processes
    for name in processes.names:
        processes.stop(name)


def part(layout: Layout, script: str = SAVING_SERVER, **changes: object) -> Part:
    """A small server that notes the signal that ends it."""
    port = choose_ports(layout.ports).host
    saved = str(layout.directory / "saved")
    command = (sys.executable, "-c", script, str(port), saved)
    return Part(**{"name": "server", "command": command, "port": port, **changes})  # type: ignore[arg-type]  # a test names what it changes


def test_a_part_is_ready_when_it_listens(layout: Layout, processes: Processes) -> None:
    """After the wait the part runs and is listed with its process id."""
    server = part(layout)
    processes.start(server)
    processes.wait_until_ready(server)
    assert processes.runs("server")
    assert list(processes.pids) == ["server"]


def test_a_part_that_dies_is_told_with_its_last_words(layout: Layout, processes: Processes) -> None:
    """Whoever waits for a dead part hears why it died, at once."""
    server = part(layout, "raise SystemExit('no such file')")
    processes.start(server)
    with pytest.raises(PartDiedError, match="no such file"):
        processes.wait_until_ready(server)


def test_a_part_that_never_listens_is_told(layout: Layout, processes: Processes) -> None:
    """The wait ends though the part lives on."""
    server = part(layout, "import signal; signal.pause()", ready_within=0.2)
    processes.start(server)
    with pytest.raises(PartNotReadyError, match="does not listen"):
        processes.wait_until_ready(server)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_part_ends_by_its_own_signal(
    layout: Layout, processes: Processes, number: signal.Signals
) -> None:
    """Stopping sends the part's signal, waits for the end and forgets the part."""
    server = part(layout, stop_signal=number)
    processes.start(server)
    processes.wait_until_ready(server)
    processes.stop("server")
    assert str(number.value) == (layout.directory / "saved").read_text()
    assert processes.names == ()
    assert not layout.processes.exists()


def test_a_stopped_part_is_woken_to_end(layout: Layout, processes: Processes) -> None:
    """A part that was paused (SIGSTOP) can be stopped all the same."""
    server = part(layout)
    processes.start(server)
    processes.wait_until_ready(server)
    processes.kill("server", signal.SIGSTOP)
    processes.stop("server")
    assert (layout.directory / "saved").exists()


def test_a_part_that_ignores_its_signal_is_killed(layout: Layout, processes: Processes) -> None:
    """Nothing stays behind."""
    deaf = SAVING_SERVER.replace("stop.set()", "None")
    server = part(layout, deaf, stop_within=0.2)
    processes.start(server)
    processes.wait_until_ready(server)
    pid = processes.pids["server"]
    processes.stop("server")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_killed_part_counts_as_dead_until_it_is_stopped(
    layout: Layout, processes: Processes
) -> None:
    """Whoever watches sees that it ended though nobody stopped it."""
    server = part(layout)
    processes.start(server)
    processes.wait_until_ready(server)
    processes.kill("server", signal.SIGKILL)
    assert processes.dead() == ["server"]
    processes.stop("server")
    assert processes.dead() == []


def test_another_process_can_stop_what_one_started(layout: Layout, processes: Processes) -> None:
    """What runs is found again by whoever reads the stack's directory."""
    server = part(layout)
    processes.start(server)
    processes.wait_until_ready(server)
    stop_it = (
        "import sys, pathlib; from local.stack.layout import Layout;"
        "from local.stack.processes import Processes;"
        "Processes(Layout(pathlib.Path(sys.argv[1]))).stop('server')"
    )
    subprocess.run([sys.executable, "-c", stop_it, str(layout.directory)], check=True)
    assert (layout.directory / "saved").exists()
    assert processes.dead() == ["server"]
    processes.reload()
    assert processes.names == ()


@pytest.mark.parametrize(
    "difference", [{"created": 1.0}, {"arguments": ["-c", "something else"]}], ids=["time", "line"]
)
def test_a_process_that_took_over_the_id_is_left_alone(
    layout: Layout, processes: Processes, difference: dict[str, object]
) -> None:
    """An id alone proves nothing: start time and command line must be those of our process."""
    server = part(layout)
    processes.start(server)
    processes.wait_until_ready(server)
    document = json.loads(layout.processes.read_bytes())
    layout.processes.write_text(json.dumps({"server": {**document["server"], **difference}}))
    stranger = Processes(layout)
    assert not stranger.runs("server")
    stranger.stop("server")
    assert processes.runs("server")


def test_settings_of_this_machine_do_not_leak(layout: Layout, processes: Processes) -> None:
    """A part sees the variables it was given and those that finding programs takes; no others."""
    script = "import json, os; raise SystemExit(json.dumps(sorted(os.environ)))"
    leaking = {"PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "SSL_CERT_FILE"}
    server = part(layout, script, environment={"GIVEN": "1"})
    processes.start(server)
    with pytest.raises(PartDiedError) as died:
        processes.wait_until_ready(server)
    seen = set(json.loads(str(died.value).splitlines()[-1]))
    assert {"GIVEN", "PYTHONUNBUFFERED"} <= seen <= leaking | {"GIVEN", "PYTHONUNBUFFERED"}
