"""A Microsoft Graph over real HTTP that answers what a test lays down, nonsense included."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(frozen=True, slots=True)
class Said:
    """An answer."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


def refused(status: int, code: str) -> dict[str, Any]:
    """Graph's error document."""
    return {"error": {"code": code, "message": f"This is {status}."}}


class RecordedGraph:
    """What it answers, by path.

    Attributes:
        root: where it answers.
        asked: the requests that came, in order.
        batches: what was asked in each batch, by address.
    """

    def __init__(self) -> None:
        self.root = ""
        self.asked: list[Asked] = []
        self.batches: list[list[str]] = []
        self._said: dict[str, list[Said]] = defaultdict(list)

    def says(self, path: str, body: object, status: int = 200, **headers: str) -> None:
        """Lay down an answer for a path; several are given in turn, and the last one for ever."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._said[path].append(Said(status, body, named))

    def lists(self, path: str, *rows: object) -> None:
        """Lay down a list of one page."""
        self.says(path, {"value": list(rows)})

    def refuses(self, path: str, status: int, code: str, **headers: str) -> None:
        """Lay down a refusal."""
        self.says(path, refused(status, code), status, **headers)

    def forget(self, path: str) -> None:
        """Take back what was laid down for a path."""
        del self._said[path]

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [one.path for one in self.asked]

    def next_answer(self, path: str) -> Said:
        """What it says to a path now; a path of which nothing was said is not there."""
        left = self._said.get(path)
        if not left:
            return Said(404, refused(404, "Request_ResourceNotFound"))
        return left.pop(0) if len(left) > 1 else left[0]

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a request."""
        raw = await request.read()
        body: Any = msgspec.json.decode(raw) if raw else None
        headers = dict(request.headers)
        self.asked.append(Asked(request.method, request.path, request.query, headers, body))
        laid_down = request.path in self._said
        if request.path.endswith("/$batch") and not laid_down:
            return web.json_response({"responses": self._parts(request.path, body)})
        said = self.next_answer(request.path)
        if isinstance(said.body, str):
            return web.Response(status=said.status, text=said.body, headers=said.headers)
        return web.json_response(said.body, status=said.status, headers=said.headers)

    def _parts(self, path: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        self.batches.append([one["url"] for one in body["requests"]])
        version = path.removesuffix("/$batch")
        answers = []
        for one in reversed(body["requests"]):
            said = self.next_answer(version + one["url"].partition("?")[0])
            part = {"id": one["id"], "status": said.status, "headers": dict(said.headers)}
            answers.append({**part, "body": said.body})
        return answers


@asynccontextmanager
async def running_graph() -> AsyncIterator[RecordedGraph]:
    """A server with a short life."""
    recorded = RecordedGraph()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", recorded.answer)
    async with TestServer(app) as server:
        recorded.root = str(server.make_url("")).rstrip("/")
        yield recorded
