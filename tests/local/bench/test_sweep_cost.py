"""What a sweep costs grows with the tenant, and no faster: counts, which are the same anywhere."""

import pytest

from local.bench.sweeping import allowed
from local.bench.sweeps.measuring import measure
from local.bench.sweeps.point import Point, Setup, Store, Way

pytestmark = pytest.mark.slow

TENANT_WIDE = 12
MIB = 1024 * 1024


def silent(_: str) -> None:
    """Nobody is told of steps."""


def measured(people: int, way: Way = Way.LISTS) -> Point:
    """Two runs of one process with its store in memory."""
    setup = Setup(people=people, store=Store.MEMORY, way=way, within_limits=False)
    return measure(setup, silent)


def test_requests_and_rows_grow_with_the_pages_of_people() -> None:
    """Two requests for each started 999 people; who is unchanged has no row of their own."""
    for people in (1_000, 10_000):
        point = measured(people)
        for run in (point.first, point.second):
            assert run.requests <= allowed(people)
            assert run.rows is not None
            assert run.rows <= run.requests + 5 * point.parts
            assert run.memory < 300 * MIB


def test_the_whole_stack_sweeps_ten_thousand() -> None:
    """Host, broker, Azurite and tenant: as many requests, and no change the second time."""
    point = measure(Setup(people=10_000, within_limits=False), silent)
    assert point.parts == 4
    assert max(point.first.requests, point.second.requests) <= allowed(10_000)
    assert point.second.memory < 300 * MIB


@pytest.mark.parametrize("way", [Way.STATES_SINGLY, Way.METHODS_SINGLY])
def test_who_is_read_singly_is_read_twenty_at_a_time(way: Way) -> None:
    """As often as a bare script reads them; beside that, only what is read of the tenant."""
    point = measured(1_000, way)
    assert point.second.requests <= point.floor.requests + TENANT_WIDE
