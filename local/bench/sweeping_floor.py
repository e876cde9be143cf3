"""The least that a sweep can read: the two page streams of everybody, side by side, and no more."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import msgspec

from local.bench.company import BenchError

_PEOPLE: Final = (
    "/v1.0/users?$select=id,userPrincipalName,accountEnabled,userType,perUserMfaState&$top=999"
)
_REGISTRATIONS: Final = "/v1.0/reports/authenticationMethods/userRegistrationDetails?$top=999"
_REPORTS: Final = 5
_WINDOW: Final = 10.0
"""Five requests in ten seconds, as Graph publishes it for reports."""


class _Page(msgspec.Struct):
    value: list[msgspec.Raw]
    next_link: str | None = msgspec.field(name="@odata.nextLink", default=None)


@dataclass
class Floor:
    """A bare script: no store, no queue, no verdicts.

    Attributes:
        graph: base URL of the tenant.
        token: what it is read with.
        within_limits: whether it keeps inside the published limit of reports.
        requests: how many it has sent.
    """

    graph: str
    token: str
    within_limits: bool
    requests: int = 0
    _sent: deque[float] = field(default_factory=lambda: deque(maxlen=_REPORTS))

    async def read(self) -> tuple[int, float]:
        """Read everybody: how many people there are, and how many seconds it took.

        Raises:
            BenchError: a page is refused.
        """
        headers = {"Authorization": f"Bearer {self.token}"}
        begun = time.monotonic()
        async with aiohttp.ClientSession(self.graph, headers=headers) as session:
            people, _ = await asyncio.gather(
                self._stream(session, _PEOPLE, is_report=False),
                self._stream(session, _REGISTRATIONS, is_report=self.within_limits),
            )
        return people, time.monotonic() - begun

    async def _stream(self, session: aiohttp.ClientSession, path: str, *, is_report: bool) -> int:
        link: str | None = path
        found = 0
        while link is not None:
            if is_report:
                await self._turn()
            self.requests += 1
            async with session.get(link.removeprefix(self.graph)) as answer:
                body: Any = await answer.read()
            if answer.status != 200:  # noqa: PLR2004  (what HTTP calls a success)
                raise BenchError(f"{path}: {answer.status}")
            page = msgspec.json.decode(body, type=_Page)
            found, link = found + len(page.value), page.next_link
        return found

    async def _turn(self) -> None:
        if len(self._sent) == _REPORTS:
            await asyncio.sleep(max(0.0, self._sent[0] + _WINDOW - time.monotonic()))
        self._sent.append(time.monotonic())
