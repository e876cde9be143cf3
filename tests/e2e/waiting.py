"""Waiting for a condition, never for a length of time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Value = TypeVar("Value")

PATIENCE = 300.0
"""Seconds after which something that should have happened counts as never happening."""
_POLL = 0.1


async def eventually(
    look: Callable[[], Awaitable[Value | None]],
    what: str,
    *,
    within: float = PATIENCE,
    pause: float = _POLL,
) -> Value:
    """Look again and again until there is something to see.

    Args:
        look: None (or False) while it has not happened.
        what: names it in the failure.
        within: seconds; a bound on failure, not a claim about speed.
        pause: seconds between two looks, where a look is dear.
    """
    deadline = time.monotonic() + within
    while not (seen := await look()):
        assert time.monotonic() < deadline, f"{what}: not within {within:g} s"
        await asyncio.sleep(pause)
    return seen
