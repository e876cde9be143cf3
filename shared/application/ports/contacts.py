"""The port to contact data, which stands nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.contacts import Contact, NoContact
from shared.domain.ids import CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptContact:
    """That contact data is kept; not the data itself.

    Attributes:
        case_id: for which case.
        until: how long it may be.
    """

    case_id: CaseId
    until: datetime


class Contacts(Protocol):
    """Contact data of joiners, from the acceptance of an event to its only use."""

    async def keep(self, case_id: CaseId, contact: Contact, until: datetime) -> None:
        """Keep what HR told for a case; what was kept for it before is gone."""
        ...

    async def find(self, case_id: CaseId, now: datetime) -> Contact | NoContact:
        """What is kept for a case. What has expired counts as gone."""
        ...

    async def forget(self, case_id: CaseId) -> None:
        """Keep it no longer; what is not kept is no error."""
        ...

    async def kept(self, after: CaseId | None, most: int) -> Sequence[KeptContact]:
        """Up to `most` of all that is kept, by case id, from behind `after` on."""
        ...
