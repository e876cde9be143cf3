"""Shows what a sweep found on one screen."""

from collections.abc import Mapping
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from local.progress import screen

_COLOURS: Final = {
    "protected": "green",
    "weak": "yellow",
    "exempt": "cyan",
    "unprotected": "red",
    "unknown": "magenta",
}


def show(run: Mapping[str, Any], report: str) -> None:
    """Print the totals of a run.

    Args:
        run: the run as the app tells it.
        report: where its report is.
    """
    people = sum(run["verdicts"].values())
    table = Table(title=f"Run {run['runId']}: {run['state']}", title_justify="left")
    table.add_column("verdict")
    table.add_column("people", justify="right")
    table.add_column("share", justify="right")
    for verdict, colour in _COLOURS.items():
        count = run["verdicts"].get(verdict, 0)
        share = f"{100 * count / people:.1f} %" if people else "-"
        table.add_row(f"[{colour}]{verdict}[/]", str(count), share)
    screen.print(table)
    for change in run["changes"]:
        before, after = change["before"] or "nothing", change["after"] or "gone"
        screen.print(f"  {change['people']} from {before} to {after}: {escape(change['cause'])}")
    for problem in run["problems"]:
        screen.print(f"[yellow]Not read:[/] {escape(problem['what'])}: {escape(problem['reason'])}")
    mended = run["remediation"]
    if mended:
        screen.print(
            f"To be taken up: {mended['people']} people, [bold]{mended['state']}[/];"
            f" {mended['allowed']} need nobody's word. Case {mended['caseId']}"
        )
    screen.print(f"The report: [bold]{escape(report)}[/]", soft_wrap=True)
