"""Many things at once, and not too many."""

import asyncio
from typing import Any


async def side_by_side(*work: Any, most: int = 10) -> list[Any]:  # noqa: ANN401 - as gather
    """Do all of it, so many at a time, and return the results in order."""
    turns = asyncio.Semaphore(most)

    async def one(task: Any) -> Any:  # noqa: ANN401
        async with turns:
            return await task

    return list(await asyncio.gather(*map(one, work)))
