"""The lists of enrolments in Table Storage: a partition per case, a row per part."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import Operation, StoredRow, TableStore
from shared.application.ports.enrolments import KeptList, Part
from shared.domain.enrolment.people import Listed
from shared.domain.errors.storage import Conflict
from shared.domain.ids import CaseId
from shared.names import Table

_HEAD: Final = "list"
"""The row that stands for the whole list: written before its parts, removed after them."""
_AT_ONCE: Final = 50
"""Parts in a transaction: a hundred rows are allowed, and four megabytes."""
_ALL: Final = 100_000


class TableEnrolmentLists:
    """The port `EnrolmentLists`."""

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def write(
        self, case_id: CaseId, edition: int, parts: Sequence[Sequence[Listed]], now: datetime
    ) -> None:
        """Write a whole list."""
        head: Row = {"PartitionKey": case_id, "RowKey": _HEAD, "WrittenAt": now}
        await self._store.put(Table.ENROLMENTS, head)
        rows = [_row(case_id, edition, number, people) for number, people in enumerate(parts)]
        for start in range(0, len(rows), _AT_ONCE):
            await self._store.transact(
                Table.ENROLMENTS,
                [Operation(kind="put", row=row) for row in rows[start : start + _AT_ONCE]],
            )

    async def read(self, case_id: CaseId, edition: int, first: int, most: int) -> tuple[Part, ...]:
        """Up to `most` parts of an edition."""
        rows = await self._store.find(
            Table.ENROLMENTS,
            "PartitionKey eq @case and RowKey ge @first and RowKey lt @end",
            {
                "case": case_id,
                "first": _key(edition, first),
                "end": _key(edition + 1, 0),
            },
            most,
        )
        return tuple(_part(row) for row in rows)

    async def replace(
        self, case_id: CaseId, edition: int, part: Part, people: Sequence[Listed]
    ) -> None:
        """Write what became of the people of a part that was read."""
        wanted = _row(case_id, edition, part.number, people)
        try:
            await self._store.replace(Table.ENROLMENTS, wanted, part.version)
        except PreconditionFailed:
            # An answer may have been lost, and this is the second attempt.
            found = await self.read(case_id, edition, part.number, 1)
            if found and found[0].number == part.number and found[0].people == tuple(people):
                return
            raise Conflict(f"The list of case {case_id} changed since it was read.") from None

    async def kept(self, after: CaseId | None, most: int) -> Sequence[KeptList]:
        """Up to `most` of the lists that are kept, by case id."""
        rows = await self._store.find(
            Table.ENROLMENTS,
            "PartitionKey gt @after and RowKey eq @head",
            {"after": after or "", "head": _HEAD},
            most,
        )
        return [
            KeptList(case_id=CaseId(row.partition), written_at=Columns(row).moment("WrittenAt"))
            for row in rows
        ]

    async def forget(self, case_id: CaseId) -> None:
        """Drop every edition of a list, its head last."""
        rows = await self._store.find(
            Table.ENROLMENTS, "PartitionKey eq @case", {"case": case_id}, _ALL
        )
        for row in sorted(rows, key=lambda row: row.key == _HEAD):
            await self._store.delete(Table.ENROLMENTS, case_id, row.key)


def _key(edition: int, number: int) -> str:
    return f"part:{edition:010d}:{number:05d}"


def _row(case_id: CaseId, edition: int, number: int, people: Sequence[Listed]) -> Row:
    return {
        "PartitionKey": case_id,
        "RowKey": _key(edition, number),
        "Number": number,
        "People": msgspec.json.encode(list(people)).decode(),
    }


def _part(row: StoredRow) -> Part:
    columns = Columns(row)
    try:
        people = msgspec.json.decode(columns.text("People"), type=tuple[Listed, ...])
    except msgspec.DecodeError as error:
        raise columns.wrong(f"People are none: {error}") from None
    return Part(number=columns.number("Number"), people=people, version=row.etag)
