"""The contract of the port `Volumes`."""

import asyncio
from datetime import date

import pytest

from shared.adapters.tables.store import TableStore
from shared.adapters.tables.volumes import TableVolumes
from shared.application.ports.sources import Volumes
from shared.domain.ids import SourceName
from tests.fakes.volumes import FakeVolumes

HR, OTHER = SourceName("contoso-hr"), SourceName("größe/#1")
TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture(params=["fake", "tables"])
def volumes(request: pytest.FixtureRequest) -> Volumes:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeVolumes()
    return TableVolumes(request.getfixturevalue("store"))


async def test_a_day_has_as_many_as_are_allowed(volumes: Volumes) -> None:
    """The events up to the limit are counted, and every one after it is told of."""
    assert [await volumes.take(HR, TODAY, 3) for _ in range(5)] == [True, True, True, False, False]


async def test_what_was_refused_is_not_counted(volumes: Volumes) -> None:
    """A higher limit lets in the difference, however many were refused before."""
    assert [await volumes.take(HR, TODAY, 1) for _ in range(3)] == [True, False, False]
    assert [await volumes.take(HR, TODAY, 3) for _ in range(3)] == [True, True, False]


async def test_days_and_sources_are_counted_apart(volumes: Volumes) -> None:
    """A new day begins with nothing, and one source takes nothing from another."""
    assert await volumes.take(HR, TODAY, 1)
    assert await volumes.take(OTHER, TODAY, 1)
    assert await volumes.take(HR, TOMORROW, 1)
    assert not await volumes.take(HR, TODAY, 1)


async def test_of_many_at_once_no_more_get_in(volumes: Volumes) -> None:
    """Events that come side by side never pass the limit together."""
    taken = await asyncio.gather(*(volumes.take(HR, TODAY, 7) for _ in range(20)))
    assert sum(taken) == 7


async def test_hosts_count_together(store: TableStore) -> None:
    """Two hosts that know nothing of each other share one count."""
    hosts = [TableVolumes(store) for _ in range(4)]
    taken = await asyncio.gather(*(hosts[n % 4].take(HR, TODAY, 9) for n in range(16)))
    assert sum(taken) == 9
