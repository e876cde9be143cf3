"""Many rows: found page by page, dropped together."""

import pytest

from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.store import Operation, StoredRow, TableStore
from shared.names import Table

EVERYTHING = "PartitionKey eq @partition"


@pytest.fixture(params=["service", "memory"])
def store(
    request: pytest.FixtureRequest, store: TableStore, memory_store: TableStore
) -> TableStore:
    """Each store in turn."""
    return store if request.param == "service" else memory_store


async def filled(store: TableStore, count: int) -> list[str]:
    """Write so many rows; their keys."""
    keys = [f"{number:05d}" for number in range(count)]
    for start in range(0, count, 100):
        await store.transact(
            Table.STAGING,
            [
                Operation(
                    kind="create",
                    row={"PartitionKey": "p", "RowKey": key, "Number": 1, "Body": b"octets"},
                )
                for key in keys[start : start + 100]
            ],
        )
    return keys


async def all_rows(store: TableStore, *columns: str) -> tuple[list[StoredRow], int]:
    """All rows, and how many pages they were."""
    found: list[StoredRow] = []
    token, number = None, 0
    while True:
        page = await store.page(
            Table.STAGING, EVERYTHING, {"partition": "p"}, columns=columns, token=token
        )
        found.extend(page.rows)
        token, number = page.token, number + 1
        if token is None:
            return found, number


async def test_every_row_is_on_one_page(store: TableStore) -> None:
    """In the order of their keys, though one answer does not hold them all."""
    keys = await filled(store, 1_050)
    found, pages = await all_rows(store)
    assert [row.key for row in found] == keys
    assert pages == 2


async def test_where_nothing_is_found_there_is_one_page(store: TableStore) -> None:
    """It is empty."""
    assert await all_rows(store) == ([], 1)


async def test_only_the_columns_that_are_wanted_are_read(store: TableStore) -> None:
    """Who drops rows needs not carry what is in them."""
    keys = await filled(store, 3)
    found, _ = await all_rows(store, "PartitionKey", "RowKey")
    assert [(row.key, row.columns) for row in found] == [(key, {}) for key in keys]
    found, _ = await all_rows(store, "PartitionKey", "RowKey", "Number")
    assert [row.columns for row in found] == [{"Number": 1}] * 3


async def test_rows_are_dropped_together_or_not_at_all(store: TableStore) -> None:
    """One that is gone already keeps the others."""
    keys = await filled(store, 3)
    drops = [
        Operation(kind="delete", row={"PartitionKey": "p", "RowKey": key})
        for key in (*keys[:2], "gone")
    ]
    with pytest.raises(PreconditionFailed):
        await store.transact(Table.STAGING, drops)
    assert [row.key for row in (await all_rows(store))[0]] == keys
    await store.transact(Table.STAGING, drops[:2])
    assert [row.key for row in (await all_rows(store))[0]] == keys[2:]
