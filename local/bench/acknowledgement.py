"""How long a webhook waits for its 202, beside a bare ASGI handler that does the same I/O."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from local.bench.figures import Figure, quantile
from local.bench.webhooks import Target, call
from local.stack.description import Description
from local.stack.environment import HR_SOURCE
from local.stack.layout import ROOT
from local.stack.stack import Options, Stack
from shared.names import FUNCTIONS, App, FunctionName

ROUNDS: Final = 6
WARM_UP: Final = 40
LOADS: Final = ((1, 60), (32, 256))
"""Concurrent callers, and requests in each round."""
MOST: Final = 1.5


def measure(report: Callable[[str], None]) -> list[Figure]:
    """Rounds of floor and ours in turn, on one stack, by one load generator.

    The host enables the functions of the intake app alone, as in Azure, so that nobody works on the
    commands meanwhile; nobody does so for the floor either.
    """
    others = frozenset(FunctionName) - FUNCTIONS[App.INTAKE]
    needed = {FunctionName.GET_CONTROL, FunctionName.PUT_CONTROL}
    disabled = {f"AzureWebJobs.{name}.Disabled": "true" for name in others - needed}
    with tempfile.TemporaryDirectory(prefix="mfa-bench-") as directory:
        report("Starting a stack")
        with Stack(Path(directory), Options(settings=disabled)) as stack:
            description = stack.description
            with _floor(description) as floor:
                return asyncio.run(_measure(floor, _ours(description), report))


async def _measure(floor: Target, ours: Target, report: Callable[[str], None]) -> list[Figure]:
    figures = []
    for callers, requests in LOADS:
        taken: dict[str, list[float]] = {floor.url: [], ours.url: []}
        for target in (floor, ours):
            await call(target, callers=callers, requests=WARM_UP)
        for number in range(ROUNDS):
            report(f"{callers} concurrent callers, round {number + 1} of {ROUNDS}")
            for target in (floor, ours):
                taken[target.url] += await call(target, callers=callers, requests=requests)
        for share, most in ((0.5, MOST), (0.99, None)):
            figures.append(
                Figure(
                    name=f"acknowledging a webhook, {callers} at a time, p{share * 100:.0f}",
                    unit="ms",
                    floor=quantile(taken[floor.url], share) * 1000,
                    ours=quantile(taken[ours.url], share) * 1000,
                    most=most,
                    remark=f"{ROUNDS * requests} requests each",
                )
            )
    return figures


def _ours(description: Description) -> Target:
    return Target(
        url=f"{description.http}/api/onboarding/{HR_SOURCE}",
        secret=description.hr_sources[HR_SOURCE].secret,
        key=description.function_key,
    )


@contextmanager
def _floor(description: Description) -> Iterator[Target]:
    """The floor's server. It inherits a socket that listens already, so nobody waits for it."""
    secret = description.hr_sources[HR_SOURCE].secret
    environment = {
        **os.environ,
        "FLOOR_TABLES": description.tables,
        "FLOOR_BUS": description.service_bus,
        "FLOOR_SECRET": secret,
    }
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = subprocess.Popen(  # noqa: S603  (our own command)
            (sys.executable, "-m", "local.bench.floor", str(listening.fileno())),
            cwd=ROOT,
            env=environment,
            pass_fds=(listening.fileno(),),
        )
        port = listening.getsockname()[1]
        try:
            yield Target(url=f"http://127.0.0.1:{port}/", secret=secret, key="")
        finally:
            server.terminate()
            server.wait()
