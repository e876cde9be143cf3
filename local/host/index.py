"""Reads a function app the way the worker indexes it, and refuses what Azure would refuse."""

import inspect
import json
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import azure.functions as func
from azure.functions.decorators.function_app import Function

from local.host import settings
from local.host.converters import converter
from local.host.ncrontab import Schedule, ScheduleError
from local.host.routes import RouteError, Template

# FunctionsController.cs of the host: letters first, 128 at most, and never "host".
_NAME = re.compile(r"(?!host$)[a-z][a-z0-9_-]{0,127}", re.IGNORECASE | re.ASCII)

HTTP = "httpTrigger"
SERVICE_BUS = "serviceBusTrigger"
TIMER = "timerTrigger"
_HTTP_OUTPUT = "http"


class IndexingError(Exception):
    """The app can't be run.

    Args:
        problems: everything that is wrong, a line each.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class IndexedFunction:
    """One function with its trigger, settings resolved.

    Args:
        name: as the host lists it.
        call: the function itself.
        trigger: the trigger's binding, as `function.json` would hold it.
        bindings: all bindings, unresolved.
        wants_context: whether it takes a `context`.
        returns: the type of its `$return` binding, if any.
        enabled: whether it is to run.
    """

    name: str
    call: Callable[..., Any]
    trigger: Mapping[str, Any]
    bindings: Sequence[Mapping[str, Any]]
    wants_context: bool
    returns: str | None
    enabled: bool

    @property
    def kind(self) -> str:
        """The type of the trigger."""
        return str(self.trigger["type"])

    @property
    def directory(self) -> str:
        """Where its module lies."""
        return str(Path(inspect.getfile(self.call)).parent)


def index(app: object, environment: Mapping[str, str]) -> list[IndexedFunction]:
    """All functions of the app, ordered by name.

    Args:
        app: the `func.FunctionApp`.
        environment: the app settings.

    Raises:
        IndexingError: with everything that is wrong at once. The settings of functions that are
            switched off are not asked for.
    """
    if not isinstance(app, func.FunctionApp):
        raise IndexingError([f"{type(app).__name__} is no azure.functions.FunctionApp"])
    try:
        declared = app.get_functions()
    except ValueError as error:
        raise IndexingError([str(error)]) from error
    functions: dict[str, IndexedFunction] = {}
    problems: list[str] = []
    for function in declared:
        name = str(function.get_function_name())
        try:
            if name.casefold() in functions:
                raise ValueError("the name is taken")  # noqa: TRY301 - one handler names all
            functions[name.casefold()] = _read(name, function, environment)
        except settings.MissingSettingsError as error:
            problems.append(f"function {name}: missing setting {error}")
        except (ValueError, RouteError, ScheduleError) as error:
            problems.append(f"function {name}: {error}")
    if problems:
        raise IndexingError(problems)
    return [functions[name] for name in sorted(functions)]


def _read(name: str, function: Function, environment: Mapping[str, str]) -> IndexedFunction:
    if not _NAME.fullmatch(name):
        raise ValueError("not a function name: a letter, then letters, digits, - and _")
    bindings = [json.loads(binding) for binding in function.get_raw_bindings()]
    trigger = next(binding for binding in bindings if str(binding["type"]).endswith("Trigger"))
    enabled = not settings.disabled(name, environment)
    call = function.get_user_function()
    wants_context, returns = _signature(call, bindings, trigger)
    if enabled:
        trigger = settings.resolve(trigger, environment)
        _CHECKS[trigger["type"]](trigger, environment)
    return IndexedFunction(name, call, trigger, bindings, wants_context, returns, enabled)


def _signature(
    call: Callable[..., Any], bindings: Sequence[Mapping[str, Any]], trigger: Mapping[str, Any]
) -> tuple[bool, str | None]:
    """What the worker checks in `functions.py` of azure-functions-runtime."""
    returns: str | None = None
    for binding in bindings:
        if binding is not trigger and (binding["type"], binding["name"]) != (
            _HTTP_OUTPUT,
            "$return",
        ):
            raise ValueError(f"binding {binding['type']} is not supported by the local host")
        if binding["name"] == "$return":
            returns = str(binding["type"])
    if trigger["type"] not in _CHECKS:
        raise ValueError(f"trigger {trigger['type']} is not supported by the local host")
    parameters = set(inspect.signature(call).parameters)
    wants_context = "context" in parameters and trigger["name"] != "context"
    if parameters - {"context"} != {trigger["name"]} - {"context"}:
        raise ValueError(
            f"takes {', '.join(sorted(parameters)) or 'nothing'}, but is bound to "
            f"{trigger['name']!r}"
        )
    _annotations(call, trigger, wants_context=wants_context, returns=returns)
    return wants_context, returns


def _annotations(
    call: Callable[..., Any],
    trigger: Mapping[str, Any],
    *,
    wants_context: bool,
    returns: str | None,
) -> None:
    hints = typing.get_type_hints(call)
    annotation = hints.get(trigger["name"])
    if annotation is not None and not converter(trigger["type"]).check_input_type_annotation(
        annotation
    ):
        raise ValueError(f"{trigger['name']}: {annotation!r} does not suit {trigger['type']}")
    context = hints.get("context")
    if wants_context and context is not None and getattr(context, "__name__", "") != "Context":
        raise ValueError(f"context: {context!r} is not azure.functions.Context")
    if returns is not None and "return" in hints:
        result = hints["return"]
        if not isinstance(result, type) or not converter(returns).check_output_type_annotation(
            result
        ):
            raise ValueError(f"returns {result!r}, which does not suit {returns}")


def _check_http(trigger: Mapping[str, Any], _: Mapping[str, str]) -> None:
    Template.parse(str(trigger["route"]))


def _check_timer(trigger: Mapping[str, Any], _: Mapping[str, str]) -> None:
    Schedule.parse(str(trigger["schedule"]))


def _check_service_bus(trigger: Mapping[str, Any], environment: Mapping[str, str]) -> None:
    settings.connection(str(trigger["connection"]), environment)
    if trigger.get("isSessionsEnabled"):
        raise ValueError("sessions are not supported by the local host")
    if str(trigger.get("cardinality") or "one").lower() != "one":
        raise ValueError("batches (cardinality many) are not supported by the local host")


_CHECKS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, str]], None]] = {
    HTTP: _check_http,
    SERVICE_BUS: _check_service_bus,
    TIMER: _check_timer,
}
