"""The SDK's own transport, which also counts requests and breaks down when told to."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Literal
from urllib.parse import urlsplit

from azure.core.exceptions import ServiceRequestError, ServiceResponseError
from azure.core.pipeline.transport import AioHttpTransport

Moment = Literal["before", "after"]
"""Whether a request breaks down before it is sent, or after it was carried out."""


class BreakableTransport(AioHttpTransport):  # type: ignore[misc]  # exported lazily, so untyped
    """Carries requests over real connections.

    Attributes:
        requests: what was asked, as "METHOD /path" without keys, in order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[str] = []
        self._broken = range(0)
        self._moment: Moment = "before"
        self._meeting: asyncio.Barrier | None = None
        self._meanwhile: dict[int, Callable[[], Awaitable[object]]] = {}

    def break_at(self, number: int, moment: Moment) -> None:
        """Let the request with this number, from 1, break down; the ones after it succeed."""
        self._broken, self._moment = range(number, number + 1), moment

    def die_at(self, number: int, moment: Moment) -> None:
        """Let the request with this number and every later one break down, as if we had died."""
        self._broken, self._moment = range(number, sys.maxsize), moment

    def let_meet(self, count: int) -> None:
        """Hold the coming requests until so many are under way at once."""
        self._meeting = asyncio.Barrier(count)

    def let_happen_before(self, number: int, action: Callable[[], Awaitable[object]]) -> None:
        """Let something happen before the request with this number, from 1, is sent."""
        self._meanwhile[number] = action

    async def send(self, request: Any, **options: Any) -> Any:  # noqa: ANN401  (the SDK's own signature is four overloads of this)
        """Send a request, or break down."""
        number = len(self.requests) + 1
        path = urlsplit(request.url).path.rpartition("/")[2].partition("(")[0]
        self.requests.append(f"{request.method} {path}")
        if self._meeting is not None:
            meeting = self._meeting
            await meeting.wait()
            self._meeting = None
        if number in self._meanwhile:
            await self._meanwhile[number]()
        broken = number in self._broken
        if broken and self._moment == "before":
            raise ServiceRequestError("The connection broke before the request was sent.")
        response = await super().send(request, **options)
        if broken:
            await response.close()
            raise ServiceResponseError("The connection broke before the answer came.")
        return response
