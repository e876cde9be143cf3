"""What each path costs in requests to Microsoft Graph, beside the necessary ones by name."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path as Folder

from local.bench.company import Company
from local.bench.figures import Figure
from local.bench.paths import PATHS
from local.bench.paths.counting import Counts, count, listed, settings_of
from local.bench.paths.path import Path, Request
from local.stack.stack import Options, Stack


def measure(report: Callable[[str], None]) -> list[Figure]:
    """Let one person walk each path, and count."""
    figures = []
    for settings, paths in groupby(PATHS, settings_of):
        report("Starting a stack")
        with (
            tempfile.TemporaryDirectory(prefix="mfa-bench-") as directory,
            Stack(Folder(directory), Options(settings=settings)) as stack,
            Company(stack) as company,
        ):
            for path in paths:
                report(path.name)
                figures.append(_figure(path, count(path, company)))
    return figures


def _figure(path: Path, counts: Counts) -> Figure:
    unlisted = counts.own - listed(path)
    return Figure(
        name=f"requests to Graph: {path.name}",
        unit="requests",
        floor=len(path.necessary),
        ours=counts.own.total(),
        most=(len(path.necessary) + len(path.beyond)) / len(path.necessary),
        remark="\n".join(
            (
                f"necessary: {_purposes(path.necessary)}",
                *((f"beyond: {_purposes(path.beyond)}",) if path.beyond else ()),
                *((f"not listed: {_routes(unlisted)}",) if unlisted else ()),
                *((f"for everybody: {_routes(counts.shared)}",) if counts.shared else ()),
            )
        ),
    )


def _purposes(requests: Iterable[Request]) -> str:
    return "; ".join(request.purpose for request in requests)


def _routes(counted: Counter[str]) -> str:
    return ", ".join(f"{number} x {route}" for route, number in sorted(counted.items()))
