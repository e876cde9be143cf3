"""Two runs of a sweep beside a bare script, as figures that have to hold."""

from typing import Final

from local.bench.figures import Figure
from local.bench.sweeps import measuring
from local.bench.sweeps.point import Point, Setup
from local.bench.sweeps.tenant import LATENCY_MS
from local.progress import Report

_PAGE: Final = 999
_TENANT_WIDE: Final = 12
_TIMES: Final = 3.0
_FROM: Final = 10_000
"""People; of fewer what every sweep reads of a tenant takes longer than the people."""
_MIB: Final = 1024 * 1024
_MOST_MIB: Final = 300


def measure(people: int, report: Report) -> list[Figure]:
    """Sweep so many people, with the published limits and without.

    Args:
        people: how many.
        report: told of each step as it begins.
    """
    return [
        figure
        for within_limits in (True, False)
        for figure in figures_of(
            measuring.measure(Setup(people=people, within_limits=within_limits), report)
        )
    ]


def figures_of(point: Point) -> list[Figure]:
    """What has to hold of a measurement; without limits, and of few people, time only informs."""
    setup, second = point.setup, point.second
    each = second.cpu / setup.people * 1e6
    time_taken = Figure(
        name=f"sweep of {setup.words}",
        unit="s",
        floor=point.floor.seconds,
        ours=second.seconds,
        most=_TIMES if setup.within_limits and setup.people >= _FROM else None,
        remark=f"second run, nobody changed, {LATENCY_MS} ms for each answer of Graph; "
        f"{each:.0f} µs of the worker's CPU a person",
    )
    requests = Figure(
        name=f"sweep of {setup.words}: requests to Graph",
        unit="requests",
        floor=allowed(setup.people),
        ours=second.requests,
        most=1.0,
        remark=f"allowed: two for each started {_PAGE} people and {_TENANT_WIDE} for the "
        "tenant; groups and the audit log come on top",
    )
    memory = Figure(
        name=f"sweep of {setup.words}: memory of the worker",
        unit="MiB",
        floor=_MOST_MIB,
        ours=second.memory / _MIB,
        most=1.0,
        remark=f"allowed: {_MOST_MIB} MiB, however many people there are",
    )
    return [time_taken, requests, memory]


def allowed(people: int) -> int:
    """How many requests a sweep may send for so many people and their tenant."""
    return 2 * -(-people // _PAGE) + _TENANT_WIDE
