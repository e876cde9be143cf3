"""Sweeps by one process, with a store in memory: the tenant alone is as it is elsewhere."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from local.bench.sweeps.point import Setup
from local.bench.sweeps.ran import Ran, Run
from local.bench.sweeps.tenant import UNLIMITED
from local.progress import Report
from local.stack import parts
from local.stack.addresses import addresses
from local.stack.environment import host_environment
from local.stack.keys import load_keys
from local.stack.layout import ROOT, Layout
from local.stack.ports import choose_ports
from local.stack.preparation import create_break_glass_accounts
from local.stack.processes import Processes

_MEMORY: Final = Path("/dev/shm")  # noqa: S108  (it lies in memory, where there is one)
_POPULATED_WITHIN: Final = 600.0
"""Seconds; a million people take one."""


@contextmanager
def standing(setup: Setup, _: Report) -> Iterator[tuple[str, Run]]:
    """A tenant runs; its address, and what makes a run.

    Args:
        setup: what is to be measured.
    """
    place = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="mfa-bench-", dir=place) as directory:
        rows = Path(directory) / "rows"
        with _running(Layout(Path(directory)), setup) as environment:
            yield environment["GRAPH_BASE_URL"], lambda: _run(rows, environment)


@contextmanager
def _running(layout: Layout, setup: Setup) -> Iterator[dict[str, str]]:
    """The tenant runs; the environment of an app beside it."""
    keys, ports = load_keys(layout.keys), choose_ports(layout.ports)
    where = addresses(keys, ports)
    part = parts.graph(layout, keys, ports, users=setup.people, seed=1)
    processes = Processes(layout)
    processes.start(replace(part, ready_within=_POPULATED_WITHIN))
    try:
        processes.wait_until_ready(replace(part, ready_within=_POPULATED_WITHIN))
        limits = {} if setup.within_limits else UNLIMITED
        yield host_environment(
            keys,
            where,
            break_glass=create_break_glass_accounts(where.graph),
            nightly=False,
            further={"MFA_SWEEP_MEND": "none", **limits},
        )
    finally:
        # Nobody needs what it would save.
        processes.kill(parts.GRAPH, signal.SIGKILL)
        processes.stop(parts.GRAPH)


def _run(rows: Path, environment: Mapping[str, str]) -> Ran:
    """A run by a process of its own, as after a day without any."""
    worker = subprocess.run(  # noqa: S603  (our own command)
        (sys.executable, "-m", "local.bench.sweeps.worker", str(rows)),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        check=True,
    )
    return msgspec.json.decode(worker.stdout, type=Ran)
