"""A mass import of joiners: its time and its requests, beside a bare script's in the same run.

Both work on one simulated tenant, one after the other: as many people, the same latency, the
published limits, as many at a time as the host lets messages be worked on. Time is real time of
work: from the first webhook until events told that everybody waits to register, and from the moment
at which everybody has registered until events told that everybody is enforced. What lies between,
the people's own time, is a jump of the stack clock and not counted.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import aiohttp
import msgspec

from local.bench.company import BenchError, Json
from local.bench.figures import Figure
from local.bench.import_floor import Floor
from local.bench.paths.requests import ENABLING, ENFORCING
from local.bench.subscriber import subscriber
from local.bench.webhooks import Target, insist
from local.progress import Report
from local.stack.description import Description
from local.stack.environment import HR_SOURCE
from local.stack.layout import ROOT
from local.stack.stack import Options, Stack

LATENCY_MS: Final = 50
CALLERS: Final = 16
"""How many webhooks the HR system sends side by side."""
_SIM_CALLERS: Final = 8
_LOOK: Final = timedelta(hours=6)
"""The longest pause between two looks, and here the only one: who waits is looked at once."""
_NECESSARY: Final = len(ENABLING) + len(ENFORCING)


@dataclass
class _Phase:
    """What one of the two took, on the way to enabled and to enforced.

    Attributes:
        seconds: real time.
        requests: to Graph.
        throttled: how many of them were answered 429.
        refused: how many webhooks were answered 503, and sent again.
    """

    seconds: list[float] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    throttled: int = 0
    refused: int = 0


def measure(joiners: int, report: Report) -> list[Figure]:
    """Import so many people twice: with the bare script, and with the stack.

    Args:
        joiners: how many.
        report: told of each step as it begins.
    """
    settings = {"MFA_CHECK_FIRST_SECONDS": f"{_LOOK.total_seconds():.0f}"}
    with tempfile.TemporaryDirectory(prefix="mfa-bench-") as directory:
        report("Starting a stack")
        with Stack(Path(directory), Options(settings=settings)) as stack:
            return asyncio.run(_measure(stack.description, joiners, report))


async def _measure(stack: Description, joiners: int, report: Report) -> list[Figure]:
    async with _Tenant.of(stack) as tenant:
        report(f"Employing twice {joiners} people")
        people = await tenant.employ(2 * joiners)
        await tenant.sim("POST", "throttling", {"enabled": True})
        await tenant.sim("POST", "faults", {"match": " /(v1.0|beta)/", "delayMs": LATENCY_MS})
        floor = await _floor(stack, tenant, people[:joiners], report)
        ours = await _ours(stack, tenant, people[joiners:], report)
    conditions = (
        f"{joiners} people, {LATENCY_MS} ms for each answer of Graph, {_at_a_time()} at a time, "
        f"published limits on: {floor.throttled} answers 429 to the floor, {ours.throttled} to us; "
        f"{ours.refused} webhooks refused at first"
    )
    return [
        Figure(
            name=f"mass import of {joiners}: requests to Graph",
            unit="requests",
            floor=sum(floor.requests),
            ours=sum(ours.requests),
            most=1.1,
            remark=f"{_NECESSARY} necessary ones each; what serves everybody is counted as ours",
        ),
        *(
            Figure(
                name=f"mass import of {joiners}: {name}",
                unit="s",
                floor=of_floor,
                ours=of_ours,
                # One process on this machine's cores: what it tells of Azure is in
                # docs/performance.md.
                most=None,
                remark=conditions,
            )
            for name, of_floor, of_ours in (
                ("first webhook to all enabled", floor.seconds[0], ours.seconds[0]),
                ("all registered to all enforced", floor.seconds[1], ours.seconds[1]),
                ("both together", sum(floor.seconds), sum(ours.seconds)),
            )
        ),
    ]


async def _floor(
    stack: Description, tenant: "_Tenant", people: Sequence[Json], report: Report
) -> _Phase:
    token = (await tenant.sim("POST", "token"))["access_token"]
    script, taken = Floor(stack.graph, token, _at_a_time(), report), _Phase()
    async with tenant.taking(taken):
        await script.enable(people)
    await tenant.all_register(people)
    async with tenant.taking(taken):
        await script.enforce(people)
    return taken


async def _ours(
    stack: Description, tenant: "_Tenant", people: Sequence[Json], report: Report
) -> _Phase:
    taken = _Phase()
    target = Target(
        url=f"{stack.http}/api/onboarding/{HR_SOURCE}",
        secret=stack.hr_sources[HR_SOURCE].secret,
        key=stack.function_key,
    )
    events = [
        {
            "type": "joiner",
            "userPrincipalName": person["userPrincipalName"],
            "employeeId": person["employeeId"],
        }
        for person in people
    ]
    async with subscriber(stack.service_bus) as inbox:
        async with tenant.taking(taken):
            taken.refused = await insist(target, events, callers=CALLERS, report=report)
            await inbox.until("mfa.case.waiting", len(people), report)
        await tenant.all_register(people)
        async with tenant.taking(taken):
            await tenant.sim("POST", "clock", {"advanceSeconds": _LOOK.total_seconds()})
            await inbox.until("mfa.case.completed", len(people), report)
    return taken


def _at_a_time() -> int:
    """How many messages the host works on side by side."""
    host = msgspec.json.decode((ROOT / "host.json").read_bytes())
    return int(host["extensions"]["serviceBus"]["maxConcurrentCalls"])


@dataclass
class _Tenant:
    """The control side of the simulated tenant."""

    session: aiohttp.ClientSession

    @classmethod
    @asynccontextmanager
    async def of(cls, stack: Description) -> AsyncIterator["_Tenant"]:
        connector = aiohttp.TCPConnector(limit=_SIM_CALLERS)
        async with aiohttp.ClientSession(stack.graph, connector=connector) as session:
            yield cls(session)

    async def sim(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        async with self.session.request(method, f"/_sim/{path}", json=body or {}) as answer:
            if not answer.ok:
                raise BenchError(f"{method} {path}: {answer.status} {await answer.text()}")
            return await answer.json() if answer.content_type == "application/json" else None

    async def employ(self, count: int) -> list[Json]:
        names = [f"p{uuid4().hex[:12]}" for _ in range(count)]
        people: list[Json] = await asyncio.gather(
            *(
                self.sim(
                    "POST",
                    "users",
                    {
                        "userPrincipalName": f"{name}@contoso.example",
                        "displayName": name,
                        "employeeId": name,
                    },
                )
                for name in names
            )
        )
        return people

    async def all_register(self, people: Sequence[Json]) -> None:
        method = {"method": "microsoftAuthenticator"}
        await asyncio.gather(
            *(self.sim("POST", f"users/{person['id']}/register", method) for person in people)
        )

    @asynccontextmanager
    async def taking(self, phase: _Phase) -> AsyncIterator[None]:
        """Measure what happens inside."""
        await self.sim("DELETE", "requests")
        begun = time.monotonic()
        yield
        phase.seconds.append(time.monotonic() - begun)
        requests = await self.sim("GET", "requests")
        phase.requests.append(len(requests))
        phase.throttled += [one["status"] for one in requests].count(HTTPStatus.TOO_MANY_REQUESTS)
