"""What the functions of a sample app were given, for the tests to ask."""

import json
from typing import Any

import azure.functions as func

_noted: list[dict[str, Any]] = []

blueprint = func.Blueprint()


def note(function: str, **facts: object) -> None:
    """Remember a run."""
    _noted.append({"function": function, **facts})


@blueprint.function_name("seen")
@blueprint.route("seen", auth_level=func.AuthLevel.ANONYMOUS)
async def seen(req: func.HttpRequest) -> func.HttpResponse:
    """All runs so far."""
    del req
    return func.HttpResponse(json.dumps(_noted, default=str), mimetype="application/json")
