"""Cases, audit entries and events as rows of the table `Cases`, and back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow
from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import (
    Case,
    CaseEvent,
    CaseKind,
    CaseState,
    Change,
    EventType,
    OnboardingPlan,
    Step,
    StepOutcome,
)
from shared.domain.ids import CaseId, EmployeeId, SourceName, UserId, UserPrincipalName

CASE_KEY: Final = "case"
_STEP_PREFIX: Final = "step:"
_EVENT_PREFIX: Final = "event:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What the case row remembers of the rows in other tables that were written with it.

    Attributes:
        write: the random id of the write; it tells a writer its own write from another's.
        due: the key of the row in `Due` for the work that is due, where work will be.
        pending: the key of the row in `Due` for the unpublished events, where they need one.
        line: the key of its lines in the lists by state and by person.
    """

    write: str
    due: str | None
    pending: str | None
    line: str


def case_row(case: Case, marks: Marks) -> Row:
    """The row of a case."""
    change = case.change
    return {
        "PartitionKey": case.case_id,
        "RowKey": CASE_KEY,
        "Kind": case.kind.value,
        "State": case.state.value,
        "Source": case.source,
        "VerifiedWith": case.verified_with,
        "PlanUserPrincipalName": case.plan.user_principal_name,
        "PlanEmployeeId": case.plan.employee_id,
        "PlanStartsAt": case.plan.starts_at,
        "PlanEnforceBy": case.plan.enforce_by,
        "AcceptedAt": case.accepted_at,
        "UpdatedAt": case.updated_at,
        "UserId": case.user_id,
        "Deadline": case.deadline,
        "WaitUntil": case.wait_until,
        "WaitingSince": case.waiting_since,
        "ChangeTarget": None if change is None else change.target.value,
        "ChangeBefore": None if change is None else change.before.value,
        "ChangeBegunAt": None if change is None else change.begun_at,
        "ChangeReads": None if change is None else change.reads,
        "Observed": case.observed,
        "Attempts": case.attempts,
        "ParkedFrom": None if case.parked_from is None else case.parked_from.value,
        "Warnings": json.dumps(case.warnings, ensure_ascii=False),
        "Steps": case.steps,
        "Events": case.events,
        "Write": marks.write,
        "DueRow": marks.due,
        "PendingRow": marks.pending,
        "LineRow": marks.line,
    }


def step_row(case_id: CaseId, step: Step) -> Row:
    """The row of an audit entry."""
    return {
        "PartitionKey": case_id,
        "RowKey": f"{_STEP_PREFIX}{step.seq:04d}",
        "Seq": step.seq,
        "At": step.at,
        "Action": step.action,
        "Outcome": step.outcome.value,
        "Before": step.before,
        "After": step.after,
        "Detail": step.detail,
    }


def event_row(case_id: CaseId, event: CaseEvent) -> Row:
    """The row of an outgoing event."""
    return {
        "PartitionKey": case_id,
        "RowKey": f"{_EVENT_PREFIX}{event.seq:04d}",
        "Seq": event.seq,
        "Type": event.type.value,
        "At": event.at,
        "State": event.state.value,
        "UserId": event.user_id,
        "Deadline": event.deadline,
        "Observed": event.observed,
        "Reason": event.reason,
        "Published": event.published,
    }


