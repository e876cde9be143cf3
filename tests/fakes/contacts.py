"""Contact data in memory."""

from collections.abc import Sequence
from datetime import datetime

from shared.application.ports.contacts import KeptContact
from shared.domain.contacts import Contact, NoContact
from shared.domain.ids import CaseId
from tests.fakes.switch import Switch


class FakeContacts(Switch):
    """The port `Contacts`."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[CaseId, tuple[Contact, datetime]] = {}

    async def keep(self, case_id: CaseId, contact: Contact, until: datetime) -> None:
        """Keep what HR told for a case."""
        self.reach()
        self._rows[case_id] = (contact, until)

    async def find(self, case_id: CaseId, now: datetime) -> Contact | NoContact:
        """What is kept for a case."""
        self.reach()
        contact, until = self._rows.get(case_id, (NoContact(), now))
        return contact if now < until else NoContact()

    async def forget(self, case_id: CaseId) -> None:
        """Keep it no longer."""
        self.reach()
        self._rows.pop(case_id, None)

    async def kept(self, after: CaseId | None, most: int) -> Sequence[KeptContact]:
        """Up to `most` of all that is kept, by case id."""
        self.reach()
        behind = sorted(case_id for case_id in self._rows if case_id > (after or ""))
        return [KeptContact(case_id=one, until=self._rows[one][1]) for one in behind[:most]]
