"""A sweep by one process, with a store in memory: the tenant alone is as it is elsewhere."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from local.bench.company import BenchError
from local.bench.sweeps.point import Conditions, Point, Setup, Taken
from local.bench.sweeps.tenant import UNLIMITED, Tenant
from local.bench.sweeps.worker import Ran
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


def measure(setup: Setup, report: Report) -> Point:
    """Sweep a tenant twice, after a bare script has read it.

    Args:
        setup: what is to be measured.
        report: told of each step as it begins.

    Raises:
        BenchError: a run does not end as it should.
    """
    conditions = Conditions.now()
    place = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="mfa-bench-", dir=place) as directory:
        rows = Path(directory) / "rows"
        report(f"Making people: {setup.words}")
        with (
            _running(Layout(Path(directory)), setup) as environment,
            closing(Tenant(environment["GRAPH_BASE_URL"], setup)) as tenant,
        ):
            report(f"The bare script: {setup.words}")
            floor = tenant.floor()
            report(f"The first run: {setup.words}")
            first, _ = _run(rows, environment, tenant)
            report(f"The second run: {setup.words}")
            second, ran = _run(rows, environment, tenant)
    if ran.changes:
        raise BenchError(f"The second run has found {ran.changes} changes.")
    return Point(
        setup=setup,
        parts=ran.parts,
        conditions=conditions,
        floor=floor,
        first=first,
        second=second,
    )


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


def _run(rows: Path, environment: Mapping[str, str], tenant: Tenant) -> tuple[Taken, Ran]:
    """A run by a process of its own, as after a day without any."""
    tenant.rest()
    worker = subprocess.run(  # noqa: S603  (our own command)
        (sys.executable, "-m", "local.bench.sweeps.worker", str(rows)),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        check=True,
    )
    ran = msgspec.json.decode(worker.stdout, type=Ran)
    if ran.state not in {"completed", "partial"}:
        raise BenchError(f"The run is {ran.state}: {', '.join(ran.problems)}")
    taken = Taken(
        seconds=ran.seconds,
        requests=tenant.asked(),
        cpu=ran.cpu,
        memory=ran.memory,
        rows=ran.rows,
    )
    return taken, ran
