"""The rows that stand beside a case in `Due`, `CasesByState` and `CasesByUser`.

They are written before the case's own transaction and removed after the next one, so a crash may
leave one too many and never one too few. Every write makes keys of its own: removing the rows of
one write, however late, can't hit those of another.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Final

from shared.adapters.tables.case_rows import Marks
from shared.adapters.tables.keys import ascending, bucket_of, descending, escaped, hashed
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import TableStore
from shared.application.due import publishing_due, work_due
from shared.application.ports.cases import CaseSummary
from shared.domain.cases import Case, CaseEvent, CaseState
from shared.domain.ids import CaseId, UserId
from shared.domain.people.announced import listed_as
from shared.domain.reset.joining import untouched
from shared.names import Table

_WRITE_ID_BYTES: Final = 6


def marks_of(case: Case, events: Sequence[CaseEvent], before: tuple[Case, Marks] | None) -> Marks:
    """The keys for a new write of a case.

    Its lines tell in which state it is and since when; they stay while nothing that they say
    changes.

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
    stays = before is not None and CaseSummary.of(before[0], now) == CaseSummary.of(case, now)
    return Marks(
        write=write,
        due=None if work is None else _due_key(work, case.case_id, write),
        pending=None if publishing is None else _due_key(publishing, case.case_id, write),
        line=before[1].line
        if before is not None and stays
        else f"{descending(now)}_{case.case_id}_{write}",
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


async def write_indexes(store: TableStore, case: Case, marks: Marks, *, lines: bool) -> None:
    """Write the due rows and, where they are new, the lines, side by side."""
    puts: list[Awaitable[None]] = []
    for moment, key in ((work_due(case), marks.due), (publishing_due(case), marks.pending)):
        if key is not None and moment is not None:
            puts.append(store.put(Table.DUE, _due_row(case, marks, key, moment)))
    if lines:
        puts.extend(
            store.put(table, _line_row(case, partition, marks.line))
            for table, partition in line_places(case.case_id, case.state, people_partitions(case))
        )
    await together(*puts)


async def remove_indexes(store: TableStore, case: Case, marks: Marks, *, lines: bool) -> None:
    """Remove the due rows and, where asked for, the lines.

    The lines go first: the due row tells recovery about lines that were left.
    """
    if lines:
        await remove_lines(store, case.case_id, case.state, people_partitions(case), marks.line)
    await together(
        *(
            store.delete(Table.DUE, bucket_of(case.case_id), key)
            for key in (marks.due, marks.pending)
            if key is not None
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
    known = [] if case.user_id is None else [user_partition(case.user_id)]
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
        "UserId": case.user_id,
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