def published_row(case_id: CaseId, event: CaseEvent) -> Row:
    """What changes in the row of an event when the broker has taken it."""
    return {
        "PartitionKey": case_id,
        "RowKey": f"{_EVENT_PREFIX}{event.seq:04d}",
        "Published": True,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """All rows of a case, read.

    Attributes:
        case: the case.
        steps: its audit entries, in order.
        events: its outgoing events, in order.
        marks: what its row remembers of other tables.
        etag: the version of its row.
    """

    case: Case
    steps: tuple[Step, ...]
    events: tuple[CaseEvent, ...]
    marks: Marks
    etag: str


def read_record(rows: Sequence[StoredRow]) -> CaseRecord | None:
    """The case that these rows of its partition make up; None where there are none.

    Raises:
        UnreadableRow: a row is not what we write, or one is missing.
    """
    by_key = {row.key: row for row in rows}
    if CASE_KEY not in by_key:
        return None
    columns = Columns(by_key[CASE_KEY])
    case = _case(by_key[CASE_KEY])
    steps = [_step(row) for row in rows if row.key.startswith(_STEP_PREFIX)]
    events = [_event(row) for row in rows if row.key.startswith(_EVENT_PREFIX)]
    if len(steps) != case.steps:
        raise columns.wrong(f"it counts {case.steps} steps and there are {len(steps)}")
    if len(events) != case.events:
        raise columns.wrong(f"it counts {case.events} events and there are {len(events)}")
    return CaseRecord(
        case=case,
        steps=tuple(sorted(steps, key=lambda step: step.seq)),
        events=tuple(sorted(events, key=lambda event: event.seq)),
        marks=Marks(
            write=columns.text("Write"),
            due=columns.optional_text("DueRow"),
            pending=columns.optional_text("PendingRow"),
            line=columns.text("LineRow"),
        ),
        etag=by_key[CASE_KEY].etag,
    )


def _case(row: StoredRow) -> Case:
    columns = Columns(row)
    user_id = columns.optional_text("UserId")
    employee_id = columns.optional_text("PlanEmployeeId")
    return Case(
        case_id=CaseId(row.partition),
        kind=columns.one_of("Kind", CaseKind),
        state=columns.one_of("State", CaseState),
        source=SourceName(columns.text("Source")),
        verified_with=columns.text("VerifiedWith"),
        plan=OnboardingPlan(
            user_principal_name=UserPrincipalName(columns.text("PlanUserPrincipalName")),
            employee_id=None if employee_id is None else EmployeeId(employee_id),
            starts_at=columns.moment("PlanStartsAt"),
            enforce_by=columns.optional_moment("PlanEnforceBy"),
        ),
        accepted_at=columns.moment("AcceptedAt"),
        updated_at=columns.moment("UpdatedAt"),
        user_id=None if user_id is None else UserId(user_id),
        deadline=columns.optional_moment("Deadline"),
        wait_until=columns.optional_moment("WaitUntil"),
        waiting_since=columns.optional_moment("WaitingSince"),
        change=_change(columns),
        observed=columns.flag("Observed"),
        attempts=columns.number("Attempts"),
        parked_from=columns.optional_one_of("ParkedFrom", CaseState),
        warnings=_warnings(columns),
        steps=columns.number("Steps"),
        events=columns.number("Events"),
    )


def _change(columns: Columns) -> Change | None:
    if not columns.has("ChangeTarget"):
        return None
    return Change(
        target=columns.one_of("ChangeTarget", PerUserMfaState),
        before=columns.one_of("ChangeBefore", PerUserMfaState),
        begun_at=columns.moment("ChangeBegunAt"),
        reads=columns.number("ChangeReads"),
    )


def _warnings(columns: Columns) -> tuple[str, ...]:
    try:
        warnings = json.loads(columns.text("Warnings"))
    except json.JSONDecodeError:
        raise columns.wrong("Warnings is no JSON") from None
    if not isinstance(warnings, list) or not all(isinstance(one, str) for one in warnings):
        raise columns.wrong("Warnings is no list of strings")
    return tuple(warnings)


def _step(row: StoredRow) -> Step:
    columns = Columns(row)
    return Step(
        seq=columns.number("Seq"),
        at=columns.moment("At"),
        action=columns.text("Action"),
        outcome=columns.one_of("Outcome", StepOutcome),
        before=columns.optional_text("Before"),
        after=columns.optional_text("After"),
        detail=columns.optional_text("Detail"),
    )


def _event(row: StoredRow) -> CaseEvent:
    columns = Columns(row)
    user_id = columns.optional_text("UserId")
    return CaseEvent(
        seq=columns.number("Seq"),
        type=columns.one_of("Type", EventType),
        at=columns.moment("At"),
        state=columns.one_of("State", CaseState),
        user_id=None if user_id is None else UserId(user_id),
        deadline=columns.optional_moment("Deadline"),
        observed=columns.flag("Observed"),
        reason=columns.optional_text("Reason"),
        published=columns.flag("Published"),
    )
