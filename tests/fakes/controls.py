"""The control rows in memory."""

from shared.domain.control import Capability, ControlEntry
from shared.domain.errors import Conflict
from shared.domain.ids import SourceName
from tests.fakes.switch import Switch


class FakeControls(Switch):
    """The port `Controls`."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[Capability, ControlEntry] = {}
        self._suspended: set[SourceName] = set()

    async def entry(self, capability: Capability) -> ControlEntry:
        """The row as it stands; a missing one observes."""
        self.reach()
        return self._entries.get(capability, ControlEntry())

    async def replace(self, capability: Capability, old: ControlEntry, new: ControlEntry) -> None:
        """Write a row that was read as `old`."""
        if await self.entry(capability) != old:
            raise Conflict(f"The control row of {capability} changed since it was read.")
        self._entries[capability] = new

    async def suspended(self) -> frozenset[SourceName]:
        """The sources whose webhooks are turned away."""
        self.reach()
        return frozenset(self._suspended)

    async def suspend(self, source: SourceName, *, suspended: bool, by: str) -> None:  # noqa: ARG002  (the port's signature; nothing here reads who it was)
        """Turn a source's webhooks away, or let them in again."""
        self.reach()
        if suspended:
            self._suspended.add(source)
        else:
            self._suspended.discard(source)
