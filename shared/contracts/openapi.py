"""The OpenAPI 3.1 document of the HTTP API, from the same types that read and write it.

A test compares its paths, methods and keys with the indexed app.
"""

from http import HTTPStatus
from typing import Any, Final

import msgspec

from shared.contracts.operation import Operation
from shared.contracts.operations import OPERATIONS
from shared.contracts.problem import CONTENT_TYPE, Problem

VERSION: Final = "1.0.0"


def document() -> dict[str, Any]:
    """The OpenAPI document."""
    types = {Problem} | {
        kind
        for operation in OPERATIONS
        for kinds in ((operation.body,), *operation.answers.values())
        for kind in kinds
        if kind is not None
    }
    ordered = sorted(types, key=lambda kind: kind.__name__)
    schemas, components = msgspec.json.schema_components(
        ordered, ref_template="#/components/schemas/{name}"
    )
    references = dict(zip(ordered, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(f"/api{operation.path}", {})[operation.method] = _described(
            operation, references
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "mfa-lifecycle",
            "version": VERSION,
            "description": "Runs the MFA lifecycle of Microsoft 365 users.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "functionKey": {"type": "apiKey", "in": "header", "name": "x-functions-key"},
                "entraId": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    }


def _described(operation: Operation, references: dict[type, dict[str, Any]]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.operation_id,
        "summary": operation.summary,
        "security": operation.security,
        "parameters": [
            *(
                _parameter("path", part[1:-1], None)
                for part in operation.path.split("/")
                if part.startswith("{")
            ),
            *(_parameter("query", name, text) for name, text in operation.query.items()),
            *(_parameter("header", name, text) for name, text in operation.headers.items()),
        ],
        "responses": {
            **{
                str(int(status)): _success(operation, status, kinds, references)
                for status, kinds in operation.answers.items()
            },
            **{
                str(int(status)): _answer(status, CONTENT_TYPE, references, Problem)
                for status in sorted(set(operation.problems))
            },
        },
    }
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": references[operation.body]}},
        }
    return described


def _parameter(place: str, name: str, meaning: str | None) -> dict[str, Any]:
    parameter: dict[str, Any] = {
        "name": name,
        "in": place,
        "required": place == "path",
        "schema": {"type": "string"},
    }
    return parameter if meaning is None else parameter | {"description": meaning}


def _success(
    operation: Operation,
    status: HTTPStatus,
    kinds: tuple[type, ...],
    references: dict[type, dict[str, Any]],
) -> dict[str, Any]:
    if not operation.text:
        return _answer(status, "application/json", references, *kinds)
    words = {one: {"schema": {"type": "string"}} for one in operation.text}
    answer = _answer(status, "application/json", references, *kinds) if kinds else {}
    return {"description": status.phrase, "content": {**answer.get("content", {}), **words}}


def _answer(
    status: HTTPStatus,
    content_type: str,
    references: dict[type, dict[str, Any]],
    *kinds: type,
) -> dict[str, Any]:
    if status is HTTPStatus.NO_CONTENT:
        return {"description": status.phrase}
    shapes = [references[kind] for kind in kinds]
    schema = shapes[0] if len(shapes) == 1 else {"oneOf": shapes} if shapes else {"type": "object"}
    return {"description": status.phrase, "content": {content_type: {"schema": schema}}}
