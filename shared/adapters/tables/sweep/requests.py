"""Many rows at once: read page by page, written side by side, dropped by the hundred."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.rules import TRANSACTION_ROWS
from shared.adapters.tables.store import Operation, StoredRow, TableStore
from shared.names import Table

AT_ONCE: Final = 16
"""Requests under way; a storage account takes thousands a second, a small host not many more."""
KEYS: Final = ("PartitionKey", "RowKey")


async def side_by_side(requests: Iterable[Callable[[], Awaitable[object]]]) -> None:
    """Make requests, so many at a time. When this returns or raises, none is under way.

    Raises:
        LifecycleError: what the first of them failed with that failed.
    """
    at_once = asyncio.Semaphore(AT_ONCE)

    async def made(request: Callable[[], Awaitable[object]]) -> None:
        async with at_once:
            await request()

    results = await asyncio.gather(*map(made, requests), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def pages(
    store: TableStore,
    table: Table,
    condition: str,
    values: Mapping[str, str],
    columns: Sequence[str] = (),
) -> AsyncIterator[Sequence[StoredRow]]:
    """All rows that meet a condition, a page of the store at a time."""
    token: Any = None
    while True:
        page = await store.page(table, condition, values, columns=columns, token=token)
        yield page.rows
        token = page.token
        if token is None:
            return


async def rows_between(
    store: TableStore, table: Table, partition: str, first: str, end: str
) -> list[StoredRow]:
    """The rows of a partition from one key up to before another."""
    found: list[StoredRow] = []
    async for rows in pages(
        store,
        table,
        "PartitionKey eq @partition and RowKey ge @first and RowKey lt @end",
        {"partition": partition, "first": first, "end": end},
    ):
        found.extend(rows)
    return found


async def drop_all(
    store: TableStore, table: Table, condition: str, values: Mapping[str, str]
) -> None:
    """Drop all rows that meet a condition. Who died in between does it again."""
    async for rows in pages(store, table, condition, values, KEYS):
        await drop(store, table, [(row.partition, row.key) for row in rows])


async def drop(store: TableStore, table: Table, keys: Sequence[tuple[str, str]]) -> None:
    """Drop rows, as many as may be in a transaction; those that are gone are no error."""
    partitions: dict[str, list[str]] = defaultdict(list)
    for partition, key in keys:
        partitions[partition].append(key)
    await side_by_side(
        _dropping(store, table, partition, found[start : start + TRANSACTION_ROWS])
        for partition, found in partitions.items()
        for start in range(0, len(found), TRANSACTION_ROWS)
    )


def _dropping(
    store: TableStore, table: Table, partition: str, keys: Sequence[str]
) -> Callable[[], Awaitable[None]]:
    async def drop_together() -> None:
        rows = [{"PartitionKey": partition, "RowKey": key} for key in keys]
        try:
            await store.transact(table, [Operation(kind="delete", row=row) for row in rows])
        except PreconditionFailed:
            # One is gone: by an attempt without an answer, or by another worker.
            await drop_singly()

    async def drop_singly() -> None:
        for key in keys:
            await store.delete(table, partition, key)

    return drop_together if len(keys) > 1 else drop_singly
