"""The port to the turns of those who share a limit."""

from typing import Protocol

from shared.domain.sweep.pace import Limit


class Pace(Protocol):
    """Lets requests go one after the other, of all instances together."""

    async def wait(self, limit: Limit) -> None:
        """Wait until a request that falls under this limit may go.

        A turn that was given and not used is lost.

        Raises:
            Throttled: it would take longer than anybody waits here; it says how long.
            StoreUnavailable: nobody can tell whose turn it is.
        """
        ...
