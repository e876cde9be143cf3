"""A run of the sweep as people read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

import msgspec

from shared.contracts.app_password_view import RunLedgerView
from shared.contracts.reconciliation_view import ReconciliationView
from shared.domain.ids import CaseId
from shared.domain.posture.exposure import Exposure
from shared.domain.posture.judging import Door
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.lines import Cause
from shared.domain.sweep.numbers import (
    Moved,
    departments_of,
    doors_of,
    exposures_of,
    moved_in,
    reasons_of,
    told_of,
    verdicts_of,
)
from shared.domain.sweep.outcomes import Outcome
from shared.domain.sweep.runs import (
    Cursor,
    Problem,
    Remediation,
    Run,
    RunId,
    RunState,
    Stage,
    Stream,
)
from shared.domain.sweep.totals import Totals


class _View(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    pass


class ProgressView(_View, frozen=True):
    """How far a run is.

    Attributes:
        expected: how many people there are, roughly; 0 before that is known.
        people_pages: how many pages of people were read.
        registration_pages: how many pages of what they have registered were read.
        groups_left: how many groups are still to be read.
        parts: into how many parts the tenant is cut; 0 before that is known.
        judged: how many of them were judged.
    """

    expected: int
    people_pages: int
    registration_pages: int
    groups_left: int
    parts: int
    judged: int

    @classmethod
    def of(cls, run: Run, judged: int) -> Self:
        """How far a run is."""
        pages = {stream: run.cursors.get(stream, Cursor()).pages for stream in Stream}
        return cls(
            expected=run.people,
            people_pages=pages[Stream.PEOPLE],
            registration_pages=pages[Stream.REGISTRATIONS],
            groups_left=len(run.groups),
            parts=run.slices,
            judged=judged,
        )


class ProblemView(_View, frozen=True):
    """Something that could not be read; what depends on it is unknown.

    Attributes:
        what: what it was.
        reason: why.
    """

    what: str
    reason: str

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """The view of a problem."""
        return cls(what=problem.what, reason=problem.reason)


class RemediationView(_View, frozen=True, omit_defaults=True):
    """Whom a run had taken up again; empty where there was nobody.

    Attributes:
        case_id: the enrolment that it asked for: `GET /api/cases/{caseId}`.
        people: how many people that names.
        left: how many are left for the next run.
        allowed: how many need nobody's word.
        state: what became of it by now: `held` while it waits for an Approver's word.
    """

    case_id: CaseId | None = None
    people: int | None = None
    left: int | None = None
    allowed: int | None = None
    state: Outcome | None = None

    @classmethod
    def of(cls, remediation: Remediation | None, outcome: Outcome | None) -> Self:
        """The view of it."""
        if remediation is None:
            return cls()
        return cls(
            case_id=remediation.case_id,
            people=remediation.people,
            left=remediation.left,
            allowed=remediation.allowed,
            state=outcome,
        )


class RunLine(_View, frozen=True):
    """A run in a list of them.

    Attributes:
        run_id: which.
        state: how it is, or ended: `partial` where something could not be read.
        stage: what is done next.
        started_at: when it began.
        finished_at: when it ended; null while it goes on.
        by: who asked for it: `timer`, or a person's object id.
        progress: how far it is.
        verdicts: how many people have each verdict; while the run goes on, of the parts judged.
        findings: how many people are to be mended.
        lost: how many people lost protection since the runs before.
        left_out: how many accounts were not judged: blocked ones and those of agents.
        problems: what could not be read.
        remediation: whom it had taken up again, and what became of that.
    """

    run_id: RunId
    state: RunState
    stage: Stage
    started_at: datetime
    finished_at: datetime | None
    by: str
    progress: ProgressView
    verdicts: Mapping[Verdict, int]
    findings: int
    lost: int
    left_out: int
    problems: tuple[ProblemView, ...]
    remediation: RemediationView

    @classmethod
    def of(cls, run: Run, totals: Totals, judged: int, outcome: Outcome | None = None) -> Self:
        """The view of a run.

        Args:
            run: the run.
            totals: what it found so far.
            judged: how many parts of the tenant it has judged.
            outcome: what became of whom it had taken up again.
        """
        return cls(
            run_id=run.run_id,
            state=run.state,
            stage=run.stage,
            started_at=run.started_at,
            finished_at=run.finished_at,
            by=run.by,
            progress=ProgressView.of(run, judged),
            verdicts=verdicts_of(totals),
            findings=totals.of("finding", "all"),
            lost=totals.of("lost", "all"),
            left_out=totals.of("left-out", "all"),
            problems=tuple(map(ProblemView.of, run.problems)),
            remediation=RemediationView.of(run.remediation, outcome),
        )


class RunList(_View, frozen=True):
    """A page of runs, newest first.

    Attributes:
        value: the runs.
        next_link: where the list goes on; null at its end.
    """

    value: tuple[RunLine, ...]
    next_link: str | None = None


class DepartmentView(_View, frozen=True):
    """A department.

    Attributes:
        name: its name; empty for people of whom the directory tells none.
        verdicts: how many of its people have each verdict.
    """

    name: str
    verdicts: Mapping[Verdict, int]


class MovedView(_View, frozen=True):
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


class SsprCounts(_View, frozen=True):
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
                registered=told_of(totals, "sspr-registered"),
                enabled=told_of(totals, "sspr-enabled"),
                capable=told_of(totals, "sspr-capable"),
            ),
            methods=totals.by("methods"),
            telephony_only=totals.of("telephony-only", "all"),
            legacy_authentication=doors_of(totals, "legacy"),
            app_passwords=doors_of(totals, "app-passwords"),
            app_password_ledger=RunLedgerView.of(run.ledger, totals),
            app_password_exposure=exposures_of(totals),
            reconciliation=ReconciliationView.of(run.reconciliation),
        )
