"""Reads a stream of pages as far as one round goes, whatever is in the way."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from shared.application.ports.sweep import RowPage
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.sweep.runs import Cursor, Failure

Row = TypeVar("Row")
GoesOn = Callable[[], bool]
"""Whether a round has time for another page."""


@dataclass(slots=True)
class Read(Generic[Row]):
    """What a round has read of a stream.

    Attributes:
        cursor: how far the stream is now.
        rows: what was read.
        trouble: why it stopped before its end, where that may pass.
    """

    cursor: Cursor
    rows: list[Row] = field(default_factory=list)
    trouble: LifecycleError | None = None

    def give_up(self) -> None:
        """Read no more of the stream, where something is in the way."""
        if self.trouble is not None:
            self.cursor = given_up(self.cursor, self.trouble)
            self.trouble = None


async def read_on(
    read: Callable[[str | None], Awaitable[RowPage[Row]]], cursor: Cursor, goes_on: GoesOn
) -> Read[Row]:
    """Read pages until the stream ends, the round does, or something is in the way.

    Args:
        read: reads a page by its address.
        cursor: where to go on.
        goes_on: whether there is time for another page.
    """
    found: Read[Row] = Read(cursor)
    while not found.cursor.done and found.trouble is None and goes_on():
        try:
            page = await read(found.cursor.page)
        except LifecycleError as error:
            found.trouble = error
            if error.disposition is not Disposition.DEFER:
                found.give_up()
        else:
            found.rows += page.rows
            found.cursor = replace(
                found.cursor,
                page=page.following,
                done=page.following is None,
                pages=found.cursor.pages + 1,
                rows=found.cursor.rows + len(page.rows),
            )
    return found


def given_up(cursor: Cursor, error: LifecycleError) -> Cursor:
    """A stream of which nothing more will be read."""
    return replace(cursor, done=True, failed=Failure(error.code, error.detail))
