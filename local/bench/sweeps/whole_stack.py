"""A sweep on the whole stack: the host, the broker's stand-in, Azurite, and the tenant."""

import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Final

import psutil

from local.bench.company import BenchError
from local.bench.sweeps.point import Conditions, Point, Setup, Taken
from local.bench.sweeps.tenant import UNLIMITED, Tenant
from local.bench.sweeps.watching import watching
from local.progress import Report
from local.stack.parts import APP, HOST
from local.stack.stack import Options, Stack
from local.sweeping.run import Json, sweep

_FINEST: Final = "local.bench.sweeps.finest_app:app"


def measure(setup: Setup, report: Report) -> Point:
    """Sweep a tenant twice, after a bare script has read it.

    Args:
        setup: what is to be measured.
        report: told of each step as it begins.

    Raises:
        BenchError: a run does not end as it should.
    """
    conditions = Conditions.now()
    limits = {} if setup.within_limits else UNLIMITED
    options = Options(
        users=setup.people,
        settings={"MFA_SWEEP_MEND": "none", **limits},
        app=_FINEST if setup.finest else APP,
    )
    with tempfile.TemporaryDirectory(prefix="mfa-bench-") as directory:
        report(f"Starting a stack: {setup.words}")
        with (
            Stack(Path(directory), options) as stack,
            closing(Tenant(stack.description.graph, setup)) as tenant,
        ):
            report(f"The bare script: {setup.words}")
            floor = tenant.floor()
            report(f"The first run: {setup.words}")
            first, _ = _run(stack, tenant, report)
            report(f"The second run: {setup.words}")
            second, run = _run(stack, tenant, report)
    if run["changes"]:
        raise BenchError(f"The second run has found changes: {run['changes']}.")
    return Point(
        setup=setup,
        parts=run["progress"]["parts"],
        conditions=conditions,
        floor=floor,
        first=first,
        second=second,
    )


def _run(stack: Stack, tenant: Tenant, report: Report) -> tuple[Taken, Json]:
    tenant.rest()
    begun = time.monotonic()
    with watching(psutil.Process(stack.description.pids[HOST])) as host:
        run = sweep(stack.description, report)
    seconds = time.monotonic() - begun
    if run["state"] not in {"completed", "partial"}:
        raise BenchError(f"The run is {run['state']}: {run['problems']}")
    return Taken(seconds=seconds, requests=tenant.asked(), cpu=host.cpu, memory=host.memory), run
