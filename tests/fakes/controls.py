"""The control rows in memory."""

from shared.domain.control import LET_IN, Capability, ControlEntry
from shared.domain.errors.storage import Conflict
from shared.domain.ids import SourceName
from tests.fakes.switch import Switch


class FakeControls(Switch):
    """The port `Controls`."""

    def __init__(self) -> None:
        super().__init__()
        self._capabilities: dict[Capability, ControlEntry] = {}
        self._sources: dict[SourceName, ControlEntry] = {}

    async def entry(self, subject: Capability | SourceName) -> ControlEntry:
        """The row as it stands; without one, what holds on a new deployment."""
        self.reach()
        if isinstance(subject, Capability):
            return self._capabilities.get(subject, ControlEntry())
        return self._sources.get(subject, LET_IN)

    async def replace(
        self, subject: Capability | SourceName, old: ControlEntry, new: ControlEntry
    ) -> None:
        """Write a row that was read as `old`."""
        if await self.entry(subject) != old:
            raise Conflict(f"The control row of {subject} changed since it was read.")
        if isinstance(subject, Capability):
            self._capabilities[subject] = new
        else:
            self._sources[subject] = new

    async def sources(self) -> dict[SourceName, ControlEntry]:
        """The rows of all sources that have one."""
        self.reach()
        return dict(self._sources)
