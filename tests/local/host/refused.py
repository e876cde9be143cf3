"""Functions whose signatures the worker refuses, one app each."""

from collections.abc import Callable
from typing import Any

import azure.functions as func

Function = Callable[..., Any]


def daily(function: Function) -> func.FunctionApp:
    """An app with this function on a timer."""
    app = func.FunctionApp()
    app.function_name("one")(app.timer_trigger("timer", schedule="0 0 0 * * *")(function))
    return app


def web(function: Function) -> func.FunctionApp:
    """An app with this function behind HTTP."""
    app = func.FunctionApp()
    app.function_name("one")(app.route("one")(function))
    return app


async def _two(timer: func.TimerRequest, other: str) -> None:
    del timer, other


async def _other_name(clock: func.TimerRequest) -> None:
    del clock


async def _wrong_type(timer: func.HttpRequest) -> None:
    del timer


async def _wrong_context(timer: func.TimerRequest, context: str) -> None:
    del timer, context


async def _union(req: func.HttpRequest) -> func.HttpResponse | str:
    return str(req.method)


async def _wrong_result(req: func.HttpRequest) -> int:
    del req
    return 200


APPS: dict[str, func.FunctionApp] = {
    "a parameter without a binding": daily(_two),
    "a binding without a parameter": daily(_other_name),
    "a parameter of another type": daily(_wrong_type),
    "a context of another type": daily(_wrong_context),
    "a union as the result": web(_union),
    "a result that is no response": web(_wrong_result),
}
