"""The port to time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The time, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Pause; for pauses of two seconds at most, longer ones are scheduled messages."""
        ...
