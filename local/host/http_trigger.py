"""HTTP triggers: a request in, the function's response out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from aiohttp import web
from azure.functions.meta import Datum
from multidict import CIMultiDict

from local.host.index import HTTP, IndexedFunction
from local.host.invocation import Invoker
from local.host.keys import AuthLevel, Keys
from local.host.principals import Principal, authenticated
from local.host.routes import Route, RouteTable, Template

if TYPE_CHECKING:
    from http.cookies import SimpleCookie

# The connection's own business, and not the function's.
_NOT_PASSED_ON = frozenset({"connection", "content-length", "transfer-encoding"})


def given_key(request: web.Request) -> str:
    """The key that came with the request: `x-functions-key`, else `?code=`, else nothing."""
    return request.headers.get("x-functions-key") or request.query.get("code", "")


class HttpTriggers:
    """Serves the app's HTTP functions."""

    def __init__(
        self,
        functions: Sequence[IndexedFunction],
        route_prefix: str,
        keys: Keys,
        principals: Mapping[str, Principal],
        invoker: Invoker,
    ) -> None:
        self._functions = {
            function.name: function
            for function in functions
            if function.enabled and function.kind == HTTP
        }
        self._keys = keys
        self._principals = principals
        self._invoker = invoker
        self._routes = RouteTable(
            [
                Route(
                    function=name,
                    template=Template.parse(f"{route_prefix}/{function.trigger['route']}"),
                    methods=frozenset(
                        str(method).upper() for method in function.trigger.get("methods") or ()
                    ),
                )
                for name, function in self._functions.items()
            ]
        )

    async def handle(self, request: web.Request) -> web.Response:
        """Answer: 404 without a route, 401 without the key, 500 where the function fails."""
        # ASP.NET decodes the path once and leaves %2F alone.
        path = request.rel_url.path_safe.replace("%25", "%")
        found = self._routes.find(request.method, path)
        if found is None:
            return web.Response(status=404)
        function = self._functions[found[0]]
        level = AuthLevel(str(function.trigger.get("authLevel") or AuthLevel.FUNCTION).lower())
        if not self._keys.open(level, given_key(request)):
            return web.Response(status=401)
        data = await self._datum(request, found[1])
        outcome = await self._invoker.invoke(function, data, {})
        if outcome.value is None:
            return web.Response(status=500)
        return _response(outcome.value)

    async def _datum(self, request: web.Request, parameters: Mapping[str, str]) -> Datum:
        """The request as `ToRpcHttp` in GrpcMessageConversionExtensions.cs tells the worker."""
        headers = {name.lower(): ",".join(request.headers.getall(name)) for name in request.headers}
        query = {name: ",".join(request.query.getall(name)) for name in request.query}
        # Azure reads a body only where its length is announced: a chunked one arrives empty.
        body = await request.read() if request.content_length else b""
        return Datum(
            {
                "method": _text(request.method),
                "url": _text(f"{request.scheme}://{request.host}{request.rel_url}"),
                "headers": _texts(authenticated(headers, self._principals)),
                "query": _texts({name: value for name, value in query.items() if value}),
                "params": _texts(parameters),
                "body": Datum(body, "bytes"),
            },
            "http",
        )


def _text(value: str) -> Datum:
    return Datum(value, "string")


def _texts(values: Mapping[str, str]) -> dict[str, Datum]:
    return {name: _text(value) for name, value in values.items()}


def _response(value: Datum) -> web.Response:
    if value.type == "string":
        return web.Response(text=value.value)
    reply = value.value
    headers: CIMultiDict[str] = CIMultiDict(
        (name, header.value)
        for name, header in reply["headers"].items()
        if name.lower() not in _NOT_PASSED_ON
    )
    cookies: list[SimpleCookie] = reply["cookies"] or []
    for cookie in cookies:
        for morsel in cookie.values():
            headers.add("Set-Cookie", morsel.OutputString())
    return web.Response(
        status=int(reply["status_code"].value), headers=headers, body=reply["body"].value
    )
