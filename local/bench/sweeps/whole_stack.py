"""Sweeps on the whole stack: the host, the broker's stand-in, Azurite, and the tenant."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil

from local.bench.sweeps.point import Setup
from local.bench.sweeps.ran import Ran, Run
from local.bench.sweeps.tenant import UNLIMITED
from local.bench.sweeps.watching import watching
from local.progress import Report
from local.stack.parts import APP, HOST
from local.stack.stack import Options, Stack
from local.sweeping.run import sweep

_FINEST: Final = "local.bench.sweeps.finest_app:app"


@contextmanager
def standing(setup: Setup, report: Report) -> Iterator[tuple[str, Run]]:
    """A stack runs; the address of its tenant, and what makes a run.

    Args:
        setup: what is to be measured.
        report: told how far a run is.
    """
    limits = {} if setup.within_limits else UNLIMITED
    options = Options(
        users=setup.people,
        settings={"MFA_SWEEP_MEND": "none", **limits},
        app=_FINEST if setup.finest else APP,
    )
    with (
        tempfile.TemporaryDirectory(prefix="mfa-bench-") as directory,
        Stack(Path(directory), options) as stack,
    ):
        yield stack.description.graph, lambda: _run(stack, report)


def _run(stack: Stack, report: Report) -> Ran:
    begun = time.monotonic()
    with watching(psutil.Process(stack.description.pids[HOST])) as host:
        run = sweep(stack.description, report)
    return Ran(
        state=run["state"],
        problems=[f"{one['what']}: {one['reason']}" for one in run["problems"]],
        parts=run["progress"]["parts"],
        changes=sum(one["people"] for one in run["changes"]),
        seconds=time.monotonic() - begun,
        cpu=host.cpu,
        memory=host.memory,
    )
