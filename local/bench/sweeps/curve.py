"""The cost curve of a sweep: the points that it has."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from local.bench.sweeps import measuring
from local.bench.sweeps.point import Point, Setup, Store, Way
from local.progress import Report

LARGEST: Final = 1_000_000


def setups(most: int) -> Iterable[Setup]:
    """What is measured, the smallest tenants first.

    Args:
        most: no tenant has more people.
    """
    found = (
        *(Setup(people=size, within_limits=False) for size in (1_000, 10_000, 100_000)),
        *(Setup(people=size) for size in (1_000, 10_000, 100_000)),
        Setup(people=100_000, within_limits=False, finest=True),
        Setup(people=10_000, way=Way.STATES_SINGLY),
        # With the stack's two break-glass accounts as many as are read singly by default.
        Setup(people=4_998, way=Way.METHODS_SINGLY),
        *(
            Setup(people=size, store=Store.MEMORY, within_limits=False)
            for size in (1_000, 10_000, 100_000, LARGEST)
        ),
    )
    return sorted((one for one in found if one.people <= most), key=lambda one: one.people)


def measure(file: Path, most: int, report: Report) -> list[Point]:
    """Measure what a file has not yet; each point is kept in it as soon as it is there.

    Args:
        file: JSON; made where it is missing.
        most: no tenant has more people.
        report: told of each step as it begins.
    """
    points = msgspec.json.decode(file.read_bytes(), type=list[Point]) if file.is_file() else []
    for setup in setups(most):
        if all(point.setup != setup for point in points):
            points.append(measuring.measure(setup, report))
            file.write_bytes(msgspec.json.format(msgspec.json.encode(points)))
    return points
