"""The port to the directory's audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.application.ports.sweep import RowPage
from shared.domain.ids import UserId
from shared.domain.ledger import LedgerEntry, Span
from shared.domain.sweep.reconciling import AuditLine


class Audits(Protocol):
    """Reads of the audit log. Its lines come minutes late, and go after days."""

    async def app_passwords(
        self, span: Span, user: UserId | None = None
    ) -> tuple[LedgerEntry, ...]:
        """What was done with app passwords in a time: of one person, or of everybody.

        Raises:
            MalformedAnswer: a line does not tell whose app password it is about.
            PermissionMissing: our identity may not read the log.
            LifecycleError: the log can't be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class ChangesPage(RowPage[AuditLine]):
    """A page of the log, of which the rows are what our identities did.

    Attributes:
        reached: up to when every line is on this page or on one before; None where the page does
            not tell.
    """

    reached: datetime | None = None


class OwnChanges(Protocol):
    """Reads of what our own identities changed, those of all apps."""

    async def changes(self, span: Span, page: str | None) -> ChangesPage:
        """A page of what they changed in a time, oldest first; what failed changed nothing.

        Args:
            span: the time.
            page: the address that the page before gave; None for the first.

        Raises:
            IdentitiesUnknown: nobody has said which identities are ours.
            PermissionMissing: our identity may not read the log.
            LifecycleError: the log can't be read.
        """
        ...
