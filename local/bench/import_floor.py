"""The least that a mass import can be: a bare script that sends the necessary requests alone.

No webhook, no queue, no store, no audit; the same tenant, latency, limits and number at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp

from local.bench.company import BenchError, Json
from local.progress import Report, Tenths

_ACCOUNT = "id,accountEnabled,userType,employeeId,createdDateTime,onPremisesSyncEnabled"
_MOST_TRIES = 100


@dataclass
class Floor:
    """The script.

    Attributes:
        graph: root of the simulated tenant.
        token: a bearer token.
        at_a_time: how many people are worked on side by side.
        report: told how far it has got.
    """

    graph: str
    token: str
    at_a_time: int
    report: Report

    async def enable(self, people: Sequence[Json]) -> None:
        """What takes people from the webhook to the wait for them."""
        await self._each(people, self._enable, "The bare script enables")

    async def enforce(self, people: Sequence[Json]) -> None:
        """What takes people who have registered to the end."""
        await self._each(people, self._see_enforced, "The bare script sees them enforced")

    async def _each(
        self,
        people: Sequence[Json],
        work: Callable[[aiohttp.ClientSession, Json], Awaitable[None]],
        what: str,
    ) -> None:
        waiting = enumerate(people)
        progress = Tenths(self.report, what, len(people))
        headers = {"Authorization": f"Bearer {self.token}"}
        connector = aiohttp.TCPConnector(limit=self.at_a_time)
        async with aiohttp.ClientSession(
            self.graph, headers=headers, connector=connector
        ) as session:

            async def worker() -> None:
                for number, person in waiting:
                    progress.reached(number)
                    await work(session, person)

            await asyncio.gather(*(worker() for _ in range(self.at_a_time)))

    async def _enable(self, session: aiohttp.ClientSession, person: Json) -> None:
        query = {"$filter": f"employeeId eq '{person['employeeId']}'", "$select": _ACCOUNT}
        (found,) = (await self._send(session, "GET", "/v1.0/users", query=query))["value"]
        state = f"/beta/users/{found['id']}/authentication/requirements"
        _expect(await self._send(session, "GET", state), "disabled")
        await self._send(session, "PATCH", state, body={"perUserMfaState": "enabled"})
        _expect(await self._send(session, "GET", state), "enabled")
        await self._send(session, "GET", f"/beta/users/{found['id']}/authentication/methods")

    async def _see_enforced(self, session: aiohttp.ClientSession, person: Json) -> None:
        user = f"/beta/users/{person['id']}/authentication"
        await self._send(session, "GET", f"{user}/methods")
        _expect(await self._send(session, "GET", f"{user}/requirements"), "enforced")

    async def _send(
        self,
        session: aiohttp.ClientSession,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        body: dict[str, str] | None = None,
    ) -> Json:
        for _ in range(_MOST_TRIES):
            async with session.request(method, path, params=query, json=body) as answer:
                if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                    await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))
                    continue
                if not answer.ok:
                    raise BenchError(f"{method} {path}: {answer.status} {await answer.text()}")
                found: Json = {} if answer.status == HTTPStatus.NO_CONTENT else await answer.json()
                return found
        raise BenchError(f"{method} {path}: throttled {_MOST_TRIES} times")


def _expect(answer: Json, state: str) -> None:
    if answer["perUserMfaState"] != state:
        raise BenchError(f"The floor reads {answer['perUserMfaState']}, not {state}.")
