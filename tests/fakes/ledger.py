"""The ledger of app passwords in memory."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from shared.domain.authentication import Unknown
from shared.domain.errors import LifecycleError
from shared.domain.ids import UserId
from shared.domain.ledger import Coverage, LedgerEntry
from shared.domain.sweep.slices import Slice
from tests.fakes.switch import Switch


class FakeLedger(Switch):
    """The port `Ledger`.

    Attributes:
        refused: why what can't be read, by the method that reads it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refused: dict[str, LifecycleError] = {}
        self._entries: dict[str, LedgerEntry] = {}
        self._coverage = Coverage()

    async def keep(self, entries: Sequence[LedgerEntry]) -> None:
        """Keep lines."""
        self.reach()
        self._entries |= {entry.entry_id: entry for entry in entries}

    async def of(self, user: UserId) -> tuple[LedgerEntry, ...]:
        """The lines about a person, the earliest first."""
        self._read("of")
        found = (one for one in self._entries.values() if one.user_id.lower() == user.lower())
        return tuple(sorted(found, key=lambda one: (one.at, one.entry_id)))

    async def of_part(self, part: Slice) -> Mapping[UserId, tuple[LedgerEntry, ...] | Unknown]:
        """The lines about the people of a part of the tenant; here all can be read."""
        self._read("of_part")
        found: defaultdict[UserId, tuple[LedgerEntry, ...]] = defaultdict(tuple)
        for one in sorted(self._entries.values(), key=lambda one: (one.at, one.entry_id)):
            user = UserId(one.user_id.lower())
            if part.holds(user):
                found[user] += (one,)
        return dict(found)

    async def coverage(self) -> Coverage:
        """Of what time every line is kept."""
        self._read("coverage")
        return self._coverage

    async def cover(self, coverage: Coverage) -> None:
        """State of what time every line is kept."""
        self.reach()
        self._coverage = coverage

    def _read(self, what: str) -> None:
        self.reach()
        if what in self.refused:
            raise self.refused[what]
