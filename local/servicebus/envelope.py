"""A message between the wire and the disk: what the broker reads in it and writes into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from proton import int32, symbol, timestamp, ubyte, uint

from local.servicebus.refusals import MalformedError
from local.servicebus.sections import Section, SectionCode, encode, split

MAX_HEADER_TTL = 2**32 - 1
_SCHEDULED = symbol("x-opt-scheduled-enqueue-time")
_BROKER_OWNED = frozenset(
    {
        "x-opt-sequence-number",
        "x-opt-enqueue-sequence-number",
        "x-opt-enqueued-time",
        "x-opt-locked-until",
        "x-opt-message-state",
        "x-opt-deadletter-source",
    }
)
_DEFAULT_PRIORITY = 4
_TTL_FIELD = 2


class State(IntEnum):
    """The state of a stored message, by the numbers of `x-opt-message-state`."""

    ACTIVE = 0
    DEFERRED = 1
    SCHEDULED = 2


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message as it came in. Times and durations are milliseconds.

    `annotations` holds the sender's own ones, encoded; `body` everything behind them.
    """

    message_id: str | None
    time_to_live: int | None
    scheduled_for: int | None
    annotations: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the broker says about a message when it hands it out. Times are in milliseconds."""

    sequence: int
    origin_sequence: int
    enqueued_at: int
    time_to_live: int
    delivery_count: int
    state: State
    locked_until: int | None


def read(payload: bytes) -> Envelope:
    """Read an incoming message.

    Raises:
        MalformedError: the bytes are no AMQP message.
    """
    time_to_live: int | None = None
    message_id: str | None = None
    annotations: dict[Any, Any] = {}
    body: list[bytes] = []
    for section in split(payload):
        match section.code:
            case SectionCode.HEADER:
                time_to_live = _time_to_live(section)
            case SectionCode.DELIVERY_ANNOTATIONS:
                pass
            case SectionCode.MESSAGE_ANNOTATIONS:
                annotations = _own_annotations(section)
            case SectionCode.PROPERTIES:
                message_id = _message_id(section)
                body.append(section.raw)
            case _:
                body.append(section.raw)
    return Envelope(
        message_id=message_id,
        time_to_live=time_to_live,
        scheduled_for=_scheduled_for(annotations),
        annotations=encode(SectionCode.MESSAGE_ANNOTATIONS, annotations) if annotations else b"",
        body=b"".join(body),
    )


def write(annotations: bytes, body: bytes, stamp: Stamp) -> bytes:
    """The message as it goes out: the sender's bytes under the broker's header and annotations."""
    header = [
        True,
        ubyte(_DEFAULT_PRIORITY),
        uint(min(stamp.time_to_live, MAX_HEADER_TTL)),
        False,
        uint(stamp.delivery_count),
    ]
    marks: dict[Any, Any] = split(annotations)[0].value() if annotations else {}
    marks[symbol("x-opt-sequence-number")] = stamp.sequence
    marks[symbol("x-opt-enqueue-sequence-number")] = stamp.origin_sequence
    marks[symbol("x-opt-enqueued-time")] = timestamp(stamp.enqueued_at)
    marks[symbol("x-opt-message-state")] = int32(stamp.state)
    if stamp.locked_until is not None:
        marks[symbol("x-opt-locked-until")] = timestamp(stamp.locked_until)
    return (
        encode(SectionCode.HEADER, header) + encode(SectionCode.MESSAGE_ANNOTATIONS, marks) + body
    )


def with_properties(body: bytes, changes: Mapping[str, Any]) -> bytes:
    """The same body with these application properties set."""
    sections = split(body)
    properties: dict[Any, Any] = {}
    for section in sections:
        if section.code is SectionCode.APPLICATION_PROPERTIES:
            properties = section.value() or {}
    properties.update((str(name), value) for name, value in changes.items())
    before = [one.raw for one in sections if one.code < SectionCode.APPLICATION_PROPERTIES]
    after = [one.raw for one in sections if one.code > SectionCode.APPLICATION_PROPERTIES]
    return b"".join([*before, encode(SectionCode.APPLICATION_PROPERTIES, properties), *after])


def _fields(section: Section) -> list[Any]:
    fields = section.value()
    if not isinstance(fields, list):
        raise MalformedError(f"The {section.code.name} section is no list.")
    return fields


def _time_to_live(section: Section) -> int | None:
    fields = _fields(section)
    milliseconds = fields[_TTL_FIELD] if len(fields) > _TTL_FIELD else None
    if milliseconds is not None and not isinstance(milliseconds, int):
        raise MalformedError("The time to live is no number.")
    return milliseconds


def _message_id(section: Section) -> str | None:
    fields = _fields(section)
    return None if not fields or fields[0] is None else str(fields[0])


def _own_annotations(section: Section) -> dict[Any, Any]:
    annotations = section.value()
    if not isinstance(annotations, dict):
        raise MalformedError("The message annotations are no map.")
    return {key: value for key, value in annotations.items() if key not in _BROKER_OWNED}


def _scheduled_for(annotations: Mapping[Any, Any]) -> int | None:
    due = annotations.get(_SCHEDULED)
    return int(due) if isinstance(due, int) and due > 0 else None
