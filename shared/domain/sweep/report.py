"""All that a report of a run tells."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.lines import Line
from shared.domain.sweep.outcomes import Outcome
from shared.domain.sweep.runs import Run
from shared.domain.sweep.totals import Totals

TELEPHONY_ENDS: Final = date(2027, 2, 1)
"""When Microsoft retires SMS and voice:
https://learn.microsoft.com/entra/identity/authentication/concept-sms-voice-retirement"""
WORST_FIRST: Final = (Verdict.UNPROTECTED, Verdict.WEAK, Verdict.UNKNOWN, Verdict.EXEMPT)
"""In which order people are told who are not protected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The run to which a run is compared.

    Attributes:
        started_at: when it began.
        totals: what it found.
    """

    started_at: datetime
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What there is to tell of a run.

    Attributes:
        run: the run.
        totals: what it found.
        earlier: what the run before found; None in the first one, or where it is forgotten.
        lines: some of the people who are not protected, the worst first.
        at: when the report is made.
        outcome: what became of whom it had taken up again; None where there was nobody.
    """

    run: Run
    totals: Totals
    earlier: Earlier | None
    lines: tuple[Line, ...]
    at: datetime
    outcome: Outcome | None = None

    @property
    def people(self) -> int:
        """How many people were judged."""
        return self.totals.verdicts.total()

    @property
    def protected(self) -> int:
        """How many of them are protected."""
        return self.totals.verdicts[Verdict.PROTECTED]

    @property
    def not_shown(self) -> int:
        """How many people are not protected and not among the lines."""
        return self.people - self.protected - len(self.lines)
