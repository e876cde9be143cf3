"""The events of the sweep, about a run, or about a person who lost protection."""

from collections.abc import Mapping
from typing import Final

import msgspec

from shared.contracts.cloud_events import Envelope, document
from shared.domain.ids import UserId
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.lines import Cause, Change
from shared.domain.sweep.runs import Run, RunId, RunState

SWEEP_COMPLETED: Final = "mfa.sweep.completed"
SWEEP_HELD: Final = "mfa.sweep.held"
SWEEP_FAILED: Final = "mfa.sweep.failed"
POSTURE_LOST: Final = "mfa.posture.lost"


class SweepEventData(msgspec.Struct, frozen=True, rename="camel"):
    """What an event says about a run.

    Attributes:
        run_id: which; it stands in `GET /api/compliance/runs/{runId}`.
        state: how it ended.
        verdicts: how many people there are of each verdict.
        problems: how many things could not be read.
        lost: how many people lost protection; of the gravest a hundred or so an event of their own
            tells, of all of them the findings.
        case_id: the enrolment that it asked for, where there was anybody to mend.
        misuse: how many changes were made in our name and by no case, as far as Entra's audit log
            was read; null where it was not.
        unknown: of how many changes nobody can tell.
    """

    run_id: RunId
    state: RunState
    verdicts: Mapping[Verdict, int]
    problems: int
    lost: int
    case_id: str | None = None
    misuse: int | None = None
    unknown: int | None = None


class PostureEventData(msgspec.Struct, frozen=True, rename="camel"):
    """What an event says about a person who lost protection.

    Attributes:
        run_id: the run that found it.
        before: the last verdict before that was known.
        after: the verdict now.
        cause: what made it so.
        reasons: the codes of the reasons now.
    """

    run_id: RunId
    before: Verdict | None
    after: Verdict | None
    cause: Cause
    reasons: tuple[ReasonCode, ...]


class SweepEvent(Envelope[str, SweepEventData], frozen=True):
    """An event about a run, whose time is when the run ended."""


class PostureEvent(Envelope[str, PostureEventData], frozen=True):
    """An event about a person, whose time is when the run began that found it.

    Attributes:
        subject: the person's object id.
    """

    subject: UserId


def run_event_id(run: Run) -> str:
    """The id of the event that tells how a run ended."""
    return f"sweep-{run.run_id}"


def run_event_type(run: Run) -> str:
    """Its type."""
    return SWEEP_FAILED if run.state is RunState.FAILED else SWEEP_COMPLETED


def run_event(run: Run, tenant_id: str) -> bytes:
    """The document of the event that tells how a run ended; a repetition is the same."""
    return _about_run(run_event_id(run), run_event_type(run), run, tenant_id)


def held_event_id(run: Run) -> str:
    """The id of the event that tells that what a run would mend waits for somebody's word."""
    return f"held-{run.run_id}"


def held_event(run: Run, tenant_id: str) -> bytes:
    """The document of that event; a repetition is the same."""
    return _about_run(held_event_id(run), SWEEP_HELD, run, tenant_id)


def _about_run(event_id: str, event_type: str, run: Run, tenant_id: str) -> bytes:
    found = run.reconciliation
    data = SweepEventData(
        run_id=run.run_id,
        state=run.state,
        verdicts={} if run.totals is None else dict(sorted(run.totals.verdicts.items())),
        problems=len(run.problems),
        lost=0 if run.totals is None else run.totals.lost,
        case_id=None if run.remediation is None else run.remediation.case_id,
        misuse=None if found is None else found.misuse,
        unknown=None if found is None else found.unknown,
    )
    at = run.finished_at or run.started_at
    return document(SweepEvent, event_id, event_type, data, at=at, tenant_id=tenant_id)


def lost_event_id(run_id: RunId, change: Change) -> str:
    """The id of the event that tells that a person lost protection."""
    return f"lost-{run_id}-{change.user_id}"


def lost_event(run_id: RunId, change: Change, tenant_id: str) -> bytes:
    """The document of that event; a repetition is the same."""
    data = PostureEventData(
        run_id=run_id,
        before=change.known,
        after=change.after,
        cause=change.cause,
        reasons=change.codes,
    )
    return document(
        PostureEvent,
        lost_event_id(run_id, change),
        POSTURE_LOST,
        data,
        at=change.at,
        tenant_id=tenant_id,
        subject=change.user_id,
    )
