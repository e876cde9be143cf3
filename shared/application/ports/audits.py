"""The port to the directory's audit log."""

from typing import Protocol

from shared.domain.ids import UserId
from shared.domain.ledger import LedgerEntry, Span


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
