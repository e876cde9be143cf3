"""The time of the campaigns: it moves when they say so, or when a worker sleeps."""

import asyncio
from datetime import datetime, timedelta

from tests.builders import NOW


class WorldClock:
    """The port `Clock`, and the monotonic clock beside it."""

    def __init__(self) -> None:
        self._now = NOW

    def now(self) -> datetime:
        """The time, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """The time in seconds."""
        return self._now.timestamp()

    async def sleep(self, seconds: float) -> None:
        """Let the time pass; others get on meanwhile."""
        self.advance(timedelta(seconds=seconds))
        await asyncio.sleep(0)

    def advance(self, by: timedelta) -> None:
        """Let the time pass, for everybody."""
        self._now += by

    def advance_to(self, moment: datetime) -> None:
        """Let the time pass until this moment; a moment that has passed changes nothing."""
        self._now = max(self._now, moment)
