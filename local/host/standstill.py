"""Tells in the log where the loop stands still: whatever blocks it blocks every function."""

import asyncio
import faulthandler
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LONGEST_SECONDS = 5.0
"""A loop that has not turned for so long is stuck; a busy machine makes it wait for less."""
_GLANCE_SECONDS = 1.0


@asynccontextmanager
async def standstill_told() -> AsyncIterator[None]:
    """The stack traces of all threads go to stderr whenever the loop stands still inside."""
    watching = asyncio.create_task(_watch())
    try:
        yield
    finally:
        watching.cancel()
        faulthandler.cancel_dump_traceback_later()


async def _watch() -> None:
    while True:
        faulthandler.dump_traceback_later(LONGEST_SECONDS)
        await asyncio.sleep(_GLANCE_SECONDS)
