"""Runs one function once, as `handle_event.py` of azure-functions-runtime does."""

import asyncio
import contextvars
import functools
import inspect
import logging
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from azure.functions.meta import Datum

from local.host.context import InvocationContext
from local.host.converters import converter
from local.host.index import IndexedFunction
from local.host.logs import invocation_scope

_log = logging.getLogger("host.invocation")


@dataclass(frozen=True)
class Outcome:
    """How an invocation ended.

    Args:
        succeeded: whether the function returned and its value could be encoded.
        value: what its `$return` binding makes of the value, if it has one.
    """

    succeeded: bool
    value: Datum | None = None


class Invoker:
    """Calls functions: coroutines on the loop, plain functions in a thread pool."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(thread_name_prefix="function")

    async def invoke(
        self, function: IndexedFunction, data: Datum, metadata: Mapping[str, Datum]
    ) -> Outcome:
        """Run the function on this trigger value. Its exceptions end here, in the log.

        Args:
            function: what to run.
            data: the trigger's value as the host sends it to the worker.
            metadata: the trigger metadata, alike.
        """
        invocation_id = str(uuid.uuid4())
        started = time.perf_counter()
        failure: Exception | None = None
        value: Datum | None = None
        with invocation_scope(function.name, invocation_id):
            try:
                result = await self._call(
                    function, _arguments(function, invocation_id, data, metadata)
                )
                value = _encode(function, result)
            except Exception as error:  # noqa: BLE001 - a function may raise anything; it is logged
                failure = error
            _log.log(
                logging.INFO if failure is None else logging.ERROR,
                "invocation",
                extra={
                    "outcome": "succeeded" if failure is None else "failed",
                    "durationMs": round((time.perf_counter() - started) * 1000, 1),
                },
                exc_info=failure,
            )
        return Outcome(succeeded=failure is None, value=value)

    def close(self) -> None:
        """Wait for the threads."""
        self._threads.shutdown()

    async def _call(self, function: IndexedFunction, arguments: dict[str, Any]) -> object:
        if inspect.iscoroutinefunction(function.call):
            return await function.call(**arguments)
        call = functools.partial(function.call, **arguments)
        scope = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, scope.run, call)


def _arguments(
    function: IndexedFunction, invocation_id: str, data: Datum, metadata: Mapping[str, Datum]
) -> dict[str, Any]:
    decoded = converter(function.kind).decode(data, trigger_metadata=metadata)
    arguments: dict[str, Any] = {function.trigger["name"]: decoded}
    if function.wants_context:
        arguments["context"] = InvocationContext.of(
            function.name, function.directory, invocation_id
        )
    return arguments


def _encode(function: IndexedFunction, result: object) -> Datum | None:
    if function.returns is None:
        if result is not None:
            raise TypeError(f"{function.name} has no $return binding but returned a value")
        return None
    return converter(function.returns).encode(result, expected_type=None)
