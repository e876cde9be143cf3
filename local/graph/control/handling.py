"""How control requests are read, and how the tenant's refusals are answered."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from local.graph.tenant.refusals import DuplicateError, RefusedError, UnknownObjectError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Body = TypeVar("Body")


class NoBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request that says nothing beyond its path."""


def answering(
    handle: Callable[[web.Request, Body], tuple[int, Any]], body_type: type[Body]
) -> Handler:
    """Wrap a handler: decode and check the body, encode the answer, answer refusals.

    Args:
        handle: takes the request and its body; returns a status and a JSON value, None for none.
    """

    async def handler(request: web.Request) -> web.StreamResponse:
        raw = await request.read() or b"{}"
        try:
            status, value = handle(request, msgspec.json.decode(raw, type=body_type))
        except msgspec.MsgspecError as error:
            return _json(400, {"error": str(error)})
        except UnknownObjectError as error:
            return _json(404, {"error": str(error)})
        except DuplicateError as error:
            return _json(409, {"error": str(error)})
        except RefusedError as error:
            return _json(400, {"error": str(error)})
        return web.Response(status=status) if value is None else _json(status, value)

    return handler


def _json(status: int, value: object) -> web.Response:
    return web.Response(
        status=status, body=msgspec.json.encode(value), content_type="application/json"
    )
