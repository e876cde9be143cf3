"""Contact data in Table Storage: a row per case that may still use it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.store import TableStore
from shared.application.ports.contacts import KeptContact
from shared.domain.contacts import Contact, NoContact
from shared.domain.ids import CaseId
from shared.names import Table

_ROW_KEY: Final = "contact"


class TableContacts:
    """The port `Contacts`."""

    def __init__(self, store: TableStore) -> None:
        self._store = store

    async def keep(self, case_id: CaseId, contact: Contact, until: datetime) -> None:
        """Keep what HR told for a case."""
        await self._store.put(
            Table.CONTACTS,
            {
                "PartitionKey": case_id,
                "RowKey": _ROW_KEY,
                "Mobile": contact.mobile,
                "Email": contact.email,
                "Until": until,
            },
        )

    async def find(self, case_id: CaseId, now: datetime) -> Contact | NoContact:
        """What is kept for a case."""
        row = await self._store.get(Table.CONTACTS, case_id, _ROW_KEY)
        if row is None:
            return NoContact()
        columns = Columns(row)
        if columns.moment("Until") <= now:
            return NoContact()
        return Contact(mobile=columns.optional_text("Mobile"), email=columns.optional_text("Email"))

    async def forget(self, case_id: CaseId) -> None:
        """Keep it no longer."""
        await self._store.delete(Table.CONTACTS, case_id, _ROW_KEY)

    async def kept(self, after: CaseId | None, most: int) -> Sequence[KeptContact]:
        """Up to `most` of all that is kept, by case id."""
        rows = await self._store.find(
            Table.CONTACTS, "PartitionKey gt @after", {"after": after or ""}, most
        )
        return [
            KeptContact(case_id=CaseId(row.partition), until=Columns(row).moment("Until"))
            for row in rows
        ]
