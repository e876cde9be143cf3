"""The night after: everybody's verdict, with a report to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from local.demo.actors import Actors, Json
from local.demo.story import Say
from local.sweeping.run import sweep

_COLLEAGUES: Final = 200
_REPORT_LAGS: Final = timedelta(hours=4)
"""How far the simulated tenant's registration report is behind, as Graph's own is by hours."""


@dataclass(frozen=True)
class Night:
    """How the sweep ended, and whether the tenant agrees.

    Attributes:
        run: the run as the app tells it.
        posture: what the app says of the person whom the demo is about.
        claims: what has to be so now.
    """

    run: Json
    posture: Json
    claims: Mapping[str, bool]

    @property
    def doubts(self) -> list[str]:
        """Where the tenant's own truth disagrees with what the app claims."""
        return [claim for claim, holds in self.claims.items() if not holds]


def night(actors: Actors, user: str, report: Path, say: Say, look: Say) -> Night:
    """Sweep a company of two hundred, and keep the report.

    Args:
        actors: who takes part.
        user: the person whom the demo is about.
        report: where the report is kept.
        say: told each thing that has happened.
        look: told how far the sweep is.

    Raises:
        DemoError: something did not happen.
        SweepError: the sweep did not end.
    """
    people = actors.company_grows(_COLLEAGUES)
    say(f"The company has {people} people; four hours on, Graph's report tells of all of them.")
    actors.time_goes_by(_REPORT_LAGS)
    run = sweep(actors.stack, look)
    verdicts = run["verdicts"]
    told = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items() if count)
    say(f"The sweep has judged everybody: [bold]{told}[/].")
    mended = run["remediation"]
    if mended and mended["people"] > mended["allowed"]:
        say("More people are to be taken up than it may alone: an Approver has to agree.")
    posture = actors.reader_asks(f"users/{user}/posture").json()
    say(f"Of the new hire it says: [bold]{posture['summary']}[/]")
    report.parent.mkdir(exist_ok=True)
    report.write_text(actors.reader_asks(f"compliance/runs/{run['runId']}/report").text)
    return Night(
        run=run,
        posture=posture,
        claims={
            "the sweep has ended": run["state"] == "completed",
            "everybody has a verdict or is left out": sum(verdicts.values()) + run["leftOut"]
            == people,
            "the new hire is protected": posture["verdict"] == "protected",
            "the tenant says enforced": actors.truth(user)["perUserMfaState"] == "enforced",
        },
    )
