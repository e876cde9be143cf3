"""A run of the sweep as one line of a list: how far it is, and how it ended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

import msgspec

from shared.domain.ids import CaseId
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.breakdowns import of_each
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
            verdicts=of_each(Verdict, totals.verdicts),
            findings=totals.findings,
            lost=totals.lost,
            left_out=totals.left_out,
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
