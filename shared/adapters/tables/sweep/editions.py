"""Things that are replaced as a whole though they may take several rows.

Each edition has rows of its own, and one row elsewhere, written last, says which edition counts. So
readers see the old one or the new one, and never some of both. What the old one leaves goes with
everything else of its run. An edition is called by what is in it: written again it is the same.
"""

from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.store import StoredRow, TableStore
from shared.adapters.tables.sweep.packing import (
    BEHIND,
    PAST,
    Content,
    Form,
    content_of_rows,
    packed,
    packed_rows,
)
from shared.adapters.tables.sweep.requests import rows_between, side_by_side
from shared.names import Table

_CHARACTERS: Final = 32


async def keep_edition(
    store: TableStore, table: Table, partition: str, form: Form[Content], content: Content
) -> str:
    """Write an edition; return what it is called."""
    body = packed(form, content)
    edition = sha256(body).hexdigest()[:_CHARACTERS]
    await side_by_side(
        partial(store.put, table, row) for row in packed_rows(partition, edition, form, body)
    )
    return edition


async def rows_of_edition(
    store: TableStore, table: Table, partition: str, edition: str
) -> Sequence[StoredRow]:
    """The rows of an edition; none where it was not kept."""
    return await rows_between(store, table, partition, f"{edition}{BEHIND}", f"{edition}{PAST}")


async def edition_of(
    store: TableStore,
    table: Table,
    partition: str,
    form: Form[Content],
    head: Columns,
    *,
    named: str = "Edition",
) -> Content:
    """The edition that a row names, in the column of this name.

    Raises:
        UnreadableRow: it is not there, or it is not what we write.
    """
    edition = head.text(named)
    rows = await rows_of_edition(store, table, partition, edition)
    if not rows:
        raise head.wrong(f"there is no edition {edition}")
    return content_of_rows(rows, form)
