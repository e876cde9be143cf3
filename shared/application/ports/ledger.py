"""The port to the ledger of app passwords."""

from collections.abc import Sequence
from typing import Protocol

from shared.domain.ids import UserId
from shared.domain.ledger import Coverage, LedgerEntry


class Ledger(Protocol):
    """Lines about app passwords, kept longer than the audit log keeps them."""

    async def keep(self, entries: Sequence[LedgerEntry]) -> None:
        """Keep lines; one that is kept already stays one."""
        ...

    async def of(self, user: UserId) -> tuple[LedgerEntry, ...]:
        """The lines about a person, the earliest first."""
        ...

    async def coverage(self) -> Coverage:
        """Of what time every line is kept."""
        ...

    async def cover(self, coverage: Coverage) -> None:
        """State of what time every line is kept; the lines have to be kept before."""
        ...
