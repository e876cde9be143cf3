"""Which findings somebody asks for."""

from dataclasses import dataclass
from typing import Final

from shared.domain.posture.exposure import Exposure
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.breakdowns import exposures_of
from shared.domain.sweep.lines import Cause, Line
from shared.domain.sweep.totals import InDepartment, Totals

LISTED: Final = tuple(verdict for verdict in Verdict if verdict is not Verdict.PROTECTED)
"""The verdicts of people in the list of findings: all but the protected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Asks for everybody who is not protected, or for fewer; by exposure, for the protected too.

    Attributes:
        verdict: only those of this verdict.
        cause: only those whose verdict came about so.
        department: only those who work there.
        reason: only those of whom this is true.
        exposure: only those whose app passwords are a way in, or not. An app password gets in past
            whatever protects them, so this asks for everybody.
    """

    verdict: Verdict | None = None
    cause: Cause | None = None
    department: str | None = None
    reason: ReasonCode | None = None
    exposure: Exposure | None = None

    def has(self, line: Line) -> bool:
        """Whether a person is one of them."""
        return (
            line.verdict in self._verdicts
            and self.cause in {None, line.cause}
            and self.department in {None, line.department}
            and self.exposure in {None, line.exposure}
            and (self.reason is None or any(one.code is self.reason for one in line.reasons))
        )

    def may_be_in(self, part: Totals) -> bool:
        """Whether a part of the tenant may have any, by what was counted in it."""
        if self.reason is not None and not part.reasons[self.reason]:
            return False
        if self.exposure is not None and not exposures_of(part)[self.exposure]:
            return False
        if self.department is None:
            return any(part.verdicts[one] for one in self._verdicts)
        return any(part.departments[InDepartment(self.department, one)] for one in self._verdicts)

    @property
    def _verdicts(self) -> tuple[Verdict, ...]:
        if self.verdict is not None:
            return (self.verdict,)
        return LISTED if self.exposure is None else tuple(Verdict)
