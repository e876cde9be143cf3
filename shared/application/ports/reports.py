"""Reports for people."""

from typing import Protocol

from shared.domain.sweep.report import Report


class Reports(Protocol):
    """Makes pages of reports."""

    def page(self, report: Report) -> str:
        """The report as one HTML document that needs nothing else."""
        ...
