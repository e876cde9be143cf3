"""How lines are written as bytes, and read again."""

from collections.abc import Sequence
from typing import Final

import msgspec

from shared.adapters.tables.sweep.lines_layout import KeptLines
from shared.adapters.tables.sweep.lines_reading import lines_of
from shared.adapters.tables.sweep.lines_writing import kept
from shared.adapters.tables.sweep.packing import Form
from shared.domain.sweep.lines import Line

_ENCODER: Final = msgspec.msgpack.Encoder(order="deterministic")
_DECODER: Final = msgspec.msgpack.Decoder(KeptLines)


def _write(lines: Sequence[Line]) -> bytes:
    return _ENCODER.encode(kept(lines))


def _read(octets: bytes) -> tuple[Line, ...]:
    return lines_of(_DECODER.decode(octets))


LINES: Final[Form[Sequence[Line]]] = Form("lines-2", _write, _read)
