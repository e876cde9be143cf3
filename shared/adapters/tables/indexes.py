"""The rows that stand beside a case in `Due`, `CasesByState` and `CasesByUser`.

They are written before the case's own transaction and removed after the one that does without them,
so a crash may leave one too many and never one too few. What still holds is kept: the lines while
nothing that they say changes, and the due row, which tells recovery of its lines, while they stay
and the case is at work. What is written anew has keys of its own, and what a case has once done
without it never counts on again: removing rows, however late, can't hit one that is needed.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from shared.adapters.tables.case_rows import Marks
from shared.adapters.tables.keys import (
    ascending,
    bucket_of,
    descending,
    escaped,
    hashed,
    moment_of,
)
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import TableStore
from shared.application.due import publishing_due, stands_in, work_due
from shared.application.ports.cases import CaseSummary
from shared.domain.cases import Case, CaseEvent, CaseState
from shared.domain.ids import CaseId, UserId
from shared.domain.people.announced import listed_as
from shared.domain.reset.joining import untouched
from shared.names import Table

_WRITE_ID_BYTES: Final = 6


def marks_of(case: Case, events: Sequence[CaseEvent], before: tuple[Case, Marks] | None) -> Marks:
    """The keys for a new write of a case: those of rows that stay, and those of new ones.

    Its lines tell in which state it is and since when.

    Args:
        case: the case as it will stand.
        events: all its events.
        before: the case as it stood, with its marks; None for a new one.
    """
    write, now = secrets.token_hex(_WRITE_ID_BYTES), case.updated_at
    work = work_due(case)
    publishing = None if all(event.published for event in events) else publishing_due(case)
    if work is not None and publishing is not None and work <= publishing:
        publishing = None
    due = None if work is None else _due_key(work, case.case_id, write)
    line = f"{descending(now)}_{case.case_id}_{write}"
    if before is not None and CaseSummary.of(before[0], now) == CaseSummary.of(case, now):
        known = before[1]
        line = known.line
        if known.due is not None and stands_in(moment_of(known.due), case):
            due = known.due
    return Marks(
        write=write,
        due=due,
        pending=None if publishing is None else _due_key(publishing, case.case_id, write),
        line=line,
    )


def state_partition(state: CaseState, bucket: str) -> str:
    """Where the lines of a state stand."""
    return f"{state}_{bucket}"


def user_partition(user: UserId) -> str:
    """Where the lines of a person stand."""
    return escaped(user)


def told_partition(told: str) -> str:
    """Where the lines of a person stand whom only HR knows so far; it does not tell the name."""
    return f"told_{hashed(told)}"


async def write_indexes(store: TableStore, case: Case, marks: Marks) -> None:
    """Write the rows that are new, side by side."""
    puts: list[Awaitable[None]] = []
    for moment, key in ((work_due(case), marks.due), (publishing_due(case), marks.pending)):
        if key is not None and moment is not None and marks.made(key):
            puts.append(store.put(Table.DUE, _due_row(case, marks, key, moment)))
    if marks.made(marks.line):
        puts.extend(
            store.put(table, _line_row(case, partition, marks.line))
            for table, partition in line_places(case.case_id, case.state, people_partitions(case))
        )
    await together(*puts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows that one write made beside the case.

    Attributes:
        marks: their keys.
        state: the state of the case then.
        people: the partitions of its person then.
    """

    marks: Marks
    state: CaseState
    people: tuple[str, ...]

    @classmethod
    def of(cls, case: Case, marks: Marks) -> Self:
        """The rows that stand beside a case."""
        return cls(marks=marks, state=case.state, people=tuple(people_partitions(case)))


async def remove_indexes(
    store: TableStore, case_id: CaseId, rows: Rows, *, kept: Marks | None = None
) -> None:
    """Remove the rows of a write, but for those that another one counts on.

    The lines go first: the due row tells recovery about lines that were left.

    Args:
        store: where they are.
        case_id: whose.
        rows: the rows.
        kept: the keys of the one that counts.
    """
    marks = rows.marks
    if kept is None or marks.line != kept.line:
        await remove_lines(store, case_id, rows.state, rows.people, marks.line)
    needed = set() if kept is None else {kept.due, kept.pending}
    await together(
        *(
            store.delete(Table.DUE, bucket_of(case_id), key)
            for key in (marks.due, marks.pending)
            if key is not None and key not in needed
        )
    )


async def remove_lines(
    store: TableStore, case_id: CaseId, state: CaseState, people: Sequence[str], key: str
) -> None:
    """Remove a case's lines of one write.

    Args:
        store: where they are.
        case_id: whose.
        state: the state of the case then.
        people: the partitions of the person then, as `people_partitions` told them.
        key: their row key.
    """
    await together(
        *(
            store.delete(table, partition, key)
            for table, partition in line_places(case_id, state, people)
        )
    )


def line_places(
    case_id: CaseId, state: CaseState, people: Sequence[str]
) -> list[tuple[Table, str]]:
    """The tables and partitions in which a case has a line."""
    by_state = (Table.CASES_BY_STATE, state_partition(state, bucket_of(case_id)))
    return [by_state, *((Table.CASES_BY_USER, partition) for partition in people)]


def people_partitions(case: Case) -> list[str]:
    """Where the lines of a case's person stand: by object id, by what HR calls them, or both."""
    known = [] if case.about is None else [user_partition(case.about)]
    return [*known, *map(told_partition, listed_as(case))]


async def together(*requests: Awaitable[None]) -> None:
    """Wait for all of them, then raise the first error there was."""
    for result in await asyncio.gather(*requests, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


def _due_key(moment: datetime, case_id: CaseId, write: str) -> str:
    return f"{ascending(moment)}_{case_id}_{write}"


def _due_row(case: Case, marks: Marks, key: str, moment: datetime) -> Row:
    return {
        "PartitionKey": bucket_of(case.case_id),
        "RowKey": key,
        "CaseId": case.case_id,
        "DueAt": moment,
        # As text: the emulator compares times by the millisecond only.
        "NotBefore": ascending(moment),
        "State": case.state.value,
        "People": json.dumps(people_partitions(case)),
        "LineRow": marks.line,
    }


def _line_row(case: Case, partition: str, key: str) -> Row:
    return {
        "PartitionKey": partition,
        "RowKey": key,
        "CaseId": case.case_id,
        "Kind": case.kind.value,
        "UserId": case.about,
        "State": case.state.value,
        "Deadline": case.deadline,
        "CreatedAt": case.accepted_at,
        "UpdatedAt": case.updated_at,
        **_asked(case),
    }


def _asked(case: Case) -> Row:
    """What a reset that has done nothing yet asks for; a case without it has to be read."""
    one = untouched(case)
    if one is None:
        return {}
    return {"Source": one.source, "Reason": one.reason.value, "Actions": json.dumps(one.actions)}
