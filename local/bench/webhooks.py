"""The load generator: the same signed webhooks for whoever answers them."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import aiohttp
import msgspec
from standardwebhooks import Webhook

from local.progress import Report, Tenths

_MOST_TRIES: Final = 20


@dataclass(frozen=True, kw_only=True)
class Target:
    """Who is to be called.

    Attributes:
        url: the address of its webhook.
        secret: what the webhooks are signed with.
        key: its function key.
    """

    url: str
    secret: str
    key: str


async def call(target: Target, *, callers: int, requests: int) -> list[float]:
    """Send webhooks and return the seconds that each answer took.

    Args:
        target: whom to call.
        callers: how many call at the same time, each one request after the other.
        requests: how many requests there are in all.

    Raises:
        RuntimeError: an answer was not 202.
    """
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=callers)) as session:
        shares = [requests // callers + (number < requests % callers) for number in range(callers)]
        taken = await asyncio.gather(*(_calls(session, target, share) for share in shares))
    return [seconds for caller in taken for seconds in caller]


async def insist(
    target: Target, events: Sequence[Mapping[str, Any]], *, callers: int, report: Report
) -> int:
    """Send an event each until all are taken, as HR systems do.

    Args:
        target: whom to call.
        events: what to send.
        callers: how many call at the same time, each one request after the other.
        report: told how far it has got.

    Returns:
        How often we were asked to come back later.

    Raises:
        RuntimeError: an answer was neither 202 nor 503, or 503 again and again.
    """
    waiting, refused = enumerate(events), 0
    progress = Tenths(report, "Webhooks", len(events))

    async def caller(session: aiohttp.ClientSession) -> None:
        nonlocal refused
        for number, event in waiting:
            progress.reached(number)
            for _ in range(_MOST_TRIES):
                answer = await _post(session, target, event)
                if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                    break
                refused += 1
                await asyncio.sleep(float(answer.headers["Retry-After"]))
            if answer.status != HTTPStatus.ACCEPTED:
                raise RuntimeError(f"{target.url} answered {answer.status}.")

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=callers)) as session:
        await asyncio.gather(*(caller(session) for _ in range(callers)))
    return refused


async def _calls(session: aiohttp.ClientSession, target: Target, count: int) -> list[float]:
    taken = []
    for _ in range(count):
        event = {"type": "joiner", "userPrincipalName": f"{uuid4().hex}@contoso.example"}
        begun = time.perf_counter()
        answer = await _post(session, target, event)
        taken.append(time.perf_counter() - begun)
        if answer.status != HTTPStatus.ACCEPTED:
            raise RuntimeError(f"{target.url} answered {answer.status}.")
    return taken


async def _post(
    session: aiohttp.ClientSession, target: Target, event: Mapping[str, Any]
) -> aiohttp.ClientResponse:
    """Post an event, signed, and read the answer."""
    name, now = uuid4().hex, datetime.now(UTC)
    body = msgspec.json.encode({"id": name, **event})
    headers = {
        "content-type": "application/json",
        "x-functions-key": target.key,
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(target.secret).sign(name, now, body.decode()),
    }
    async with session.post(target.url, data=body, headers=headers) as answer:
        await answer.read()
    return answer
