"""The contract of the port `Registries`."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.tables.registries import TableRegistries
from shared.adapters.tables.store import TableStore
from shared.application.ports.registries import Registries
from shared.domain.errors.storage import Conflict, StoreUnavailable
from shared.domain.ids import UserId
from shared.domain.registries import Entry, Registry
from shared.names import Table
from tests.contract.samples import NOON, PERSON
from tests.fakes.registries import FakeRegistries

PLAIN = Entry(
    user_id=PERSON,
    owner="Identity team",
    reason="Zoë's lab account: §4",
    expires_at=None,
    added_by="admin-1",
    added_at=NOON,
)
FULL = replace(
    PLAIN,
    expires_at=NOON + timedelta(days=30),
    removal_requested_by="admin-2",
    removal_requested_at=NOON + timedelta(hours=1),
)


@pytest.fixture(params=["fake", "tables"])
def registries(request: pytest.FixtureRequest) -> Registries:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeRegistries()
    return TableRegistries(request.getfixturevalue("store"))


@pytest.mark.parametrize("registry", Registry)
async def test_new_list_is_empty(registries: Registries, registry: Registry) -> None:
    """On a new deployment nobody is on a list."""
    assert await registries.entries(registry) == {}
    assert await registries.entry(registry, PERSON) is None


@pytest.mark.parametrize("registry", Registry)
async def test_written_entry_is_read_back(registries: Registries, registry: Registry) -> None:
    """What was written is read back to the microsecond, and what was left out is gone."""
    await registries.replace(registry, None, FULL)
    assert await registries.entry(registry, PERSON) == FULL
    await registries.replace(registry, FULL, PLAIN)
    assert await registries.entries(registry) == {PERSON: PLAIN}


async def test_lists_are_apart(registries: Registries) -> None:
    """Who is protected is not thereby excluded."""
    await registries.replace(Registry.PROTECTED, None, PLAIN)
    assert await registries.entries(Registry.EXCLUSIONS) == {}


async def test_removed_entry_is_gone(registries: Registries) -> None:
    """A removal removes that entry alone, and a second one is no error."""
    other = replace(PLAIN, user_id=UserId("00000000-0000-4000-8000-000000000002"))
    await registries.replace(Registry.PROTECTED, None, PLAIN)
    await registries.replace(Registry.PROTECTED, None, other)
    await registries.remove(Registry.PROTECTED, PLAIN)
    await registries.remove(Registry.PROTECTED, PLAIN)
    assert await registries.entries(Registry.PROTECTED) == {other.user_id: other}


async def test_stale_writer_conflicts(registries: Registries) -> None:
    """Who read an older entry neither writes nor removes."""
    await registries.replace(Registry.PROTECTED, None, PLAIN)
    with pytest.raises(Conflict):
        await registries.replace(Registry.PROTECTED, None, FULL)
    with pytest.raises(Conflict):
        await registries.replace(Registry.PROTECTED, FULL, PLAIN)
    with pytest.raises(Conflict):
        await registries.remove(Registry.PROTECTED, FULL)
    assert await registries.entry(Registry.PROTECTED, PERSON) == PLAIN


async def test_of_many_writers_one_wins(registries: Registries) -> None:
    """Of ten that read the same entry one writes; the others conflict."""
    news = [replace(PLAIN, reason=f"reason {number}") for number in range(10)]
    results = await asyncio.gather(
        *(registries.replace(Registry.EXCLUSIONS, None, new) for new in news),
        return_exceptions=True,
    )
    assert [type(result) for result in results if result is not None] == [Conflict] * 9


async def test_removal_and_statement_side_by_side(registries: Registries) -> None:
    """Of a removal and a new statement of the same entry, one wins and the other is told."""
    await registries.replace(Registry.EXCLUSIONS, None, PLAIN)
    results = await asyncio.gather(
        registries.remove(Registry.EXCLUSIONS, PLAIN),
        registries.replace(Registry.EXCLUSIONS, PLAIN, FULL),
        return_exceptions=True,
    )
    left = await registries.entry(Registry.EXCLUSIONS, PERSON)
    assert [isinstance(result, Conflict) for result in results] == [left == FULL, left is None]


async def test_list_that_is_too_long_is_not_read_in_part(store: TableStore) -> None:
    """Whoever stood in the part left out would seem unprotected, so nothing is told at all."""
    registries = TableRegistries(store, most=2)
    for number in range(3):
        user = UserId(f"00000000-0000-4000-8000-00000000000{number}")
        await registries.replace(Registry.PROTECTED, None, replace(PLAIN, user_id=user))
        if number < 2:
            assert len(await registries.entries(Registry.PROTECTED)) == number + 1
    with pytest.raises(StoreUnavailable):
        await registries.entries(Registry.PROTECTED)


class Interrupted(TableStore):
    """A store in which somebody else writes between our read and our removal."""

    async def delete(
        self, table: Table, partition: str, key: str, *, etag: str | None = None
    ) -> None:
        """Let the other one write, then remove."""
        await self.merge(table, {"PartitionKey": partition, "RowKey": key, "Owner": "Somebody"})
        await super().delete(table, partition, key, etag=etag)


async def test_entry_that_changes_while_it_is_removed_stays(tables: str) -> None:
    """A statement that comes between the read and the removal is not lost."""
    async with Interrupted.from_connection_string(tables) as store:
        registries = TableRegistries(store)
        await registries.replace(Registry.PROTECTED, None, PLAIN)
        with pytest.raises(Conflict):
            await registries.remove(Registry.PROTECTED, PLAIN)
        left = await registries.entry(Registry.PROTECTED, PERSON)
        assert left == replace(PLAIN, owner="Somebody")
