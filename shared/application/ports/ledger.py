"""The port to the ledger of app passwords."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from shared.domain.authentication import Unknown
from shared.domain.ids import UserId
from shared.domain.ledger import Coverage, LedgerEntry
from shared.domain.sweep.slices import Slice


class Ledger(Protocol):
    """Lines about app passwords, kept longer than the audit log keeps them."""

    async def keep(self, entries: Sequence[LedgerEntry]) -> None:
        """Keep lines; one that is kept already stays one."""
        ...

    async def of(self, user: UserId) -> tuple[LedgerEntry, ...]:
        """The lines about a person, the earliest first."""
        ...

    async def of_part(self, part: Slice) -> Mapping[UserId, tuple[LedgerEntry, ...] | Unknown]:
        """The lines about the people of a part of the tenant, read together.

        Returns:
            By user id in small letters: those of each person, the earliest first; `Unknown` where
            one of them is not what we write. Whom there is no line about is left out.
        """
        ...

    async def coverage(self) -> Coverage:
        """Of what time every line is kept."""
        ...

    async def cover(self, coverage: Coverage) -> None:
        """State of what time every line is kept; the lines have to be kept before."""
        ...
