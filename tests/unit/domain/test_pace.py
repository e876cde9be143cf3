"""Turns within a limit, as a pure function."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.sweep.pace import CONDITIONAL_ACCESS, REPORTS, Limit, Turn, next_turn

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG = timedelta(hours=1)

limits = st.builds(
    Limit,
    name=st.just("any"),
    requests=st.integers(1, 6),
    per=st.integers(1, 20).map(lambda tenths: timedelta(milliseconds=100 * tenths)),
    slack=st.integers(0, 5).map(lambda tenths: timedelta(milliseconds=100 * tenths)),
)
arrivals = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(-400, 400)).map(
        lambda told: (timedelta(milliseconds=told[0]), timedelta(milliseconds=told[1]))
    ),
    max_size=40,
)


def turns(limit: Limit, came: list[tuple[timedelta, timedelta]]) -> list[tuple[datetime, datetime]]:
    """When each had its turn and when it came, by clocks that go differently."""
    taken: tuple[datetime, ...] = ()
    found, time = [], NOON
    for later, wrong_by in came:
        time += later
        turn = next_turn(limit, taken, time + wrong_by, LONG)
        assert isinstance(turn, Turn)
        taken = turn.taken
        found.append((turn.at, time + wrong_by))
    return found


@given(limit=limits, came=arrivals)
def test_no_stretch_of_time_has_more_turns_than_the_limit(
    limit: Limit, came: list[tuple[timedelta, timedelta]]
) -> None:
    """Wherever it begins, however they come, and though their clocks differ."""
    at = sorted(at for at, _ in turns(limit, came))
    for first, beyond in zip(at, at[limit.requests :], strict=False):
        assert beyond - first >= limit.window


@given(limit=limits, came=arrivals)
def test_nobody_goes_before_they_came(
    limit: Limit, came: list[tuple[timedelta, timedelta]]
) -> None:
    """A turn is never in the past."""
    assert all(at >= now for at, now in turns(limit, came))


@given(limit=limits, calm=st.integers(1, 30))
def test_who_keeps_the_pace_never_waits(limit: Limit, calm: int) -> None:
    """A turn each, the window's share apart; and as many at once as the limit has requests."""
    share = limit.window / limit.requests + timedelta(microseconds=1)
    assert all(at == now for at, now in turns(limit, [(share, timedelta(0))] * calm))
    at_once = turns(limit, [(timedelta(0), timedelta(0))] * limit.requests)
    assert all(at == now for at, now in at_once)


def test_a_turn_too_far_off_is_not_taken() -> None:
    """It is told how long it would take, and the next one who asks gets the same answer."""
    taken = (NOON,) * 5
    longest = timedelta(seconds=10)
    assert next_turn(REPORTS, taken, NOON, longest) == timedelta(seconds=10.5)
    soon = next_turn(REPORTS, taken, NOON + timedelta(seconds=0.5), longest)
    assert isinstance(soon, Turn)
    assert soon.at == NOON + timedelta(seconds=10.5)


def test_a_turn_in_the_far_future_is_no_turn() -> None:
    """One host with a wrong clock stops nobody for longer than they would wait anyway."""
    wrong = NOON + timedelta(days=400)
    found = next_turn(CONDITIONAL_ACCESS, (wrong,), NOON, timedelta(seconds=30))
    assert found == Turn(NOON, (NOON,))


@pytest.mark.parametrize(("limit", "seconds"), [(REPORTS, 10), (CONDITIONAL_ACCESS, 1)])
def test_a_scaled_limit_takes_so_much_less_time(limit: Limit, seconds: float) -> None:
    """For tests and benchmarks: as many requests, in a part of the time."""
    assert limit.scaled(0.1).requests == limit.requests
    assert limit.scaled(0.1).per == timedelta(seconds=seconds / 10)
