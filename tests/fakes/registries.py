"""The registries in memory."""

from shared.domain.errors.storage import Conflict
from shared.domain.ids import UserId
from shared.domain.registries import Entry, Registry
from tests.fakes.switch import Switch


class FakeRegistries(Switch):
    """The port `Registries`.

    Attributes:
        reads: how often a whole list was read.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self._lists: dict[Registry, dict[UserId, Entry]] = {one: {} for one in Registry}

    async def entries(self, registry: Registry) -> dict[UserId, Entry]:
        """All entries of a list."""
        self.reach()
        self.reads += 1
        return dict(self._lists[registry])

    async def entry(self, registry: Registry, user: UserId) -> Entry | None:
        """The entry of a person."""
        self.reach()
        return self._lists[registry].get(user)

    async def replace(self, registry: Registry, old: Entry | None, new: Entry) -> None:
        """Write the entry of a person that was read as `old`."""
        if await self.entry(registry, new.user_id) != old:
            raise Conflict(f"The entry in {registry} was just changed.")
        self._lists[registry][new.user_id] = new

    async def remove(self, registry: Registry, old: Entry) -> None:
        """Take an entry away that was read as `old`."""
        found = await self.entry(registry, old.user_id)
        if found not in {None, old}:
            raise Conflict(f"The entry in {registry} was just changed.")
        self._lists[registry].pop(old.user_id, None)
