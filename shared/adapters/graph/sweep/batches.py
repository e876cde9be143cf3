"""Reads of many things in few requests, each with an answer of its own.

https://learn.microsoft.com/graph/json-batching
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar

import httpx
import msgspec

from shared.adapters.graph.answers import read_answer
from shared.adapters.graph.calls.batched import Batched
from shared.adapters.graph.calls.call import PRIORITY
from shared.adapters.graph.pages import Sender
from shared.adapters.graph.refusals import refusal
from shared.application.ports.clock import Clock
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import DirectoryUnavailable, MalformedAnswer, Throttled

Found = TypeVar("Found")

_TOLD: Final = frozenset({"retry-after", "request-id"})
_IN_ONE: Final = 20
"""https://learn.microsoft.com/graph/json-batching#batch-size-limitations"""
_SIDE_BY_SIDE: Final = 4
_MOST_ATTEMPTS: Final = 3
_PAUSE: Final = timedelta(seconds=2)
"""Before throttled reads are tried again, where Graph asks for no pause."""
_LONGEST_PAUSE: Final = timedelta(seconds=15)
"""A longer one is made by whoever asked."""


class _Part(msgspec.Struct):
    """The answer to one read."""

    id: str
    status: int
    headers: dict[str, Any] | None = None
    body: msgspec.Raw = msgspec.Raw(b"null")


class _Parts(msgspec.Struct):
    """The answers, in whatever order. That they came says nothing of any of them."""

    responses: list[_Part]


class Batches:
    """Sends reads, twenty in a request and four requests side by side.

    A read that Graph throttles, or cannot answer for the moment, is asked again: three times at
    most, after the longest pause that was asked for. Meanwhile nothing else is asked.

    Args:
        graph: sends the requests.
        clock: waits.
        priority: of the reads, where Graph has to throttle.
    """

    def __init__(self, graph: Sender, clock: Clock, *, priority: str = "low") -> None:
        self._graph = graph
        self._clock = clock
        self._priority = priority

    async def read(self, what: Batched, things: Sequence[str]) -> dict[str, bytes | LifecycleError]:
        """The answer about each thing: the bytes of a body, or what kept it from coming.

        Raises:
            Throttled: Graph wants a longer pause, or still does after the third time.
            LifecycleError: as `GraphClient.send`, of a whole request.
        """
        answers: dict[str, bytes | LifecycleError] = {}
        attempts = Counter[str]()
        left = deque(dict.fromkeys(things))
        while left:
            wave = [left.popleft() for _ in range(min(len(left), _IN_ONE * _SIDE_BY_SIDE))]
            attempts.update(wave)
            sent = [self._send(what, some) for some in _split(wave)]
            again: list[str] = []
            pause = timedelta(0)
            for found in await _side_by_side(sent):
                for thing, answer in found.items():
                    if attempts[thing] < _MOST_ATTEMPTS and _may_pass(answer):
                        again.append(thing)
                        pause = max(pause, _asked(answer))
                    elif isinstance(answer, Throttled):
                        raise answer
                    else:
                        answers[thing] = answer
            if again:
                await self._wait(what, pause)
                left.extendleft(reversed(again))
        return answers

    async def _wait(self, what: Batched, pause: timedelta) -> None:
        if pause > _LONGEST_PAUSE:
            raise Throttled(f"{what.call.operation}: parts of a batch.", retry_after=pause)
        await self._clock.sleep(pause.total_seconds())

    async def _send(
        self, what: Batched, things: Sequence[str]
    ) -> Mapping[str, bytes | LifecycleError]:
        """`POST /{version}/$batch`."""
        named = {str(number): thing for number, thing in enumerate(things)}
        asked = [
            {
                "id": number,
                "method": "GET",
                "url": what.address(thing),
                "headers": {PRIORITY: self._priority},
            }
            for number, thing in named.items()
        ]
        body = msgspec.json.encode({"requests": asked})
        parts = read_answer(await self._graph.send(what.carrier, {}, body), _Parts).responses
        found = {named[part.id]: _read(what, part) for part in parts if part.id in named}
        if len(found) < len(parts):
            raise MalformedAnswer(f"{what.call.operation}: a batch answers what was not asked.")
        missing = DirectoryUnavailable(f"{what.call.operation}: a batch left it unanswered.")
        return {thing: found.get(thing, missing) for thing in things}


def _read(what: Batched, part: _Part) -> bytes | LifecycleError:
    if part.status in what.call.success:
        return bytes(part.body)
    # No others: what they say of an encoding is not true of a part.
    headers = {
        name: value
        for name, value in (part.headers or {}).items()
        if name.lower() in _TOLD and isinstance(value, str) and value.isascii()
    }
    response = httpx.Response(part.status, headers=headers, content=bytes(part.body))
    return refusal(what.call, response)


def _may_pass(answer: bytes | LifecycleError) -> bool:
    return isinstance(answer, Throttled | DirectoryUnavailable)


def _asked(answer: bytes | LifecycleError) -> timedelta:
    told = answer.retry_after if isinstance(answer, LifecycleError) else None
    return _PAUSE if told is None else told


def _split(things: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(things), _IN_ONE):
        yield things[start : start + _IN_ONE]


async def _side_by_side(reads: Iterable[Awaitable[Found]]) -> list[Found]:
    """All of them; where one fails, none goes on."""
    tasks = [asyncio.ensure_future(one) for one in reads]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
