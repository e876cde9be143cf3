"""Show the main job on a stack of its own: a new hire, a lost phone, a night's sweep."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from rich.markup import escape
from rich.table import Table

from local.commands.up import FAILURES, end_on_sigterm
from local.demo.actors import Actors, DemoError
from local.demo.ending import Ending
from local.demo.night import Night, night
from local.demo.story import OPTIONS, tell
from local.progress import screen, steps
from local.stack.layout import ROOT
from local.stack.stack import Stack
from local.sweeping.run import SweepError
from local.sweeping.totals import show

_REPORT: Final = ROOT / ".local" / "demo-report.html"


def main(arguments: Sequence[str]) -> int:
    """Play it; 0 only if the simulated tenant's own truth agrees with the app."""
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the outcome to standard output")
    chosen = parser.parse_args(arguments)
    end_on_sigterm()
    with tempfile.TemporaryDirectory(prefix="mfa-demo-") as directory:
        stack = Stack(Path(directory))
        try:
            endings, swept = _play(stack)
        except (*FAILURES, DemoError, SweepError) as error:
            screen.print(f"[red]The demo failed.[/] {escape(str(error))}")
            return 1
    if chosen.json:
        outcome = [{**vars(ending), "doubts": ending.doubts} for ending in endings]
        outcome.append({**vars(swept), "doubts": swept.doubts})
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(outcome)).decode() + "\n")
    else:
        for ending in endings:
            _show(ending)
        show(swept.run, str(_REPORT.relative_to(ROOT)))
    doubts = [(ending.act, doubt) for ending in endings for doubt in ending.doubts]
    doubts += [("sweep", doubt) for doubt in swept.doubts]
    for act, doubt in doubts:
        screen.print(f"[red]Not so ({act}):[/] {doubt}.")
    return 1 if doubts else 0


def _play(stack: Stack) -> tuple[list[Ending], Night]:
    try:
        with steps("Starting the stack") as report:
            description = stack.start(OPTIONS, report)
        with Actors(description) as actors, steps("Playing") as report:

            def look(state: str) -> None:
                report(f"The case is {state}")

            def say(happened: str) -> None:
                screen.print(f"[green]✓[/] {happened}")

            endings = tell(actors, say, look)
            hired = endings[0].truth["id"]
            return endings, night(actors, hired, _REPORT, say, report)
    finally:
        with steps("Stopping the stack") as report:
            stack.stop(report)


def _show(ending: Ending) -> None:
    timeline = Table(title=f"The case {ending.case['caseId']} ({ending.act})", title_justify="left")
    for column in ("at", "action", "outcome", "before", "after"):
        timeline.add_column(column)
    for step in ending.case["steps"]:
        before, after = step["before"] or "", step["after"] or ""
        timeline.add_row(step["at"][11:19], step["action"], step["outcome"], before, after)
    screen.print(timeline)
    published = Table(title="The events published", title_justify="left")
    for column in ("number", "type", "state"):
        published.add_column(column)
    for event in ending.events:
        number = event["id"].rpartition("-")[2]
        published.add_row(number, event["type"], event["data"]["state"])
    screen.print(published)
    truth = ending.truth
    methods = [method["@odata.type"].rpartition(".")[2] for method in truth["methods"]]
    screen.print(
        f"The tenant itself says: [bold]{truth['perUserMfaState']}[/], with {', '.join(methods)}."
    )
