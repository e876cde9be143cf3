"""One clock for the whole local stack: real time plus an offset that every process shares.

The offset lives in a small memory-mapped file, so that a jump made by one process is seen by all
the others at once, and survives the death of any of them. Locks and leases do not use this clock:
they stay on real time.
"""

import mmap
import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

# Native, so that the eight bytes are moved at once: nobody sees half of a jump.
_OFFSET = struct.Struct("d")


class StackClock:
    """Reads and moves the stack's time.

    Args:
        path: the file that holds the offset; made, with an offset of zero, where it is missing.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(descriptor).st_size < _OFFSET.size:
                os.write(descriptor, _OFFSET.pack(0.0))
            self._map = mmap.mmap(descriptor, _OFFSET.size)
        finally:
            os.close(descriptor)

    def offset(self) -> float:
        """How far the stack's time is ahead of real time, in seconds."""
        seconds: float = _OFFSET.unpack_from(self._map)[0]
        return seconds

    def now(self) -> datetime:
        """The stack's time, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset())

    def advance(self, seconds: float) -> datetime:
        """Move the stack's time by `seconds` and return the new time."""
        _OFFSET.pack_into(self._map, 0, self.offset() + seconds)
        return self.now()

    def close(self) -> None:
        """Let the file go."""
        self._map.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
