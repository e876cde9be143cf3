"""A run of the sweep with all that it counted, as people read it."""

from collections import Counter
from collections.abc import Mapping
from typing import Self

import msgspec

from shared.contracts.app_password_view import RunLedgerView
from shared.contracts.reconciliation_view import ReconciliationView
from shared.contracts.run_line import RunLine
from shared.domain.posture.exposure import Exposure
from shared.domain.posture.judging import Door
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.breakdowns import (
    Moved,
    departments_of,
    exposures_of,
    moved_in,
    of_each,
    reasons_of,
)
from shared.domain.sweep.lines import Cause
from shared.domain.sweep.outcomes import Outcome
from shared.domain.sweep.runs import Run
from shared.domain.sweep.totals import Totals


class _Counts(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    pass


class DepartmentView(_Counts, frozen=True):
    """A department.

    Attributes:
        name: its name; empty for people of whom the directory tells none.
        verdicts: how many of its people have each verdict.
    """

    name: str
    verdicts: Mapping[Verdict, int]


class MovedView(_Counts, frozen=True):
    """How many people went from one verdict to another for the same cause.

    Attributes:
        cause: what made it so.
        before: the verdict before; null for people whom no run had seen.
        after: the verdict now; null for people who are gone.
        people: how many.
    """

    cause: Cause
    before: Verdict | None
    after: Verdict | None
    people: int

    @classmethod
    def of(cls, moved: Moved) -> Self:
        """The view of it."""
        return cls(cause=moved.cause, before=moved.before, after=moved.after, people=moved.people)


class SsprCounts(_Counts, frozen=True):
    """Self-service password reset: of how many people it is `true`, `false` or `unknown`.

    Attributes:
        registered: that they have registered what it takes.
        enabled: that the tenant lets them.
        capable: both.
    """

    registered: Mapping[str, int]
    enabled: Mapping[str, int]
    capable: Mapping[str, int]


class RunView(RunLine, frozen=True):
    """A run with all that it counted.

    Attributes:
        reasons: of how many people each reason is true, by code.
        departments: the verdicts of each department, by name.
        changes: what changed since the run before, most people first; empty in the first run.
        sspr: self-service password reset.
        methods: how many people have registered each method; `none` nothing, `unknown` who knows.
        telephony_only: how many have SMS or voice calls only, which Microsoft retires.
        legacy_authentication: behind how many people's passwords old clients get in.
        app_passwords: behind how many people's app passwords they do.
        app_password_ledger: of how many people it is known how many app passwords they have.
        app_password_exposure: of how many people app passwords are a way in.
        reconciliation: what our identities changed, and no case of ours.
    """

    reasons: Mapping[ReasonCode, int]
    departments: tuple[DepartmentView, ...]
    changes: tuple[MovedView, ...]
    sspr: SsprCounts
    methods: Mapping[str, int]
    telephony_only: int
    legacy_authentication: Mapping[Door, int]
    app_passwords: Mapping[Door, int]
    app_password_ledger: RunLedgerView
    app_password_exposure: Mapping[Exposure, int]
    reconciliation: ReconciliationView

    @classmethod
    def of(cls, run: Run, totals: Totals, judged: int, outcome: Outcome | None = None) -> Self:
        """The view of a run.

        Args:
            run: the run.
            totals: what it found so far.
            judged: how many parts of the tenant it has judged.
            outcome: what became of whom it had taken up again.
        """
        line = RunLine.of(run, totals, judged, outcome)
        return cls(
            **{name: getattr(line, name) for name in RunLine.__struct_fields__},
            reasons=reasons_of(totals),
            departments=tuple(
                DepartmentView(name=name, verdicts=verdicts)
                for name, verdicts in departments_of(totals).items()
            ),
            changes=tuple(map(MovedView.of, moved_in(totals))),
            sspr=SsprCounts(
                registered=_answers(totals.sspr_registered),
                enabled=_answers(totals.sspr_enabled),
                capable=_answers(totals.sspr_capable),
            ),
            methods={str(one): count for one, count in sorted(totals.methods.items())},
            telephony_only=totals.telephony_only,
            legacy_authentication=of_each(Door, totals.legacy),
            app_passwords=of_each(Door, totals.app_passwords),
            app_password_ledger=RunLedgerView.of(run.ledger, totals),
            app_password_exposure=exposures_of(totals),
            reconciliation=ReconciliationView.of(run.reconciliation),
        )


def _answers(counts: Counter[bool | None]) -> Mapping[str, int]:
    return {"true": counts[True], "false": counts[False], "unknown": counts[None]}
