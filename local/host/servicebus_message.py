"""A received message as the worker is told of it: `ServiceBusTriggerBindingStrategy.cs` 5.x.

Two things surprise, and are kept. `EnqueuedTimeUtc` and `ExpiresAtUtc` carry no offset, so that
functions get naive datetimes. And the top-level fields of a JSON body are laid over the metadata,
whatever their case (`ApplyBindingData` in WorkerFunctionInvoker.cs): a body
`{"messageId": "x"}` changes what `msg.message_id` says.
"""

import base64
import json
from collections.abc import Mapping
from datetime import datetime

from azure.functions.meta import Datum
from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.amqp import AmqpMessageBodyType

Metadata = dict[str, Datum]


class UnreadableMessageError(ValueError):
    """The extension can't make of this message what the function asks for."""


def trigger_data(message: ServiceBusReceivedMessage, *, binary: bool) -> Datum:
    """The body: text, or bytes where the trigger's `dataType` is binary.

    Raises:
        UnreadableMessageError: the body is not UTF-8, or not a data section.
    """
    if message.body_type != AmqpMessageBodyType.DATA:
        raise UnreadableMessageError("the body is not a data section")
    body = b"".join(message.body)
    if binary:
        return Datum(body, "bytes")
    try:
        return Datum(body.decode(), "string")
    except UnicodeDecodeError as error:
        raise UnreadableMessageError("the body is not UTF-8") from error


def trigger_metadata(message: ServiceBusReceivedMessage, data: Datum) -> Metadata:
    """What `msg.metadata` and the message's properties are made of."""
    properties = {
        str(_decoded(name)): _decoded(value)
        for name, value in (message.application_properties or {}).items()
    }
    metadata = known(
        {
            # AMQP counts earlier deliveries; .NET adds the present one (AmqpMessageConverter.cs).
            "DeliveryCount": (message.delivery_count or 0) + 1,
            "DeadLetterSource": message.dead_letter_source,
            "LockToken": str(message.lock_token),
            "ExpiresAtUtc": _without_offset(message.expires_at_utc),
            "ExpiresAt": message.expires_at_utc,
            "EnqueuedTimeUtc": _without_offset(message.enqueued_time_utc),
            "EnqueuedTime": message.enqueued_time_utc,
            "MessageId": message.message_id,
            "ContentType": message.content_type,
            "ReplyTo": message.reply_to,
            "SequenceNumber": message.sequence_number,
            "To": message.to,
            "Subject": message.subject,
            "Label": message.subject,
            "CorrelationId": message.correlation_id,
            "ApplicationProperties": properties,
            "UserProperties": properties,
            "SessionId": message.session_id,
            "ReplyToSessionId": message.reply_to_session_id,
            "PartitionKey": message.partition_key,
        }
    )
    return overlaid(metadata, data)


def made_up_metadata(data: Datum) -> Metadata:
    """The metadata of a message that an administrator made up: nothing is known of it."""
    return overlaid(
        known({"DeliveryCount": 0, "ApplicationProperties": {}, "UserProperties": {}}), data
    )


def known(values: Mapping[str, object]) -> Metadata:
    """These values as the host sends them: text as text, all else as JSON, None not at all."""
    return {name: _datum(value) for name, value in values.items() if value is not None}


def overlaid(metadata: Metadata, data: Datum) -> Metadata:
    """The metadata with the scalar and object fields of a JSON body laid over it."""
    if data.type != "string":
        return metadata
    try:
        document = json.loads(data.value)
    except (ValueError, RecursionError):
        return metadata
    if not isinstance(document, dict):
        return metadata
    known_names = {name.casefold(): name for name in metadata}
    laid_over: Metadata = dict(metadata)
    fields: dict[str, object] = document
    for name, value in fields.items():
        if value is not None and not isinstance(value, list):
            laid_over[known_names.get(name.casefold(), name)] = _field(value)
    return laid_over


def _field(value: object) -> Datum:
    if isinstance(value, dict):
        return Datum(json.dumps(value), "json")
    return Datum(str(value), "string")


def _datum(value: object) -> Datum:
    if isinstance(value, str):
        return Datum(value, "string")
    return Datum(json.dumps(value, default=_json), "json")


def _json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _without_offset(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=None)


def _decoded(value: object) -> object:
    """The Python client leaves AMQP strings as bytes; .NET hands out text, binary as base64."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()
