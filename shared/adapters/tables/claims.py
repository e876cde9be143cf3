"""Claims in Table Storage: insert first, read only on conflict."""

import secrets
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.keys import hashed
from shared.adapters.tables.store import StoredRow, TableStore
from shared.application.ports.cases import Claim
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import CaseId
from shared.names import Table

_ROW_KEY: Final = "claim"
_CASE_ID_BYTES: Final = 16


class TableClaims:
    """The port `Claims`."""

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def claim(self, key: str, content_hash: str, *, case_id: CaseId | None = None) -> Claim:
        """Claim `key`, or learn who did."""
        partition = hashed(key)
        ours = CaseId(secrets.token_hex(_CASE_ID_BYTES)) if case_id is None else case_id
        try:
            await self._store.insert(
                Table.CLAIMS,
                {
                    "PartitionKey": partition,
                    "RowKey": _ROW_KEY,
                    "CaseId": ours,
                    "ContentHash": content_hash,
                },
            )
        except PreconditionFailed:
            return await self._read(partition, ours if case_id is None else None)
        return Claim(case_id=ours, content_hash=content_hash, fresh=True)

    async def find(self, key: str) -> Claim | None:
        """Who has claimed `key`; None where nobody has."""
        row = await self._store.get(Table.CLAIMS, hashed(key), _ROW_KEY)
        return None if row is None else _claim(row, ours=None)

    async def _read(self, partition: str, ours: CaseId | None) -> Claim:
        row = await self._store.get(Table.CLAIMS, partition, _ROW_KEY)
        if row is None:
            raise StoreUnavailable("A claim was there and is gone.")
        return _claim(row, ours)


def _claim(row: StoredRow, ours: CaseId | None) -> Claim:
    columns = Columns(row)
    case_id = CaseId(columns.text("CaseId"))
    return Claim(
        case_id=case_id,
        content_hash=columns.text("ContentHash"),
        # Our own insert, whose answer was lost, counts as made by this call; an id that was
        # given may be another call's as well.
        fresh=case_id == ours,
    )
