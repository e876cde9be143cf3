"""The load generator: the same signed webhooks for whoever answers them."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import aiohttp
import msgspec
from standardwebhooks import Webhook


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


async def _calls(session: aiohttp.ClientSession, target: Target, count: int) -> list[float]:
    taken = []
    for _ in range(count):
        body, headers = _signed(target)
        begun = time.perf_counter()
        async with session.post(target.url, data=body, headers=headers) as answer:
            await answer.read()
        taken.append(time.perf_counter() - begun)
        if answer.status != 202:  # noqa: PLR2004  (accepted)
            raise RuntimeError(f"{target.url} answered {answer.status}.")
    return taken


def _signed(target: Target) -> tuple[bytes, dict[str, str]]:
    name = uuid4().hex
    event = {"id": name, "type": "joiner", "userPrincipalName": f"{name}@contoso.example"}
    body, now = msgspec.json.encode(event), datetime.now(UTC)
    headers = {
        "content-type": "application/json",
        "x-functions-key": target.key,
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(target.secret).sign(name, now, body.decode()),
    }
    return body, headers
