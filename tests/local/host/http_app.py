"""A sample app with HTTP functions of every kind."""

import asyncio
import json
import logging
import os
import threading
import time
from pathlib import Path

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)
_hold = asyncio.Event()


@app.function_name("echo")
@app.route("echo/{name}/{*rest}", auth_level=func.AuthLevel.ANONYMOUS)
async def echo(req: func.HttpRequest) -> func.HttpResponse:
    """Tell everything about the request."""
    return func.HttpResponse(
        json.dumps(
            {
                "method": req.method,
                "url": req.url,
                "headers": dict(req.headers),
                "params": dict(req.params),
                "routeParams": dict(req.route_params),
                "bodyLength": len(req.get_body()),
                "text": req.get_body()[:100].decode("utf-8", "replace"),
            }
        ),
        mimetype="application/json",
        status_code=207,
        headers={"X-Sample": "yes", "Set-Cookie": "a=1; Path=/"},
    )


@app.function_name("guarded")
@app.route("guarded", methods=["GET", "POST"])
def guarded(req: func.HttpRequest) -> str:
    """Answer with text, from a thread."""
    logging.getLogger("sample").info("in the function", extra={"verb": req.method})
    return threading.current_thread().name


@app.function_name("chief")
@app.route("chief", auth_level=func.AuthLevel.ADMIN)
async def chief(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Tell the invocation."""
    return func.HttpResponse(
        json.dumps([req.method, context.function_name, context.invocation_id]),
        headers={"traceparent": context.trace_context.trace_parent},
    )


@app.function_name("broken")
@app.route("broken", auth_level=func.AuthLevel.ANONYMOUS)
async def broken(req: func.HttpRequest) -> func.HttpResponse:
    """Fail."""
    raise RuntimeError(f"no {req.method}")


@app.function_name("nothing")
@app.route("nothing", auth_level=func.AuthLevel.ANONYMOUS)
async def nothing(req: func.HttpRequest) -> func.HttpResponse:
    """Forget to answer."""
    del req
    return None  # type: ignore[return-value] # what is tested


@app.function_name("switched_off")
@app.route("switched-off", auth_level=func.AuthLevel.ANONYMOUS)
async def switched_off(req: func.HttpRequest) -> str:
    """Never runs: the environment switches it off."""
    return str(req.method)


@app.function_name("a_item")
@app.route("items/{id:int}", auth_level=func.AuthLevel.ANONYMOUS)
async def item(req: func.HttpRequest) -> str:
    """Answer for numbers."""
    return f"item {req.route_params['id']}"


@app.function_name("b_newest")
@app.route("items/newest", auth_level=func.AuthLevel.ANONYMOUS)
async def newest(req: func.HttpRequest) -> str:
    """Answer for a word."""
    return f"newest {req.method}"


@app.function_name("auth_flag")
@app.route("auth-flag", auth_level=func.AuthLevel.ANONYMOUS)
async def auth_flag(req: func.HttpRequest) -> str:
    """Tell whether App Service Authentication is on."""
    return f"{req.method} {os.environ.get('WEBSITE_AUTH_ENABLED')}"


@app.function_name("hold")
@app.route("hold", auth_level=func.AuthLevel.ANONYMOUS)
async def hold(req: func.HttpRequest) -> str:
    """Wait until released."""
    logging.getLogger("sample").info("holding")
    await _hold.wait()
    return f"released {req.method}"


@app.function_name("release")
@app.route("release", auth_level=func.AuthLevel.ANONYMOUS)
async def release(req: func.HttpRequest) -> str:
    """Release those who wait, soon."""
    asyncio.get_running_loop().call_later(0.3, _hold.set)
    return str(req.method)


@app.function_name("block")
@app.route("block", auth_level=func.AuthLevel.ANONYMOUS)
async def block_the_loop(req: func.HttpRequest) -> str:
    """Wait for a file as no coroutine may."""
    released = Path(os.environ["RELEASED"])
    while not released.exists():  # noqa: ASYNC240 - what is tested
        time.sleep(0.1)  # noqa: ASYNC251 - likewise
    return str(req.method)
