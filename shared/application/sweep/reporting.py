"""The report of a run."""

from dataclasses import dataclass
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.reports import Reports
from shared.application.ports.runs import Runs
from shared.application.sweep.asking import ReadRuns
from shared.application.sweep.findings import ListFindings
from shared.domain.sweep.lines import Line
from shared.domain.sweep.report import WORST_FIRST, Earlier, Report
from shared.domain.sweep.runs import Run
from shared.domain.sweep.totals import Totals
from shared.domain.sweep.wanted import Wanted

PEOPLE_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class MakeReport:
    """Makes the report of a run."""

    runs: Runs
    read: ReadRuns
    findings: ListFindings
    reports: Reports
    clock: Clock

    async def __call__(self, run_id: str, by: str) -> str:
        """The report as one HTML document.

        Args:
            run_id: the run.
            by: object id of the person who reads it.

        Raises:
            NotFound: there is no such run.
            RunNotJudged: it has not judged everybody.
            StoreUnavailable: it could not be read.
        """
        counted = await self.read.judged(run_id)
        report = Report(
            run=counted.run,
            totals=counted.totals,
            earlier=await self._earlier(counted.run),
            lines=await self._worst(run_id, by),
            at=self.clock.now(),
        )
        return self.reports.page(report)

    async def _earlier(self, run: Run) -> Earlier | None:
        if run.previous is None:
            return None
        stored = await self.runs.load(run.previous)
        if stored is None:
            return None
        return Earlier(started_at=stored.run.started_at, totals=stored.run.totals or Totals())

    async def _worst(self, run_id: str, by: str) -> tuple[Line, ...]:
        found: list[Line] = []
        for verdict in WORST_FIRST:
            lines, _ = await self.findings.page(run_id, Wanted(verdict=verdict), None, by)
            found += lines[: PEOPLE_SHOWN - len(found)]
            if len(found) == PEOPLE_SHOWN:
                break
        return tuple(found)
