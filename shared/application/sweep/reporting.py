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
from shared.telemetry import EventLog

PEOPLE_SHOWN: Final = 200

_log = EventLog(__name__)


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
        _log.info("report.read", run_id=counted.run.run_id, by=by)
        report = Report(
            run=counted.run,
            totals=counted.totals,
            earlier=await self._earlier(counted.run),
            lines=await self._worst(counted.run),
            at=self.clock.now(),
            outcome=counted.outcome,
        )
        return self.reports.page(report)

    async def _earlier(self, run: Run) -> Earlier | None:
        if run.previous is None:
            return None
        stored = await self.runs.load(run.previous)
        if stored is None:
            return None
        return Earlier(started_at=stored.run.started_at, totals=stored.run.totals or Totals())

    async def _worst(self, run: Run) -> tuple[Line, ...]:
        found: list[Line] = []
        for verdict in WORST_FIRST:
            left = PEOPLE_SHOWN - len(found)
            found += await self.findings.first(run, Wanted(verdict=verdict), left)
            if len(found) == PEOPLE_SHOWN:
                break
        return tuple(found)
