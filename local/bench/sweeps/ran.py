"""What became of a run, and what it took."""

from collections.abc import Callable

import msgspec


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """A run.

    Attributes:
        state: how it ended.
        problems: what it could not read.
        parts: how many parts the tenant was cut into.
        changes: of how many people the verdict is another one than before.
        seconds: real time.
        cpu: seconds of the worker's processor.
        memory: the most that the worker held, in bytes.
        rows: how many rows were written; None where nobody counted.
    """

    state: str
    problems: list[str]
    parts: int
    changes: int
    seconds: float
    cpu: float
    memory: int
    rows: int | None = None


Run = Callable[[], Ran]
"""Makes a run."""
