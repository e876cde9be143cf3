"""Cases in Table Storage: one partition each, changed in one transaction."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Final

from shared.adapters.tables.case_rows import (
    CaseRecord,
    Marks,
    case_row,
    event_row,
    published_row,
    read_record,
    step_row,
)
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.indexes import marks_of, remove_indexes, write_indexes
from shared.adapters.tables.store import Operation, TableStore
from shared.application.ports.cases import StoredCase
from shared.domain.cases import Case, CaseEvent
from shared.domain.errors.storage import Conflict, StoreUnavailable
from shared.domain.ids import CaseId
from shared.domain.transitions import Transition
from shared.names import Table
from shared.telemetry import EventLog

_log = EventLog(__name__)
_ALL_ROWS: Final = 100_000
"""More rows than a case ever has."""


class TableCases:
    """The port `Cases`.

    A transaction that was not answered may have been carried out; when its repetition fails, the
    case row tells by the id of its last write whether it was ours.
    """

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def create(self, transition: Transition) -> StoredCase:
        """Store a new case; where it exists already, the stored one is returned untouched."""
        case, events = transition.case, _events((), transition)
        marks = marks_of(case, events, None)
        await write_indexes(self._store, case, marks, lines=True)
        try:
            etag = await self._transact(
                Operation(kind="create", row=case_row(case, marks)), transition
            )
        except PreconditionFailed:
            record = await read_case(self._store, case.case_id)
            if record is None:
                raise Conflict(f"Case {case.case_id} was there and is gone.") from None
            if record.marks.write != marks.write:
                await self._tidy(case, marks, lines=True)
            return _stored(record)
        steps = () if transition.step is None else (transition.step,)
        return StoredCase(case=case, steps=steps, events=events, version=_version(etag, marks))

    async def load(self, case_id: CaseId) -> StoredCase | None:
        """The case, or None where there is no such case."""
        record = await read_case(self._store, case_id)
        return None if record is None else _stored(record)

    async def save(self, stored: StoredCase, transition: Transition) -> StoredCase:
        """Store a transition of a case that was read, in one transaction.

        Raises:
            Conflict: the case changed since it was read.
        """
        old_etag, old = _marks(stored.version)
        case, events = transition.case, _events(stored.events, transition)
        marks = marks_of(case, events, (stored.case, old))
        moved = marks.line != old.line
        await write_indexes(self._store, case, marks, lines=moved)
        try:
            etag = await self._transact(
                Operation(kind="update", row=case_row(case, marks), etag=old_etag), transition
            )
        except PreconditionFailed:
            record = await read_case(self._store, case.case_id)
            if record is None or record.marks.write != marks.write:
                await self._tidy(case, marks, lines=moved)
                raise Conflict(f"Case {case.case_id} changed since it was read.") from None
            etag = record.etag
        await self._tidy(stored.case, old, lines=moved)
        steps = stored.steps if transition.step is None else (*stored.steps, transition.step)
        return StoredCase(case=case, steps=steps, events=events, version=_version(etag, marks))

    async def mark_published(
        self, stored: StoredCase, events: Sequence[CaseEvent], at: datetime
    ) -> StoredCase:
        """Note when the broker took these events; an ended case is then no longer due.

        The case row is not written, so nobody who works on the case meanwhile is disturbed.

        Raises:
            Conflict: one of the events is not stored.
        """
        if events:
            await self._publish(stored.case.case_id, events, at)
        taken = {event.seq for event in events}
        known = tuple(
            replace(event, published_at=at) if event.seq in taken else event
            for event in stored.events
        )
        if all(event.published for event in known):
            _, marks = _marks(stored.version)
            await self._tidy(stored.case, replace(marks, due=None), lines=False)
        return replace(stored, events=known)

    async def _publish(self, case_id: CaseId, events: Sequence[CaseEvent], at: datetime) -> None:
        rows = [Operation(kind="merge", row=published_row(case_id, event, at)) for event in events]
        try:
            await self._store.transact(Table.CASES, rows)
        except PreconditionFailed:
            raise Conflict(f"Case {case_id} lacks an event that was published.") from None

    async def _transact(self, change: Operation, transition: Transition) -> str:
        case_id = transition.case.case_id
        operations = [change]
        if transition.step is not None:
            operations.append(Operation(kind="create", row=step_row(case_id, transition.step)))
        if transition.event is not None:
            operations.append(Operation(kind="create", row=event_row(case_id, transition.event)))
        return (await self._store.transact(Table.CASES, operations))[0]

    async def _tidy(self, case: Case, marks: Marks, *, lines: bool) -> None:
        """Remove rows that no longer hold. What must be stored is stored, so trouble here is none
        of the caller's: recovery meets the due row that is left and removes it and its lines.
        """
        try:
            await remove_indexes(self._store, case, marks, lines=lines)
        except StoreUnavailable as error:
            _log.warning("cases.stale-rows-left", case_id=case.case_id, why=error.code)


async def read_case(store: TableStore, case_id: CaseId) -> CaseRecord | None:
    """All rows of a case.

    Raises:
        UnreadableRow: a row is not what we write.
    """
    rows = await store.find(Table.CASES, "PartitionKey eq @case", {"case": case_id}, _ALL_ROWS)
    return read_record(rows)


def _events(before: tuple[CaseEvent, ...], transition: Transition) -> tuple[CaseEvent, ...]:
    return before if transition.event is None else (*before, transition.event)


def _stored(record: CaseRecord) -> StoredCase:
    return StoredCase(
        case=record.case,
        steps=record.steps,
        events=record.events,
        version=_version(record.etag, record.marks),
    )


def _version(etag: str, marks: Marks) -> str:
    """What a save must know of the stored case, so that it needn't read it again."""
    return json.dumps({"etag": etag, **asdict(marks)})


def _marks(version: str) -> tuple[str, Marks]:
    values = json.loads(version)
    return values.pop("etag"), Marks(**values)
