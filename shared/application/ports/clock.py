"""The port to time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The time, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Pause; for two seconds at most, longer pauses are scheduled messages.

        Only a sweep may pause for longer: it waits for its turn, and is in no hurry.
        """
        ...
