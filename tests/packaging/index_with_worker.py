"""Start Microsoft's Python worker on the app in the folder given and print its functions, as JSON.

The worker is handed its protocol's message types by the process around it, which is not published;
`Messages` stands in for them and only keeps what the worker puts in.
"""

import asyncio
import importlib
import json
import sys
from types import SimpleNamespace
from typing import Any


class StatusResult(SimpleNamespace):
    """Whether a request went well; the numbers are the protocol's."""

    Failure = 0
    Success = 1


class BindingInfo(SimpleNamespace):
    """A binding, with the protocol's numbers for its direction and its type of data."""

    undefined = 0
    out = 1
    inout = 2


class Messages:
    """The message types of the protocol; those that are not named here are mere records."""

    StatusResult = StatusResult
    BindingInfo = BindingInfo

    def __getattr__(self, _: str) -> type[SimpleNamespace]:
        return SimpleNamespace


async def functions(folder: str) -> list[str]:
    """What the worker answers when the host starts it and asks what there is."""
    worker = importlib.import_module("azure_functions_runtime")
    start: Any = SimpleNamespace(capabilities={}, function_app_directory=folder)
    request = SimpleNamespace(
        properties={"host": "127.0.0.1", "protos": Messages()},
        request=SimpleNamespace(worker_init_request=start),
    )
    started = await worker.worker_init_request(request)
    if started.result.status != StatusResult.Success:
        raise RuntimeError(str(started.result.exception.message))
    answer = await worker.functions_metadata_request(request)
    return [function.name for function in answer.function_metadata_results]


sys.path.insert(0, sys.argv[1])
names = asyncio.run(functions(sys.argv[1]))
sys.stdout.write("\n" + json.dumps(names))
