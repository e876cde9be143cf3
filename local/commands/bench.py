"""Print each figure beside its floor, measured in the same run."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict

import msgspec
from rich.table import Table

from local.bench import acknowledgement, directory_requests, indexing
from local.bench.figures import Figure
from local.progress import screen, steps


def main(arguments: Sequence[str]) -> int:
    """Measure all; 1 where a ratio is above what we allow ourselves."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures to standard output")
    chosen = parser.parse_args(arguments)
    with steps("Indexing the app"):
        figures = indexing.measure()
    with steps("Requests to Graph") as report:
        figures += directory_requests.measure(report)
    with steps("Acknowledging webhooks") as report:
        figures += acknowledgement.measure(report)
    if chosen.json:
        found = [{**asdict(figure), "ratio": figure.ratio} for figure in figures]
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode() + "\n")
    else:
        _show(figures)
    return 0 if all(figure.holds for figure in figures) else 1


def _show(figures: Sequence[Figure]) -> None:
    table = Table(title="Figures", title_justify="left")
    for column in ("what", "floor", "ours", "ratio", "at most"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for figure in figures:
        ratio = f"{figure.ratio:.2f}"
        table.add_row(
            figure.name,
            f"{figure.floor:.1f} {figure.unit}",
            f"{figure.ours:.1f} {figure.unit}",
            ratio if figure.holds else f"[red]{ratio}[/]",
            "" if figure.most is None else f"{figure.most:g}",
        )
    screen.print(table)
    for figure in figures:
        screen.print(f"{figure.name}: {figure.remark}", markup=False)
