"""The time of the machine."""

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """The `Clock` port in real time."""

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Pause."""
        await asyncio.sleep(seconds)
