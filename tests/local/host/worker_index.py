"""Run by the interpreter of Microsoft's worker: prints what that worker makes of the sample apps.

The worker is given its message types by the host over gRPC, where they are not on PyPI; plain
namespaces stand for them.
"""

import importlib
import json
import sys
from types import SimpleNamespace
from typing import Any


class _BindingInfo(SimpleNamespace):
    undefined, string, binary, stream = None, 1, 2, 3
    out, inout = 1, 2


_MESSAGES = SimpleNamespace(
    BindingInfo=_BindingInfo, RpcFunctionMetadata=SimpleNamespace, RpcRetryOptions=SimpleNamespace
)


def _indexed(app: Any) -> dict[str, Any]:  # noqa: ANN401 - of the other interpreter's library
    # The worker is not installed where the types are checked.
    functions = importlib.import_module("azure_functions_runtime.functions")
    loader = importlib.import_module("azure_functions_runtime.loader")
    results, _ = loader.process_indexed_function(
        _MESSAGES, functions.Registry(), app.get_functions(), "."
    )
    return {
        result.name: [json.loads(binding) for binding in result.raw_bindings] for result in results
    }


def _refusal(app: Any) -> str:  # noqa: ANN401 - of the other interpreter's library
    functions = importlib.import_module("azure_functions_runtime.functions")
    try:
        _indexed(app)
    except functions.FunctionLoadError as error:
        return str(error)
    return ""


def main() -> None:
    """Index each app named on the command line, and the refused ones."""
    meta = importlib.import_module("azure_functions_runtime.bindings.meta")
    meta.load_binding_registry()
    accepted = {
        name: _indexed(importlib.import_module(f"tests.local.host.{name}").app)
        for name in sys.argv[1:]
    }
    refused = importlib.import_module("tests.local.host.refused").APPS
    refusals = {what: _refusal(app) for what, app in refused.items()}
    sys.stdout.write(json.dumps({"accepted": accepted, "refusals": refusals}))


if __name__ == "__main__":
    main()
