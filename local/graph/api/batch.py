"""`POST /$batch`: up to 20 requests in one, each with its own status.

Source: the JSON-batching page of the Graph documentation. Answers come back in another order than
the requests, as they may; a step that depends on one that failed is 424.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from local.graph.api.errors import GraphError, method_not_allowed
from local.graph.api.messages import GraphAnswer, GraphRequest

SEGMENTS = ("$batch",)
TEMPLATE = "/$batch"
_MOST_STEPS = 20
_FIRST_FAILURE = 400


class Step(msgspec.Struct, frozen=True, rename="camel"):
    """One request of a batch."""

    id: str
    method: str
    url: str
    headers: dict[str, str] = {}
    body: Any = None
    depends_on: tuple[str, ...] = ()


class _Payload(msgspec.Struct, frozen=True):
    requests: tuple[Step, ...]


def answer_batch(
    request: GraphRequest, answer: Callable[[GraphRequest, str], GraphAnswer]
) -> GraphAnswer:
    """Answer a batch; `answer` gets each step's request and its undecoded path.

    Raises:
        GraphError: the batch as a whole is refused.
    """
    if request.method != "POST":
        raise method_not_allowed()
    request.json_object()
    steps = _read(request.body)
    answers: dict[str, GraphAnswer] = {}
    for step in _in_order(steps):
        if any(answers[other].status >= _FIRST_FAILURE for other in step.depends_on):
            answers[step.id] = _failed_dependency()
        elif _path(step) == "/".join(SEGMENTS):
            raise _refused("Invalid batch payload format.")
        else:
            raw_path = f"/{request.version}/{_path(step)}"
            answers[step.id] = answer(_request_of(step, request), raw_path)
    return GraphAnswer(
        200,
        {"responses": [_shown(step, answers[step.id]) for step in reversed(steps)]},
        writes=sum(given.writes for given in answers.values()),
    )


def _read(body: bytes) -> tuple[Step, ...]:
    try:
        steps = msgspec.json.decode(body, type=_Payload).requests
    except msgspec.ValidationError as error:
        raise _refused("Invalid batch payload format.") from error
    ids = {step.id for step in steps}
    if not steps or len(ids) != len(steps) or "" in ids:
        raise _refused("Invalid batch payload format.")
    if len(steps) > _MOST_STEPS:
        raise _refused(f"Number of batch request steps exceeds the maximum value of {_MOST_STEPS}.")
    if any(other not in ids for step in steps for other in step.depends_on):
        raise _refused("Invalid batch payload format.")
    return steps


def _in_order(steps: Sequence[Step]) -> list[Step]:
    """The steps so that each comes after those it depends on."""
    done: dict[str, Step] = {}
    while len(done) < len(steps):
        ready = [
            step for step in steps if step.id not in done and done.keys() >= {*step.depends_on}
        ]
        if not ready:
            raise _refused("Invalid batch payload format.")
        done.update((step.id, step) for step in ready)
    return list(done.values())


def _request_of(step: Step, batch: GraphRequest) -> GraphRequest:
    body = b"" if step.body is None else msgspec.json.encode(step.body)
    headers = {name.lower(): value for name, value in step.headers.items()}
    return replace(
        batch,
        method=step.method.upper(),
        segments=tuple(unquote(part) for part in _path(step).split("/")),
        query=dict(parse_qsl(urlsplit(step.url).query, keep_blank_values=True)),
        headers={"content-length": str(len(body)), **headers},
        body=body,
    )


def _path(step: Step) -> str:
    return urlsplit(step.url).path.strip("/")


def _shown(step: Step, answer: GraphAnswer) -> Mapping[str, Any]:
    shown: dict[str, Any] = {"id": step.id, "status": answer.status, "headers": answer.headers}
    if answer.body is not None:
        shown["headers"] = {"Content-Type": "application/json", **answer.headers}
        shown["body"] = answer.body
    return shown


def _failed_dependency() -> GraphAnswer:
    message = "The request depends on one that failed."
    return GraphAnswer(424, {"error": {"code": "FailedDependency", "message": message}})


def _refused(message: str) -> GraphError:
    return GraphError(400, "BadRequest", message)
