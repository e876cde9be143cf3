"""The mode of a capability as the workers see it (safety rule S6)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shared.application.ports.control import Controls
from shared.domain.control import Capability, Mode
from shared.domain.errors import LifecycleError

LONGEST_AGE: Final = 3.0
"""Seconds for which a mode that was read may be believed.

A stop has to hold within ten seconds (S6); the others are for the write that is under way.
"""


@dataclass(frozen=True, slots=True)
class _Reading:
    mode: Mode
    at: float


class CachedModes:
    """The `Modes` port over the control rows.

    A mode is believed for three seconds from the moment its read began. One that can't be read is
    `stop`, whatever was read before, and the next caller asks the store again.

    Args:
        controls: the control rows.
        monotonic: a clock in seconds that never goes back; `time.monotonic` in real use.
    """

    def __init__(self, controls: Controls, monotonic: Callable[[], float]) -> None:
        self._controls = controls
        self._monotonic = monotonic
        self._readings: dict[Capability, _Reading] = {}
        self._reading = asyncio.Lock()

    async def mode(self, capability: Capability) -> Mode:
        """The mode of a capability."""
        async with self._reading:
            known = self._readings.get(capability)
            began = self._monotonic()
            if known is not None and began - known.at < LONGEST_AGE:
                return known.mode
            try:
                entry = await self._controls.entry(capability)
            except LifecycleError:
                self._readings.pop(capability, None)
                return Mode.STOP
            self._readings[capability] = _Reading(entry.mode, began)
            # A read that took longer than that is out of date on arrival.
            return entry.mode if self._monotonic() - began < LONGEST_AGE else Mode.STOP
