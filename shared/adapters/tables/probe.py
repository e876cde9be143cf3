"""Does Table Storage answer us?"""

from dataclasses import dataclass

from shared.application.ports.control import Controls
from shared.domain.control import Capability


@dataclass(frozen=True, slots=True)
class TablesAnswer:
    """A health check that reads one row."""

    controls: Controls

    async def __call__(self) -> None:
        """Return if the row can be read.

        Raises:
            StoreUnavailable: it can't.
        """
        await self.controls.entry(Capability.ONBOARDING)
