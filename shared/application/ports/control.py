"""The ports to what operators decide."""

from typing import Protocol

from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.ids import SourceName


class Controls(Protocol):
    """The control rows (safety rule S6)."""

    async def entry(self, capability: Capability) -> ControlEntry:
        """The row as it stands at the store; a missing one observes.

        Raises:
            StoreUnavailable: it can't be read.
        """
        ...

    async def replace(self, capability: Capability, old: ControlEntry, new: ControlEntry) -> None:
        """Write a row that was read as `old`.

        Raises:
            Conflict: somebody changed it meanwhile.
        """
        ...

    async def suspended(self) -> frozenset[SourceName]:
        """The sources whose webhooks are turned away."""
        ...

    async def suspend(self, source: SourceName, *, suspended: bool, by: str) -> None:
        """Turn a source's webhooks away, or let them in again."""
        ...


class Modes(Protocol):
    """The mode as the workers see it: at most ten seconds old; unreadable means `stop`."""

    async def mode(self, capability: Capability) -> Mode:
        """The mode of a capability."""
        ...


class Suspensions(Protocol):
    """The suspended sources as the intake sees them: at most ten seconds old."""

    async def is_suspended(self, source: SourceName) -> bool:
        """Whether the source's webhooks are turned away.

        Raises:
            StoreUnavailable: it can't be known.
        """
        ...
