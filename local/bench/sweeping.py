"""A sweep of a whole tenant beside a bare script in the same run: time, requests, CPU, memory.

The script fetches everybody's two pages and throws them away. Both read the same simulated tenant
at the same latency: once inside the limits that Graph publishes, once without any. What is measured
is the second run of the sweep, which finds everybody unchanged, on the whole stack.
"""

import asyncio
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from local.bench.company import BenchError, Company
from local.bench.figures import Figure
from local.bench.sweeping_floor import Floor
from local.progress import Report
from local.stack.parts import HOST
from local.stack.stack import Options, Stack
from local.sweeping.run import sweep

LATENCY_MS: Final = 50
_UNLIMITED: Final = "100000"
"""Times the published limits."""
_PAGE: Final = 999
_TENANT_WIDE: Final = 12
_TIMES: Final = 3.0
_MIB: Final = 1024 * 1024
_LOOK_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class _Taken:
    """What one of the two took.

    Attributes:
        seconds: real time.
        requests: to Graph.
        cpu: seconds of the host's processor.
        memory: the most that the host held, in bytes.
    """

    seconds: float
    requests: int
    cpu: float = 0.0
    memory: int = 0


def measure(people: int, report: Report) -> list[Figure]:
    """Sweep so many people, with the published limits and without.

    Args:
        people: how many.
        report: told of each step as it begins.
    """
    return [
        *_measure(people, report, within_limits=True),
        *_measure(people, report, within_limits=False),
    ]


def _measure(people: int, report: Report, *, within_limits: bool) -> list[Figure]:
    settings = {} if within_limits else {"MFA_SWEEP_PACE": _UNLIMITED}
    options = Options(users=people, settings={"MFA_SWEEP_MEND": "none", **settings})
    words = "inside the published limits" if within_limits else "without limits"
    with tempfile.TemporaryDirectory(prefix="mfa-bench-") as directory:
        report(f"Starting a stack for {people} people, {words}")
        with Stack(Path(directory), options) as stack, Company(stack) as company:
            company.sim("POST", "throttling", {"enabled": within_limits})
            company.sim("POST", "faults", {"match": " /(v1.0|beta)/", "delayMs": LATENCY_MS})
            report(f"The bare script, {words}")
            floor = asyncio.run(_floor(company, stack, within_limits=within_limits))
            report(f"The first run, {words}")
            sweep(stack.description, report)
            report(f"The second run, {words}")
            ours = _ours(company, stack, report)
    return _figures(people, floor, ours, words, within_limits=within_limits)


async def _floor(company: Company, stack: Stack, *, within_limits: bool) -> _Taken:
    token = company.sim("POST", "token")["access_token"]
    script = Floor(stack.description.graph, token, within_limits)
    _, seconds = await script.read()
    return _Taken(seconds, script.requests)


def _ours(company: Company, stack: Stack, report: Report) -> _Taken:
    host = psutil.Process(stack.description.pids[HOST])
    company.sim("DELETE", "requests")
    before = host.cpu_times()
    with _watched(host) as most:
        begun = time.monotonic()
        run = sweep(stack.description, report)
        seconds = time.monotonic() - begun
    after = host.cpu_times()
    if run["state"] != "completed" or run["changes"]:
        raise BenchError(f"The second run is {run['state']}, with changes {run['changes']}.")
    return _Taken(
        seconds,
        requests=len([one for one in company.sim("GET", "requests") if _counts(one)]),
        cpu=after.user + after.system - before.user - before.system,
        memory=most[0],
    )


def _counts(request: dict[str, Any]) -> bool:
    """Whether a request is one for people or for the tenant: of groups there are as there are."""
    return "/groups" not in request["path"] and not request["path"].startswith("/msi/")


@contextmanager
def _watched(process: psutil.Process) -> Iterator[list[int]]:
    """The most memory that a process holds meanwhile."""
    most, over = [process.memory_info().rss], threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_SECONDS):
            most[0] = max(most[0], process.memory_info().rss)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


def _figures(
    people: int, floor: _Taken, ours: _Taken, words: str, *, within_limits: bool
) -> list[Figure]:
    each = ours.cpu / people * 1e6
    remark = (
        f"second run, nobody changed, {LATENCY_MS} ms for each answer of Graph; {each:.0f} µs of "
        f"the host's CPU a person, {ours.memory / _MIB:.0f} MiB at the most"
    )
    time_taken = Figure(
        name=f"sweep of {people} people {words}",
        unit="s",
        floor=floor.seconds,
        ours=ours.seconds,
        most=_TIMES if within_limits else None,
        remark=remark,
    )
    if not within_limits:
        return [time_taken]
    allowed = 2 * -(-people // _PAGE) + _TENANT_WIDE
    return [
        time_taken,
        Figure(
            name=f"sweep of {people} people: requests to Graph",
            unit="requests",
            floor=allowed,
            ours=ours.requests,
            most=1.0,
            remark=f"allowed: two for each started {_PAGE} people and {_TENANT_WIDE} for the "
            "tenant; those for groups come on top",
        ),
    ]
