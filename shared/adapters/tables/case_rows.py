"""Cases as rows of the table `Cases`, and back: all rows of one stand in a partition."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.entry_rows import event_of, is_event, is_step, step_of
from shared.adapters.tables.json_columns import (
    approval_of,
    approval_text,
    change_of,
    change_text,
    plan_of,
    plan_text,
    preparations_of,
    reset_of,
    reset_text,
)
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow
from shared.domain.budgets.flows import Budget
from shared.domain.cases import (
    Case,
    CaseEvent,
    CaseState,
    Step,
)
from shared.domain.ids import CaseId, SourceName, UserId
from shared.domain.people.rulings import Impact

CASE_KEY: Final = "case"


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

    def made(self, key: str) -> bool:
        """Whether the write that these are the marks of made the row of this key, too."""
        return key.endswith(f"_{self.write}")


def case_row(case: Case, marks: Marks) -> Row:
    """The row of a case."""
    return {
        "PartitionKey": case.case_id,
        "RowKey": CASE_KEY,
        "Kind": case.kind.value,
        "State": case.state.value,
        "Source": case.source,
        "VerifiedWith": case.verified_with,
        "Plan": plan_text(case.plan),
        "AcceptedAt": case.accepted_at,
        "UpdatedAt": case.updated_at,
        "UserId": case.user_id,
        "Deadline": case.deadline,
        "WaitUntil": case.wait_until,
        "WaitingSince": case.waiting_since,
        "Change": None if case.change is None else change_text(case.change),
        "Reminders": case.reminders,
        "MissingSince": case.missing_since,
        "ClearedSince": case.cleared_since,
        "StaysInGroup": case.stays_in_group,
        "Before": case.before,
        "Observed": case.observed,
        "Attempts": case.attempts,
        "ParkedFrom": None if case.parked_from is None else case.parked_from.value,
        "AskedFrom": None if case.asked_from is None else case.asked_from.value,
        "HeldFrom": None if case.held_from is None else case.held_from.value,
        "HeldFor": None if case.held_for is None else case.held_for.value,
        "HeldSince": case.held_since,
        "AskedFor": None if case.asked_for is None else case.asked_for.value,
        "AskedAbout": json.dumps(sorted(case.asked_about)),
        "Approval": None if case.approval is None else approval_text(case.approval),
        "Actors": json.dumps(sorted(case.actors)),
        "Approvers": json.dumps(sorted(case.approvers)),
        "Collectors": json.dumps(sorted(case.collectors)),
        "Preparations": json.dumps(case.preparations),
        "PartsDone": case.parts_done,
        "Reset": reset_text(case.reset),
        "GivesWayTo": case.gives_way_to,
        "CalledOffBy": case.called_off_by,
        "Warnings": json.dumps(case.warnings, ensure_ascii=False),
        "Steps": case.steps,
        "Events": case.events,
        "Write": marks.write,
        "DueRow": marks.due,
        "PendingRow": marks.pending,
        "LineRow": marks.line,
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
    steps = [step_of(row) for row in rows if is_step(row)]
    events = [event_of(row) for row in rows if is_event(row)]
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
    gives_way_to = columns.optional_text("GivesWayTo")
    return Case(
        case_id=CaseId(row.partition),
        state=columns.one_of("State", CaseState),
        source=SourceName(columns.text("Source")),
        verified_with=columns.text("VerifiedWith"),
        plan=plan_of(columns),
        accepted_at=columns.moment("AcceptedAt"),
        updated_at=columns.moment("UpdatedAt"),
        user_id=None if user_id is None else UserId(user_id),
        deadline=columns.optional_moment("Deadline"),
        wait_until=columns.optional_moment("WaitUntil"),
        waiting_since=columns.optional_moment("WaitingSince"),
        change=change_of(columns),
        reminders=columns.number("Reminders"),
        missing_since=columns.optional_moment("MissingSince"),
        cleared_since=columns.optional_moment("ClearedSince"),
        stays_in_group=columns.flag("StaysInGroup"),
        before=columns.optional_text("Before"),
        observed=columns.flag("Observed"),
        attempts=columns.number("Attempts"),
        parked_from=columns.optional_one_of("ParkedFrom", CaseState),
        asked_from=columns.optional_one_of("AskedFrom", CaseState),
        held_from=columns.optional_one_of("HeldFrom", CaseState),
        held_for=columns.optional_one_of("HeldFor", Budget),
        held_since=columns.optional_moment("HeldSince"),
        asked_for=columns.optional_one_of("AskedFor", Impact),
        asked_about=frozenset(columns.texts("AskedAbout")),
        approval=approval_of(columns),
        actors=frozenset(columns.texts("Actors")),
        approvers=frozenset(columns.texts("Approvers")),
        collectors=frozenset(columns.texts("Collectors")),
        preparations=preparations_of(columns),
        parts_done=columns.number("PartsDone"),
        reset=reset_of(columns),
        gives_way_to=None if gives_way_to is None else CaseId(gives_way_to),
        called_off_by=columns.optional_text("CalledOffBy"),
        warnings=columns.texts("Warnings"),
        steps=columns.number("Steps"),
        events=columns.number("Events"),
    )
