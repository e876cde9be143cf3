"""The turns within limits, in memory."""

from collections import defaultdict
from datetime import datetime, timedelta

from shared.application.ports.clock import Clock
from shared.domain.errors.directory import Throttled
from shared.domain.sweep.pace import Limit, next_turn
from tests.fakes.switch import Switch


class FakePace(Switch):
    """The port `Pace`.

    Args:
        clock: tells the time, and waits.
        taken: the last turns within each limit, which several share.
        longest: how long anybody waits for a turn.

    Attributes:
        taken: the last turns within each limit.
        asked: for which limits somebody waited, in order.
    """

    def __init__(
        self,
        clock: Clock,
        taken: dict[str, tuple[datetime, ...]] | None = None,
        longest: timedelta = timedelta(seconds=30),
    ) -> None:
        super().__init__()
        self._clock = clock
        self._longest = longest
        self.taken = defaultdict[str, tuple[datetime, ...]](tuple) if taken is None else taken
        self.asked: list[str] = []

    async def wait(self, limit: Limit) -> None:
        """Wait until a request that falls under this limit may go."""
        self.reach()
        now = self._clock.now()
        turn = next_turn(limit, self.taken.get(limit.name, ()), now, self._longest)
        if isinstance(turn, timedelta):
            raise Throttled(f"Too many wait for their turn: {limit.name}.", retry_after=turn)
        self.asked.append(limit.name)
        self.taken[limit.name] = turn.taken
        if turn.at > now:
            await self._clock.sleep((turn.at - now).total_seconds())
