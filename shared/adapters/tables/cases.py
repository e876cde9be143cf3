"""Cases in Table Storage: one partition each, changed in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

import msgspec

from shared.adapters.tables.case_rows import CaseRecord, Marks, case_row, read_record
from shared.adapters.tables.entry_rows import event_row, published_row, step_row
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.indexes import (
    Rows,
    marks_of,
    remove_indexes,
    together,
    write_indexes,
)
from shared.adapters.tables.store import Operation, TableStore
from shared.application.ports.cases import StoredCase
from shared.domain.cases import CaseEvent, Step
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

    async def create(self, *transitions: Transition) -> StoredCase:
        """Store a new case; where it exists already, the stored one is returned untouched."""
        case, events = transitions[-1].case, _events(*transitions)
        marks = marks_of(case, events, None)
        await write_indexes(self._store, case, marks)
        try:
            etag = await self._transact(
                Operation(kind="create", row=case_row(case, marks)), *transitions
            )
        except PreconditionFailed:
            record = await read_case(self._store, case.case_id)
            if record is None:
                raise Conflict(f"Case {case.case_id} was there and is gone.") from None
            if record.marks.write != marks.write:
                await self._tidy(case.case_id, Rows.of(case, marks))
            return _stored(record)
        return StoredCase(
            case=case,
            steps=_steps(*transitions),
            events=events,
            version=_Version(etag, marks).text(),
        )

    async def load(self, case_id: CaseId) -> StoredCase | None:
        """The case, or None where there is no such case."""
        record = await read_case(self._store, case_id)
        return None if record is None else _stored(record)

    async def save(
        self, stored: StoredCase, *transitions: Transition, more_to_come: bool = False
    ) -> StoredCase:
        """Store what follows on a case that was read, step by step, in one transaction.

        Raises:
            Conflict: the case changed since it was read.
        """
        before = _Version.read(stored.version)
        case, events = transitions[-1].case, (*stored.events, *_events(*transitions))
        marks = marks_of(case, events, (stored.case, before.marks))
        await write_indexes(self._store, case, marks)
        try:
            etag = await self._transact(
                Operation(kind="update", row=case_row(case, marks), etag=before.etag), *transitions
            )
        except PreconditionFailed:
            record = await read_case(self._store, case.case_id)
            if record is None or record.marks.write != marks.write:
                await self._tidy(case.case_id, Rows.of(case, marks), kept=before.marks)
                raise Conflict(f"Case {case.case_id} changed since it was read.") from None
            etag = record.etag
        left = (*before.left, Rows.of(stored.case, before.marks))
        if not more_to_come or before.marks.due is None:  # Then recovery would not find them.
            await self._tidy(case.case_id, *left, kept=marks)
            left = ()
        return StoredCase(
            case=case,
            steps=(*stored.steps, *_steps(*transitions)),
            events=events,
            version=_Version(etag, marks, left).text(),
        )

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
            marks = _Version.read(stored.version).marks
            rows = Rows.of(stored.case, marks)
            await self._tidy(stored.case.case_id, rows, kept=replace(marks, pending=None))
        return replace(stored, events=known)

    async def _publish(self, case_id: CaseId, events: Sequence[CaseEvent], at: datetime) -> None:
        rows = [Operation(kind="merge", row=published_row(case_id, event, at)) for event in events]
        try:
            await self._store.transact(Table.CASES, rows)
        except PreconditionFailed:
            raise Conflict(f"Case {case_id} lacks an event that was published.") from None

    async def _transact(self, change: Operation, *transitions: Transition) -> str:
        case_id = transitions[0].case.case_id
        rows = [step_row(case_id, step) for step in _steps(*transitions)]
        rows += [event_row(case_id, event) for event in _events(*transitions)]
        beside = [Operation(kind="create", row=row) for row in rows]
        return (await self._store.transact(Table.CASES, [change, *beside]))[0]

    async def _tidy(self, case_id: CaseId, *left: Rows, kept: Marks | None = None) -> None:
        """Remove rows that no longer hold. What must be stored is stored, so trouble here is none
        of the caller's: recovery meets the due row that is left and removes it and its lines.
        """
        try:
            await together(
                *(remove_indexes(self._store, case_id, rows, kept=kept) for rows in left)
            )
        except StoreUnavailable as error:
            _log.warning("cases.stale-rows-left", case_id=case_id, why=error.code)


@dataclass(frozen=True, slots=True)
class _Version:
    """What a save must know of the stored case, so that it needn't read it again.

    Attributes:
        etag: that of the case row.
        marks: the keys of the rows beside it.
        left: rows of earlier writes that no longer hold.
    """

    etag: str
    marks: Marks
    left: tuple[Rows, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self:
        return msgspec.json.decode(text, type=cls)

    def text(self) -> str:
        return msgspec.json.encode(self).decode()


async def read_case(store: TableStore, case_id: CaseId) -> CaseRecord | None:
    """All rows of a case.

    Raises:
        UnreadableRow: a row is not what we write.
    """
    rows = await store.find(Table.CASES, "PartitionKey eq @case", {"case": case_id}, _ALL_ROWS)
    return read_record(rows)


def _steps(*transitions: Transition) -> tuple[Step, ...]:
    return tuple(one.step for one in transitions if one.step is not None)


def _events(*transitions: Transition) -> tuple[CaseEvent, ...]:
    return tuple(one.event for one in transitions if one.event is not None)


def _stored(record: CaseRecord) -> StoredCase:
    return StoredCase(
        case=record.case,
        steps=record.steps,
        events=record.events,
        version=_Version(record.etag, record.marks).text(),
    )
