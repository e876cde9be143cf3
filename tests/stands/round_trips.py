"""Counts round trips and not milliseconds: what is under way at once is one of them.

Every call waits until all that can be begun has been begun. Then all of them go, and their answers
are waited for before the next ones do. So how many follow one another does not depend on how fast
anything is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from azure.core.pipeline.transport import AioHttpTransport

Answer = TypeVar("Answer")
_SETTLED: Final = 100
"""So many turns of the event loop after the last answer, everybody has said what they want next."""
_PAUSE: Final = 0.01
"""Seconds between two looks at work that neither asks for anything nor has ended."""


class RoundTrips:
    """Lets calls go in rounds.

    Attributes:
        rounds: the calls of each round, by name.
    """

    def __init__(self) -> None:
        self.rounds: list[list[str]] = []
        self._waiting: list[tuple[str, asyncio.Event]] = []
        self._under_way = 0
        self._answered = asyncio.Event()

    async def around(self, name: str, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Make a call when its round comes."""
        turn = asyncio.Event()
        self._waiting.append((name, turn))
        await turn.wait()
        try:
            return await call()
        finally:
            self._under_way -= 1
            self._answered.set()

    async def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Do the work, round by round."""
        task = asyncio.create_task(work)
        while True:
            for _ in range(_SETTLED):
                await asyncio.sleep(0)
            if self._under_way:
                self._answered.clear()
                await self._answered.wait()
            elif self._waiting:
                going, self._waiting = self._waiting, []
                self.rounds.append(sorted(name for name, _ in going))
                self._under_way = len(going)
                for _, turn in going:
                    turn.set()
            elif task.done():
                return task.result()
            else:
                await asyncio.sleep(_PAUSE)  # It waits for the time itself, before it asks again.


class CountedTransport(AioHttpTransport):  # type: ignore[misc]  # exported lazily, so untyped
    """Carries requests over real connections, in rounds.

    Args:
        trips: where they are counted, as "METHOD Table".
    """

    def __init__(self, trips: RoundTrips) -> None:
        super().__init__()
        self._trips = trips

    async def send(self, request: Any, **options: Any) -> Any:  # noqa: ANN401  (the SDK's own signature is four overloads of this)
        """Send a request."""
        path = urlsplit(request.url).path.rpartition("/")[2].partition("(")[0]
        send = super().send
        return await self._trips.around(
            f"{request.method} {path}", lambda: send(request, **options)
        )


class CountedPort:
    """A port whose calls go in rounds.

    Args:
        trips: where they are counted, as "name.call".
        name: what the port is called.
        port: the port.
    """

    def __init__(self, trips: RoundTrips, name: str, port: object) -> None:
        self._trips, self._name, self._port = trips, name, port

    def __getattr__(self, call: str) -> Callable[..., Awaitable[Any]]:
        real, name = getattr(self._port, call), f"{self._name}.{call}"

        async def counted(*arguments: object, **named: object) -> object:
            answer: object = await self._trips.around(name, lambda: real(*arguments, **named))
            return answer

        return counted
