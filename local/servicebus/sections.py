"""The sections of an AMQP message (AMQP 1.0, part 3.2), cut without decoding what is in them.

Whatever the broker need not change is passed on byte for byte, so that no body type and no
property is lost or reshaped on the way.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import proton

from local.servicebus.refusals import MalformedError


class SectionCode(IntEnum):
    """The descriptors of the sections, in the order in which they may stand."""

    HEADER = 0x70
    DELIVERY_ANNOTATIONS = 0x71
    MESSAGE_ANNOTATIONS = 0x72
    PROPERTIES = 0x73
    APPLICATION_PROPERTIES = 0x74
    DATA = 0x75
    SEQUENCE = 0x76
    VALUE = 0x77
    FOOTER = 0x78


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its kind and all of its bytes, descriptor included."""

    code: SectionCode
    raw: bytes

    def value(self) -> Any:  # noqa: ANN401 - an AMQP value may be of any type
        """The decoded value of the section.

        Raises:
            MalformedError: the bytes are no AMQP value.
        """
        data = proton.Data()
        try:
            data.decode(self.raw)
            data.rewind()
            data.next()
            described = data.get_object()
        except (proton.ProtonException, UnicodeDecodeError) as error:
            raise MalformedError(f"A {self.code.name} section can't be decoded.") from error
        if not isinstance(described, proton.Described):
            raise MalformedError(f"A {self.code.name} section has no descriptor.")
        return owned(described.value)


def split(payload: bytes) -> list[Section]:
    """Cut a message into its sections.

    Raises:
        MalformedError: the bytes are no sequence of message sections.
    """
    try:
        return list(_sections(payload))
    except (struct.error, IndexError, ValueError) as error:
        raise MalformedError("The bytes are no AMQP message.") from error


def owned(value: Any) -> Any:  # noqa: ANN401 - any AMQP value
    """The same value with its binaries copied: proton's are views of memory that it will free."""
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, dict):
        return {key: owned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [owned(item) for item in value]
    return value


def encode(code: SectionCode, value: Any) -> bytes:  # noqa: ANN401 - any AMQP value
    """One section with this value."""
    data = proton.Data()
    data.put_object(proton.Described(proton.ulong(code), value))
    return bytes(data.encode())


def batch(payload: bytes) -> list[bytes] | None:
    """The messages inside a batch, or nothing where the message is a plain one.

    A batch has message format 0x80013700 and carries each message in a data section of its own.
    proton does not hand that format out, so a batch is known by its content: its body is data
    sections only, and every one of them is a whole AMQP message.
    """
    sections = [one for one in split(payload) if one.code >= SectionCode.DATA]
    if not sections or any(one.code is not SectionCode.DATA for one in sections):
        return None
    inner: list[bytes] = [one.value() for one in sections]
    return inner if all(_is_message(one) for one in inner) else None


def _is_message(payload: bytes) -> bool:
    if payload[:2] != b"\x00\x53":
        return False
    try:
        sections = split(payload)
    except MalformedError:
        return False
    return any(SectionCode.DATA <= one.code <= SectionCode.VALUE for one in sections)


def _sections(payload: bytes) -> Iterator[Section]:
    position = 0
    while position < len(payload):
        code, value_at = _descriptor(payload, position)
        end = _value_end(payload, value_at)
        if end > len(payload):
            raise ValueError(end)
        yield Section(SectionCode(code), payload[position:end])
        position = end


_SMALL_ULONG = 0x53
_ULONG = 0x80


def _descriptor(payload: bytes, position: int) -> tuple[int, int]:
    if payload[position] != 0:
        raise ValueError(position)
    if payload[position + 1] == _SMALL_ULONG:
        return payload[position + 2], position + 3
    if payload[position + 1] == _ULONG:
        return struct.unpack_from(">Q", payload, position + 2)[0], position + 10
    raise ValueError(position)


_FIXED_WIDTHS = {0x4: 0, 0x5: 1, 0x6: 2, 0x7: 4, 0x8: 8, 0x9: 16}
_SMALL_VARIABLE = (0xA, 0xC, 0xE)
_LARGE_VARIABLE = (0xB, 0xD, 0xF)


def _value_end(payload: bytes, position: int) -> int:
    """Where the value that starts here ends: its constructor tells (AMQP 1.0, part 1.2.1)."""
    kind = payload[position] >> 4
    if kind in _FIXED_WIDTHS:
        return position + 1 + _FIXED_WIDTHS[kind]
    if kind in _SMALL_VARIABLE:
        return position + 2 + int(payload[position + 1])
    if kind in _LARGE_VARIABLE:
        size: int = struct.unpack_from(">I", payload, position + 1)[0]
        return position + 5 + size
    raise ValueError(position)
