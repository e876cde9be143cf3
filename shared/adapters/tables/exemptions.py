"""What is kept of people's exemptions, in Table Storage: a row per person."""

from typing import Final

import msgspec

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.keys import escaped
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow, TableStore
from shared.domain.errors.storage import Conflict
from shared.domain.exemption.limits import ExemptionRecord, Span
from shared.domain.ids import CaseId, UserId
from shared.names import Table

_ROW_KEY: Final = "exemption"


class TableExemptions:
    """The port `Exemptions`."""

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def of(self, user: UserId) -> ExemptionRecord:
        """The record of a person; an empty one where they never had an exemption."""
        row = await self._row(user)
        return ExemptionRecord() if row is None else _record(row)

    async def replace(self, user: UserId, old: ExemptionRecord, new: ExemptionRecord) -> None:
        """Write a record that was read as `old`.

        Raises:
            Conflict: somebody changed it meanwhile.
        """
        row = await self._row(user)
        if (ExemptionRecord() if row is None else _record(row)) != old:
            raise Conflict("The person's exemptions changed since they were read.")
        wanted = _row(user, new)
        try:
            if row is None:
                await self._store.insert(Table.EXEMPTIONS, wanted)
            else:
                await self._store.replace(Table.EXEMPTIONS, wanted, row.etag)
        except PreconditionFailed:
            # After an attempt without an answer it may be our own write that we meet.
            if await self.of(user) != new:
                raise Conflict("The person's exemptions were just changed.") from None

    async def _row(self, user: UserId) -> StoredRow | None:
        return await self._store.get(Table.EXEMPTIONS, escaped(user), _ROW_KEY)


def _row(user: UserId, record: ExemptionRecord) -> Row:
    return {
        "PartitionKey": escaped(user),
        "RowKey": _ROW_KEY,
        "CaseId": record.case_id,
        "Spent": msgspec.json.encode(record.spent).decode(),
    }


def _record(row: StoredRow) -> ExemptionRecord:
    columns = Columns(row)
    case_id = columns.optional_text("CaseId")
    try:
        spent = msgspec.json.decode(columns.text("Spent"), type=tuple[Span, ...])
    except msgspec.DecodeError as error:
        raise columns.wrong(f"Spent holds no times: {error}") from None
    return ExemptionRecord(case_id=None if case_id is None else CaseId(case_id), spent=spent)
