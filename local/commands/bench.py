"""Print each figure beside its floor, measured in the same run."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from textwrap import indent
from typing import Final

import msgspec
from rich.table import Table

from local.bench import (
    acknowledgement,
    containing,
    directory_requests,
    indexing,
    many_tickets,
    mass_import,
    sweeping,
)
from local.bench.figures import Figure
from local.bench.sweeps import curve, telling
from local.bench.sweeps.point import Way
from local.progress import screen, steps

_JOINERS: Final = 200
_MOST_JOINERS: Final = 10_000
"""It takes less than a minute with the first; each further thousand takes five or more."""
_TICKETS: Final = 1_000
_MOST_TICKETS: Final = 10_000
"""Two minutes with the first, some twenty with the second."""
_SWEPT: Final = 10_000
_MOST_SWEPT: Final = 100_000
"""Two minutes with the first, a quarter of an hour with the second: most of it the limits."""
_IN_TURN: Final = 15
"""Tickets one after the other: with one to warm up fewer than the budget for an hour."""


def main(arguments: Sequence[str]) -> int:
    """Measure all; 1 where a ratio is above what we allow ourselves."""
    chosen = _parser().parse_args(arguments)
    figures = _measured(chosen) if chosen.curve is None else _curve(chosen)
    if chosen.json:
        found = [{**asdict(figure), "ratio": figure.ratio} for figure in figures]
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode() + "\n")
    else:
        _show(figures)
    return 0 if all(figure.holds for figure in figures) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures to standard output")
    parser.add_argument(
        "--joiners",
        type=_joiners,
        default=_JOINERS,
        metavar="N",
        help=f"how many people the mass import imports, 0 for none (default: {_JOINERS})",
    )
    parser.add_argument(
        "--tickets",
        type=_tickets,
        default=_TICKETS,
        metavar="N",
        help=f"over how many tickets memory is watched, 0 for none (default: {_TICKETS})",
    )
    parser.add_argument(
        "--sweep",
        type=_swept,
        default=_SWEPT,
        metavar="N",
        help=f"how many people are swept, 0 for none (default: {_SWEPT})",
    )
    parser.add_argument(
        "--curve",
        type=Path,
        metavar="FILE",
        help="measure only what a sweep costs by the size of the tenant, as far as FILE (JSON) "
        "lacks it, and write it into docs/performance.md",
    )
    parser.add_argument(
        "--largest",
        type=int,
        default=curve.LARGEST,
        metavar="N",
        help=f"the largest tenant of the curve (default: {curve.LARGEST})",
    )
    return parser


def _curve(chosen: argparse.Namespace) -> list[Figure]:
    with steps("What a sweep costs") as report:
        points = curve.measure(chosen.curve, chosen.largest, report)
    telling.publish(points)
    # Where people are read singly, there are more requests than for lists.
    return [
        figure
        for point in points
        if point.setup.way is Way.LISTS
        for figure in sweeping.figures_of(point)
    ]


def _measured(chosen: argparse.Namespace) -> list[Figure]:
    with steps("Indexing the app"):
        figures = indexing.measure()
    with steps("Requests to Graph") as report:
        figures += directory_requests.measure(report)
    with steps("Acknowledging webhooks") as report:
        figures += acknowledgement.measure(report)
    if chosen.joiners:
        with steps(f"A mass import of {chosen.joiners} joiners") as report:
            figures += mass_import.measure(chosen.joiners, report)
    with steps("Tickets one after the other") as report:
        figures += containing.measure(_IN_TURN, report)
    if chosen.tickets:
        with steps(f"Many tickets at once, then {chosen.tickets} more") as report:
            figures += many_tickets.measure(chosen.tickets, report)
    if chosen.sweep:
        with steps(f"A sweep of {chosen.sweep} people") as report:
            figures += sweeping.measure(chosen.sweep, report)
    return figures


def _joiners(text: str) -> int:
    number = int(text)
    if not 0 <= number <= _MOST_JOINERS:
        raise argparse.ArgumentTypeError(f"from 0 to {_MOST_JOINERS}")
    return number


def _tickets(text: str) -> int:
    number = int(text)
    if number and not many_tickets.FIRST < number <= _MOST_TICKETS:
        raise argparse.ArgumentTypeError(
            f"0, or more than {many_tickets.FIRST} and at most {_MOST_TICKETS}"
        )
    return number


def _swept(text: str) -> int:
    number = int(text)
    if not 0 <= number <= _MOST_SWEPT:
        raise argparse.ArgumentTypeError(f"from 0 to {_MOST_SWEPT}")
    return number


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
        screen.print(f"{figure.name}:\n{indent(figure.remark, '  ')}", markup=False)
