"""What happened to a case as rows beside its own: audit entries and outgoing events, and back."""

import json
from datetime import datetime
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow
from shared.domain.cases import CaseEvent, CaseState, EventType, Step, StepOutcome
from shared.domain.ids import CaseId, UserId
from shared.domain.reset.app_passwords import AppPasswords

_STEP_PREFIX: Final = "step:"
_EVENT_PREFIX: Final = "event:"


def is_step(row: StoredRow) -> bool:
    """Whether it is the row of an audit entry."""
    return row.key.startswith(_STEP_PREFIX)


def is_event(row: StoredRow) -> bool:
    """Whether it is the row of an outgoing event."""
    return row.key.startswith(_EVENT_PREFIX)


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
        "TicketId": event.ticket_id,
        "TicketSystem": event.ticket_system,
        "Manager": event.manager,
        "Removed": json.dumps(event.removed),
        "AppPasswords": None if event.app_passwords is None else event.app_passwords.value,
        "LeftToDo": json.dumps(event.left_to_do),
        "PublishedAt": event.published_at,
    }


def published_row(case_id: CaseId, event: CaseEvent, at: datetime) -> Row:
    """What changes in the row of an event when the broker has taken it."""
    return {
        "PartitionKey": case_id,
        "RowKey": f"{_EVENT_PREFIX}{event.seq:04d}",
        "PublishedAt": at,
    }


def step_of(row: StoredRow) -> Step:
    """The audit entry of a row.

    Raises:
        UnreadableRow: it is not what we write.
    """
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


def event_of(row: StoredRow) -> CaseEvent:
    """The outgoing event of a row.

    Raises:
        UnreadableRow: it is not what we write.
    """
    columns = Columns(row)
    user_id, manager = columns.optional_text("UserId"), columns.optional_text("Manager")
    return CaseEvent(
        seq=columns.number("Seq"),
        type=columns.one_of("Type", EventType),
        at=columns.moment("At"),
        state=columns.one_of("State", CaseState),
        user_id=None if user_id is None else UserId(user_id),
        deadline=columns.optional_moment("Deadline"),
        observed=columns.flag("Observed"),
        reason=columns.optional_text("Reason"),
        ticket_id=columns.optional_text("TicketId"),
        ticket_system=columns.optional_text("TicketSystem"),
        manager=None if manager is None else UserId(manager),
        removed=columns.texts("Removed"),
        app_passwords=columns.optional_one_of("AppPasswords", AppPasswords),
        left_to_do=columns.texts("LeftToDo"),
        published_at=columns.optional_moment("PublishedAt"),
    )
