"""What people ask of the sweep."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.sweeping import Sweeping

if TYPE_CHECKING:
    from shared.application.ports.reports import Reports
    from shared.application.sweep.approving import ApproveRun
    from shared.application.sweep.asking import ReadHistory, ReadRuns
    from shared.application.sweep.findings import ListFindings
    from shared.application.sweep.posture import ReadPosture
    from shared.application.sweep.reporting import MakeReport


class SweepAsking(Sweeping):
    """The use cases of whoever reads what runs found."""

    @cached_property
    def read_runs(self) -> "ReadRuns":
        from shared.application.sweep.asking import ReadRuns

        return ReadRuns(self.runs, self.snapshots, self.cases)

    @cached_property
    def read_history(self) -> "ReadHistory":
        from shared.application.sweep.asking import ReadHistory

        return ReadHistory(self.history)

    @cached_property
    def read_posture(self) -> "ReadPosture":
        from shared.application.sweep.posture import ReadPosture

        return ReadPosture(
            source=self.tenant_now,
            records=self.records,
            person=self.one_person,
            one_by_one=self.one_by_one,
            app_passwords=self.app_passwords,
            clock=self.clock,
            monotonic=self.monotonic,
        )

    @cached_property
    def approve_run(self) -> "ApproveRun":
        from shared.application.sweep.approving import ApproveRun

        return ApproveRun(self.runs, self.confirm_case)

    @cached_property
    def list_findings(self) -> "ListFindings":
        from shared.application.sweep.findings import ListFindings

        return ListFindings(self.read_runs, self.snapshots)

    @cached_property
    def make_report(self) -> "MakeReport":
        from shared.application.sweep.reporting import MakeReport

        return MakeReport(
            runs=self.runs,
            read=self.read_runs,
            findings=self.list_findings,
            reports=self.reports,
            clock=self.clock,
        )

    @cached_property
    def reports(self) -> "Reports":
        from shared.adapters.report.html import HtmlReports

        return HtmlReports()
