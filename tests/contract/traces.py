"""What a case has left in the tables, told row by row."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from shared.adapters.tables.cases import read_case
from shared.adapters.tables.due import TableDueCases
from shared.adapters.tables.store import TableStore
from shared.application.ports.cases import DueCase
from shared.domain.ids import CaseId
from shared.names import Table

_INDEXES = (Table.DUE, Table.CASES_BY_STATE, Table.CASES_BY_USER)


@dataclass(frozen=True, slots=True)
class Traces:
    """The keys of the rows beside a case.

    Attributes:
        due: in `Due`.
        states: its lines by state, as (partition, key).
        people: its lines by person, likewise.
    """

    due: frozenset[str]
    states: frozenset[tuple[str, str]]
    people: frozenset[tuple[str, str]]


async def traces(store: TableStore, case_id: CaseId) -> Traces:
    """Every row beside this case."""
    due, states, people = await asyncio.gather(
        *(store.find(table, "CaseId eq @case", {"case": case_id}, 1000) for table in _INDEXES)
    )
    return Traces(
        due=frozenset(row.key for row in due),
        states=frozenset((row.partition, row.key) for row in states),
        people=frozenset((row.partition, row.key) for row in people),
    )


async def counted_on(store: TableStore, case_id: CaseId) -> frozenset[str]:
    """The due rows without which recovery would lose the case."""
    record = await read_case(store, case_id)
    if record is None:
        return frozenset()
    unpublished = not all(event.published for event in record.events)
    keys = {record.marks.due, record.marks.pending if unpublished else None}
    return frozenset(key for key in keys if key is not None)


async def recover(store: TableStore, case_id: CaseId) -> None:
    """Have recovery forget what it may forget of this case."""
    due_cases = TableDueCases(store, settled_after=timedelta(0))
    for row in await store.find(Table.DUE, "CaseId eq @case", {"case": case_id}, 1000):
        moment = row.columns["DueAt"]
        due = DueCase(case_id=case_id, due_at=moment, row=(row.partition, row.key))
        await due_cases.forget(due)
