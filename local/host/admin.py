"""The host's own API under `/admin`, for the holder of the master key."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from aiohttp import web
from azure.functions.meta import Datum

from local.host.http_trigger import given_key
from local.host.index import HTTP, TIMER, IndexedFunction
from local.host.invocation import Invoker
from local.host.keys import AuthLevel, Keys
from local.host.servicebus_message import made_up_metadata
from local.host.timers import TimerListener


class _Invocation(msgspec.Struct):
    input: str | None = None


class Admin:
    """Tells about the host and starts functions on demand (`AdminController.cs`)."""

    def __init__(
        self,
        functions: Sequence[IndexedFunction],
        timers: Mapping[str, TimerListener],
        keys: Keys,
        invoker: Invoker,
    ) -> None:
        self._functions = {function.name.casefold(): function for function in functions}
        self._timers = timers
        self._keys = keys
        self._invoker = invoker
        self._running: set[asyncio.Task[object]] = set()

    def routes(self) -> list[web.RouteDef]:
        """What to serve."""
        return [
            web.get("/admin/host/status", self._status),
            web.get("/admin/functions", self._list),
            web.get("/admin/functions/{name}", self._get),
            web.post("/admin/functions/{name}", self._start),
        ]

    async def drain(self) -> None:
        """Wait for what was started here."""
        await asyncio.gather(*self._running)

    async def _status(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return web.Response(status=401)
        return web.json_response({"id": "local", "state": "Running", "version": "4.local"})

    async def _list(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return web.Response(status=401)
        return web.json_response([_described(function) for function in self._functions.values()])

    async def _get(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return web.Response(status=401)
        function = self._functions.get(request.match_info["name"].casefold())
        return (
            web.Response(status=404)
            if function is None
            else web.json_response(_described(function))
        )

    async def _start(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return web.Response(status=401)
        if request.content_type != "application/json":
            return web.Response(status=415)
        try:
            asked = msgspec.json.decode(await request.read(), type=_Invocation)
        except msgspec.MsgspecError:
            return web.Response(status=400)
        function = self._functions.get(request.match_info["name"].casefold())
        if function is None or not function.enabled:
            return web.Response(status=404)
        if function.kind == HTTP:
            return web.Response(status=400, text="call the function's own address")
        self._launch(function, asked.input or "")
        return web.Response(status=202)

    def _launch(self, function: IndexedFunction, text: str) -> None:
        if function.kind == TIMER:
            data, metadata = self._timers[function.name].request(), dict[str, Datum]()
        else:
            data = Datum(text, "string")
            metadata = made_up_metadata(data)
        task = asyncio.create_task(self._invoker.invoke(function, data, metadata))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _allowed(self, request: web.Request) -> bool:
        return self._keys.open(AuthLevel.ADMIN, given_key(request))


def _described(function: IndexedFunction) -> dict[str, Any]:
    return {
        "name": function.name,
        "language": "python",
        "isDisabled": not function.enabled,
        "config": {"bindings": list(function.bindings)},
    }
