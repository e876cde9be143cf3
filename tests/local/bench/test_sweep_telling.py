"""Measurements are drawn where they belong, and told as they are."""

from xml.etree import ElementTree as ET

import pytest

from local.bench.sweeping import allowed, figures_of
from local.bench.sweeps.curve import setups
from local.bench.sweeps.point import Conditions, Point, Setup, Store, Taken, Way
from local.bench.sweeps.telling import picture, table

SVG = "{http://www.w3.org/2000/svg}"
MIB = 1024 * 1024


def a_point(people: int, way: Way = Way.LISTS, *, within_limits: bool = False) -> Point:
    """A tenant that takes a second for a thousand people, and a bare script that takes half."""
    return Point(
        setup=Setup(people=people, store=Store.MEMORY, way=way, within_limits=within_limits),
        parts=4,
        conditions=Conditions(cores=2, load=1.25),
        floor=Taken(seconds=people / 2_000, requests=people // 500),
        first=Taken(seconds=people / 900, requests=people // 400, cpu=people / 9_000),
        second=Taken(
            seconds=people / 1_000, requests=people // 400, cpu=people / 10_000, memory=150 * MIB
        ),
    )


def drawn(*points: Point) -> list[list[tuple[float, float]]]:
    """The curves: where the points of each are."""
    lines = ET.fromstring(picture(points)).iter(f"{SVG}polyline")  # noqa: S314  (our own)
    return [
        [tuple(map(float, place.split(","))) for place in line.attrib["points"].split()]  # type: ignore[misc]
        for line in lines
    ]


def test_what_grows_with_the_people_is_a_straight_line() -> None:
    """Up and to the right by the same step for each ten times as many; the floor lies below."""
    seconds, floor, cpu, memory = drawn(*map(a_point, (10_000, 1_000, 100_000)))
    for curve in (seconds, floor, cpu):
        (x1, y1), (x2, y2), (x3, y3) = curve
        assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)
        assert y1 - y2 == pytest.approx(y2 - y3, abs=0.2)
        assert y1 > y2
    assert [x for x, _ in seconds] == [x for x, _ in floor]
    assert all(below > above for (_, above), (_, below) in zip(seconds, floor, strict=True))
    assert len({y for _, y in memory}) == 1


def test_only_what_lists_told_is_drawn() -> None:
    """What reads people singly is in the table."""
    points = [a_point(1_000), a_point(1_000, Way.STATES_SINGLY)]
    assert all(len(curve) == 1 for curve in drawn(*points))
    assert table(points).count(Way.STATES_SINGLY) == 1


def test_the_table_tells_what_was_measured() -> None:
    """And what else the machine did."""
    head, _, row, *_ = table([a_point(10_000)]).splitlines()
    told = dict(zip(head.split(" | "), row.split(" | "), strict=True))
    assert told["people"] == "10,000"
    assert (told["floor"], told["first run"], told["second run"]) == ("5.0 s", "11.1 s", "10.0 s")
    assert told["ratio"] == "2.00"
    assert told["requests (floor)"] == "25 (20)"
    assert told["CPU a person"] == "100 µs"
    assert "1.2 to 1.2 of them" in table([a_point(10_000)])


def test_the_curve_goes_to_a_million() -> None:
    """Those whom a store in memory alone can take, last; a bound leaves out who is more."""
    largest = list(setups(1_000_000))[-1]
    assert (largest.people, largest.store) == (1_000_000, Store.MEMORY)
    assert {one.people for one in setups(5_000)} == {1_000, 4_998}


def test_time_has_to_hold_where_people_are_many_and_limits_are_kept() -> None:
    """Requests and memory always."""
    points = [
        a_point(1_000, within_limits=True),
        a_point(10_000),
        a_point(10_000, within_limits=True),
    ]
    times, requests, memory = zip(*map(figures_of, points), strict=True)
    assert [time.most for time in times] == [None, None, 3.0]
    assert [figure.holds for figure in requests] == [True, True, True]
    assert [figure.ratio for figure in memory] == [0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    ("people", "most"), [(1, 14), (999, 14), (1_000, 16), (10_000, 34), (1_000_000, 2_016)]
)
def test_two_requests_are_allowed_for_each_started_page(people: int, most: int) -> None:
    """And twelve for the tenant."""
    assert allowed(people) == most
