"""The suspended sources as the intake sees them (safety rule S7)."""

from collections.abc import Callable
from typing import Final

from shared.application.ports.control import Controls
from shared.domain.control import Mode
from shared.domain.ids import SourceName

LONGEST_AGE: Final = 5.0
"""Seconds for which a list that was read may be believed."""


class CachedSuspensions:
    """The `Suspensions` port over the control rows.

    Args:
        controls: the control rows.
        monotonic: a clock in seconds that never goes back; `time.monotonic` in real use.
    """

    def __init__(self, controls: Controls, monotonic: Callable[[], float]) -> None:
        self._controls = controls
        self._monotonic = monotonic
        self._suspended: frozenset[SourceName] = frozenset()
        self._read_at: float | None = None

    async def is_suspended(self, source: SourceName) -> bool:
        """Whether the source's webhooks are turned away.

        Raises:
            StoreUnavailable: it can't be known.
        """
        began = self._monotonic()
        if self._read_at is None or began - self._read_at >= LONGEST_AGE:
            entries = await self._controls.sources()
            self._suspended = frozenset(
                name for name, entry in entries.items() if entry.mode is Mode.STOP
            )
            self._read_at = began
        return source in self._suspended
