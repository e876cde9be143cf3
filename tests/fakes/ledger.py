"""The ledger of app passwords in memory."""

from collections.abc import Sequence

from shared.domain.ids import UserId
from shared.domain.ledger import Coverage, LedgerEntry
from tests.fakes.switch import Switch


class FakeLedger(Switch):
    """The port `Ledger`."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[str, LedgerEntry] = {}
        self._coverage = Coverage()

    async def keep(self, entries: Sequence[LedgerEntry]) -> None:
        """Keep lines."""
        self.reach()
        self._entries |= {entry.entry_id: entry for entry in entries}

    async def of(self, user: UserId) -> tuple[LedgerEntry, ...]:
        """The lines about a person, the earliest first."""
        self.reach()
        found = (one for one in self._entries.values() if one.user_id.lower() == user.lower())
        return tuple(sorted(found, key=lambda one: (one.at, one.entry_id)))

    async def coverage(self) -> Coverage:
        """Of what time every line is kept."""
        self.reach()
        return self._coverage

    async def cover(self, coverage: Coverage) -> None:
        """State of what time every line is kept."""
        self.reach()
        self._coverage = coverage
