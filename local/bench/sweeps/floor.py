"""The least that a sweep can read: everybody, and what they have registered, and no more."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import msgspec

from local.bench.company import BenchError
from local.bench.sweeps.point import Way

_PEOPLE: Final = "/v1.0/users?$select=id,userPrincipalName,accountEnabled,userType"
_REGISTRATIONS: Final = "/v1.0/reports/authenticationMethods/userRegistrationDetails?$top=999"
_SINGLY: Final = {
    Way.STATES_SINGLY: "/users/{}/authentication/requirements",
    Way.METHODS_SINGLY: "/users/{}/authentication/methods",
}
_IN_ONE: Final = 20
_SIDE_BY_SIDE: Final = 4
"""As the sweep does it: a request carries twenty reads, and four are under way."""
_REPORTS: Final = 5
_WINDOW: Final = 10.0
"""Five requests in ten seconds, as Graph publishes it for reports."""


class _Person(msgspec.Struct):
    id: str
    enabled: bool = msgspec.field(name="accountEnabled", default=True)


class _Page(msgspec.Struct):
    value: list[_Person]
    next_link: str | None = msgspec.field(name="@odata.nextLink", default=None)


@dataclass
class Floor:
    """A bare script: no store, no queue, no verdicts.

    Attributes:
        graph: base URL of the tenant.
        token: what it is read with.
        way: how the tenant lets itself be read.
        within_limits: whether it keeps inside the published limit of reports.
        requests: how many it has sent.
    """

    graph: str
    token: str
    way: Way
    within_limits: bool
    requests: int = 0
    _sent: deque[float] = field(default_factory=lambda: deque(maxlen=_REPORTS))

    async def read(self) -> float:
        """Read everybody; how many seconds it took.

        Raises:
            BenchError: something is refused.
        """
        headers = {"Authorization": f"Bearer {self.token}"}
        begun = time.monotonic()
        async with aiohttp.ClientSession(self.graph, headers=headers) as session:
            streams = [self._people(session)]
            if self.way is not Way.METHODS_SINGLY:
                streams.append(self._registrations(session))
            await asyncio.gather(*streams)
        return time.monotonic() - begun

    async def _people(self, session: aiohttp.ClientSession) -> None:
        state = "" if self.way is Way.STATES_SINGLY else ",perUserMfaState"
        link: str | None = f"{_PEOPLE}{state}&$top=999"
        while link is not None:
            page = await self._page(session, link)
            if self.way in _SINGLY:
                await self._singly(session, [one.id for one in page.value if one.enabled])
            link = page.next_link

    async def _registrations(self, session: aiohttp.ClientSession) -> None:
        link: str | None = _REGISTRATIONS
        while link is not None:
            if self.within_limits:
                await self._turn()
            link = (await self._page(session, link)).next_link

    async def _singly(self, session: aiohttp.ClientSession, users: Sequence[str]) -> None:
        batches = iter([users[at : at + _IN_ONE] for at in range(0, len(users), _IN_ONE)])

        async def send() -> None:
            for batch in batches:
                await self._batch(session, batch)

        await asyncio.gather(*(send() for _ in range(_SIDE_BY_SIDE)))

    async def _batch(self, session: aiohttp.ClientSession, users: Sequence[str]) -> None:
        asked = [
            {"id": str(number), "method": "GET", "url": _SINGLY[self.way].format(user)}
            for number, user in enumerate(users)
        ]
        self.requests += 1
        async with session.post("/beta/$batch", json={"requests": asked}) as answer:
            body: Any = await answer.json()
        if answer.status != 200 or any(one["status"] != 200 for one in body["responses"]):  # noqa: PLR2004  (what HTTP calls a success)
            raise BenchError(f"$batch: {answer.status} {body}")

    async def _page(self, session: aiohttp.ClientSession, path: str) -> _Page:
        self.requests += 1
        async with session.get(path.removeprefix(self.graph)) as answer:
            body = await answer.read()
        if answer.status != 200:  # noqa: PLR2004  (what HTTP calls a success)
            raise BenchError(f"{path}: {answer.status}")
        return msgspec.json.decode(body, type=_Page)

    async def _turn(self) -> None:
        if len(self._sent) == _REPORTS:
            await asyncio.sleep(max(0.0, self._sent[0] + _WINDOW - time.monotonic()))
        self._sent.append(time.monotonic())
