"""The ports to what operators decide."""

from collections.abc import Mapping
from typing import Protocol

from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.ids import SourceName


class Controls(Protocol):
    """The control rows (safety rules S6 and S7), one per capability and per source."""

    async def entry(self, subject: Capability | SourceName) -> ControlEntry:
        """The row as it stands at the store.

        A capability without a row observes; a source without one is let in.

        Raises:
            StoreUnavailable: it can't be read.
        """
        ...

    async def replace(
        self, subject: Capability | SourceName, old: ControlEntry, new: ControlEntry
    ) -> None:
        """Write a row that was read as `old`.

        Raises:
            Conflict: somebody changed it meanwhile.
        """
        ...

    async def sources(self) -> Mapping[SourceName, ControlEntry]:
        """The rows of all sources that have one."""
        ...


class Modes(Protocol):
    """The mode as the workers see it: at most ten seconds old; unreadable means `stop`."""

    async def mode(self, capability: Capability) -> Mode:
        """The mode of a capability."""
        ...


class Suspensions(Protocol):
    """The suspended sources, at most ten seconds old."""

    async def is_suspended(self, source: SourceName) -> bool:
        """Whether the source's webhooks are turned away, and what it asked for rests.

        Raises:
            StoreUnavailable: it can't be known.
        """
        ...
