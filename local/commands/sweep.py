"""Sweep the running stack now: everybody's verdict, and the totals."""

import argparse
import sys
from collections.abc import Sequence
from typing import Final

import httpx
import msgspec
from rich.markup import escape

from local.commands.up import STACK
from local.progress import screen, steps
from local.stack.description import read_description
from local.stack.layout import Layout
from local.sweeping.run import SweepError, sweep
from local.sweeping.totals import show

_ENDED: Final = frozenset({"completed", "partial"})


def main(arguments: Sequence[str]) -> int:
    """Sweep; 0 if everybody was judged, whatever the verdicts."""
    parser = argparse.ArgumentParser(prog="./dev sweep", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the run to standard output")
    chosen = parser.parse_args(arguments)
    try:
        stack = read_description(Layout(STACK).description)
        with steps("Sweeping") as report:
            run = sweep(stack, report)
    except FileNotFoundError:
        screen.print("No stack is up: ./dev up starts one.")
        return 1
    except (SweepError, httpx.HTTPError) as error:
        screen.print(f"[red]The sweep failed.[/] {escape(str(error))}")
        return 1
    if chosen.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(run)).decode() + "\n")
    else:
        where = f"GET {stack.http}/api/compliance/runs/{run['runId']}/report"
        show(run, f"{where}, as a Reader")
    return 0 if run["state"] in _ENDED else 1
