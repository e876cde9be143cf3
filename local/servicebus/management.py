"""The `$management` node of an entity: what clients ask for outside of their links.

The operations and the shapes of their messages are those of
https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from proton import UNDESCRIBED, Array, Data

from local.servicebus import envelope, receiving, sending, settling
from local.servicebus.journal import note
from local.servicebus.namespace import Namespace
from local.servicebus.refusals import (
    MalformedError,
    MessageTooLargeError,
    NotAllowedError,
    NotSupportedError,
    RefusalError,
)
from local.servicebus.requests import Request, answer
from local.servicebus.topology import Entity

_OK = 200
_NO_CONTENT = 204
_SETTLED_BY_SENDER = 0
"""The receiver settle mode `first`, which asks for messages that are gone once sent."""

Body = dict[str, Any] | None
_Operation = Callable[[Namespace, Entity, Request], Body]


def manage(namespace: Namespace, entity: Entity, request: Request) -> bytes:
    """Carry out one request and write its response; a refusal is a response too."""
    try:
        body = _operation(request)(namespace, entity, request)
    except RefusalError as refusal:
        note(
            "management refused",
            path=entity.path,
            operation=request.operation,
            condition=refusal.condition,
        )
        return _answer(request, None, refusal.status, str(refusal), refusal.condition)
    if body == {"messages": []}:
        return _answer(request, None, _NO_CONTENT, "No messages.", "com.microsoft:no-messages")
    return _answer(request, body, _OK, "OK")


def _answer(
    request: Request, body: Body, code: int, description: str, condition: str | None = None
) -> bytes:
    properties = {"statusDescription": description}
    if condition:
        properties["errorCondition"] = condition
    return answer(request, body, code_name="statusCode", code=code, **properties)


def _operation(request: Request) -> _Operation:
    name = request.operation.removeprefix("com.microsoft:")
    if name not in _OPERATIONS:
        raise NotSupportedError(f"The operation '{request.operation}' is not supported.")
    return _OPERATIONS[name]


def _schedule(namespace: Namespace, entity: Entity, request: Request) -> Body:
    if not entity.takes_messages:
        raise NotAllowedError("Messages can't be scheduled here.")
    payloads = [_payload(item) for item in request.field("messages", list)]
    if sum(len(payload) for payload in payloads) > namespace.max_message_size:
        raise MessageTooLargeError(
            f"The messages exceed the limit ({namespace.max_message_size} bytes)."
        )
    envelopes = [envelope.read(payload) for payload in payloads]
    if any(one.scheduled_for is None for one in envelopes):
        raise MalformedError("A message to schedule needs x-opt-scheduled-enqueue-time.")
    sequences = sending.send(namespace, entity, envelopes)
    return {"sequence-numbers": _array(Data.LONG, sequences)}


def _payload(item: object) -> bytes:
    payload = item.get("message") if isinstance(item, Mapping) else None
    if isinstance(payload, bytes):
        return payload
    raise MalformedError("A message to schedule must be there as bytes.")


def _cancel(namespace: Namespace, entity: Entity, request: Request) -> Body:
    sending.cancel_scheduled(namespace, entity, request.array("sequence-numbers", int))
    return None


def _peek(namespace: Namespace, entity: Entity, request: Request) -> Body:
    _require_receivable(entity)
    first = request.field("from-sequence-number", int)
    count = request.field("message-count", int)
    payloads = receiving.peek(namespace, entity, first=first, count=count)
    return {"messages": [{"message": payload} for payload in payloads]}


def _receive_deferred(namespace: Namespace, entity: Entity, request: Request) -> Body:
    _require_receivable(entity)
    received = receiving.receive_deferred(
        namespace,
        entity,
        request.array("sequence-numbers", int),
        and_delete=request.field("receiver-settle-mode", int) == _SETTLED_BY_SENDER,
    )
    return {
        "messages": [
            {"message": one.payload, **({"lock-token": one.lock_token} if one.lock_token else {})}
            for one in received
        ]
    }


def _renew(namespace: Namespace, entity: Entity, request: Request) -> Body:
    ends = settling.renew(namespace, entity.path, request.array("lock-tokens", UUID))
    return {"expirations": _array(Data.TIMESTAMP, ends)}


def _settle(namespace: Namespace, entity: Entity, request: Request) -> Body:
    status = request.field("disposition-status", str)
    tokens = request.array("lock-tokens", UUID)
    changes = request.optional("properties-to-modify", dict)
    for token in tokens:
        settling.held(namespace, entity.path, token)
    for token in tokens:
        match status:
            case "completed":
                settling.complete(namespace, entity.path, token)
            case "abandoned":
                settling.abandon(namespace, entity.path, token, changes)
            case "defered":
                settling.defer(namespace, entity.path, token, changes)
            case "suspended":
                settling.dead_letter(
                    namespace,
                    entity.path,
                    token,
                    reason=request.optional("deadletter-reason", str),
                    description=request.optional("deadletter-description", str),
                    changes=changes,
                )
            case _:
                raise MalformedError(f"The disposition '{status}' is unknown.")
    return None


def _require_receivable(entity: Entity) -> None:
    if not entity.gives_messages:
        raise NotAllowedError("A topic has no messages of its own; ask a subscription.")


_OPERATIONS: dict[str, _Operation] = {
    "schedule-message": _schedule,
    "cancel-scheduled-message": _cancel,
    "peek-message": _peek,
    "receive-by-sequence-number": _receive_deferred,
    "renew-lock": _renew,
    "update-disposition": _settle,
}


def _array(kind: int, values: list[int]) -> Array:
    return Array(UNDESCRIBED, kind, *values)  # type: ignore[arg-type] # proton's own constant
