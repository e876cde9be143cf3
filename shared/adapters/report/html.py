"""Renders the report: one file that loads nothing and runs nothing."""

import base64
import hashlib
from functools import cached_property
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from shared.adapters.report import sections, words
from shared.adapters.report.bars import number, share
from shared.adapters.report.headline import comparison, difference, headline
from shared.domain.posture.explaining import summary
from shared.domain.posture.exposure import Exposure
from shared.domain.posture.meanings import VERDICTS
from shared.domain.posture.reasons import ReasonCode
from shared.domain.sweep.breakdowns import exposed_surely, exposures_of
from shared.domain.sweep.explaining import CAUSES, OUTCOMES
from shared.domain.sweep.report import TELEPHONY_ENDS, Report

_FOLDER: Final = Path(__file__).parent
_FILTERS: Final = {
    "number": number,
    "shown": words.shown,
    "address": words.address,
    "day": words.day,
    "moment": words.moment,
}


class HtmlReports:
    """The port `Reports`."""

    def page(self, report: Report) -> str:
        """The report as one HTML document that needs nothing else."""
        totals, people = report.totals, report.people
        return self._template.render(
            report=report,
            style=self._style,
            style_hash=_digest(self._style),
            headline=headline(report),
            comparison=comparison(report),
            verdicts=[
                (segment, VERDICTS[verdict], difference(report, verdict))
                for verdict, segment in zip(
                    words.VERDICTS, sections.verdicts(totals).segments, strict=True
                )
            ],
            verdict_bar=sections.verdicts(totals),
            findings=totals.findings,
            findings_share=share(totals.findings, people),
            shifts=sections.shifts(totals),
            shifts_shown=sections.CHANGES_SHOWN,
            mendable=sections.reasons(totals, sections.MENDABLE, people),
            doubts=sections.reasons(totals, sections.DOUBTS, people),
            departments=sections.departments(totals),
            methods=sections.methods(totals, people),
            telephony_only=totals.telephony_only,
            telephony_ends=TELEPHONY_ENDS,
            days_left=(TELEPHONY_ENDS - report.at.date()).days,
            sspr=sections.sspr(totals),
            doors=sections.doors(totals),
            app_passwords=sections.app_passwords(totals),
            exposed=exposures_of(totals)[Exposure.EXPOSED],
            exposed_surely=exposed_surely(totals),
            left_out=totals.left_out,
            assumed=totals.reasons[ReasonCode.NO_TRUSTED_IPS_ASSUMED],
        )

    @cached_property
    def _style(self) -> Markup:
        return Markup((_FOLDER / "style.css").read_text(encoding="utf-8"))  # noqa: S704  (ours)

    @cached_property
    def _template(self) -> Template:
        environment = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(_FILTERS)
        environment.globals.update(
            labels=words.VERDICTS,
            causes=CAUSES,
            outcomes=OUTCOMES,
            summary=summary,
        )
        return environment.get_template("report.html.jinja")


def _digest(style: str) -> str:
    """By which the page's own policy knows its one style sheet."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
