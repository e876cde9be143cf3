"""The schedule language, by example and against brute force."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.host.ncrontab import Schedule, ScheduleError

MONDAY = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("0 */5 * * * *", "2024-01-01T00:00:00", "2024-01-01T00:05:00"),
        ("*/5 * * * *", "2024-01-01T00:00:01", "2024-01-01T00:05:00"),
        ("30 15 10 * * *", "2024-01-01T10:15:30", "2024-01-02T10:15:30"),
        ("0 30 9 * Jan Mon", "2024-01-01T09:30:00", "2024-01-08T09:30:00"),
        ("0 0 0 * * 1-5", "2024-01-05T00:00:00", "2024-01-08T00:00:00"),
        ("0 0 0 * * FRI-MON", "2024-01-06T12:00:00", "2024-01-08T00:00:00"),
        ("0 0 0 13 * friday", "2024-01-01T00:00:00", "2024-09-13T00:00:00"),
        ("0 0 0 29 2 *", "2024-02-29T00:00:00", "2028-02-29T00:00:00"),
        ("0 0 0 29 2 mon", "2096-03-01T00:00:00", "2112-02-29T00:00:00"),
        ("0 0 0 31 * *", "2024-01-31T00:00:00", "2024-03-31T00:00:00"),
        ("0 50-10/20 * * * *", "2024-01-01T00:00:00", "2024-01-01T00:10:00"),
        ("0 50/4 * * * *", "2024-01-01T00:51:00", "2024-01-01T00:54:00"),
        ("0 0 0 1 j,feb *", "2024-01-02T00:00:00", "2024-02-01T00:00:00"),
        ("0 0 0 1 1 *", "2024-12-31T23:59:59.999", "2025-01-01T00:00:00"),
    ],
)
def test_next_occurrence(text: str, after: str, expected: str) -> None:
    """Seconds first, names by prefix, steps, lists, ranges also turned round, both day fields."""
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    found = Schedule.parse(text).next_after(moment)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "* * * *",
        "* * * * * * *",
        "60 * * * * *",
        "* * 24 * * *",
        "* * * 0 * *",
        "* * * 32 * *",
        "* * * * 13 *",
        "* * * * * 7",
        "* * * * * ?",
        "* * * L * *",
        "* * * * foo *",
        "*/0 * * * * *",
        "*/x * * * * *",
        "-1 * * * * *",
        "1- * * * * *",
        "1,,2 * * * * *",
        ",1 * * * * *",
        "*-5 * * * * *",
        "jan * * * * *",
        "0 0 0 30 2 *",
        "00:05:00",
        "@daily",
        "² * * * * *",
    ],
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    """Unix extensions, values out of range and days that never come are refused."""
    with pytest.raises(ScheduleError):
        Schedule.parse(text)


def test_next_is_later_than_the_moment_in_any_zone() -> None:
    """The moment itself never counts, and zones are turned into UTC."""
    daily = Schedule.parse("0 0 0 * * *")
    assert daily.next_after(MONDAY) == MONDAY + timedelta(days=1)
    offset = datetime.fromisoformat("2024-01-01T01:30:00+02:00")
    assert daily.next_after(offset) == MONDAY


def _field(low: int, high: int) -> st.SearchStrategy[tuple[str, frozenset[int]]]:
    """A field's text with the values it means, told apart from the parser's own way."""
    value = st.integers(low, high)
    step = st.integers(1, high)
    everything = frozenset(range(low, high + 1))
    element = st.one_of(
        st.just(("*", everything)),
        value.map(lambda v: (str(v), frozenset({v}))),
        step.map(lambda n: (f"*/{n}", frozenset(v for v in everything if (v - low) % n == 0))),
        st.tuples(value, value).map(
            lambda pair: (
                f"{pair[0]}-{pair[1]}",
                frozenset(v for v in everything if min(pair) <= v <= max(pair)),
            )
        ),
        st.tuples(value, step).map(
            lambda pair: (
                f"{pair[0]}/{pair[1]}",
                frozenset(v for v in everything if v >= pair[0] and (v - pair[0]) % pair[1] == 0),
            )
        ),
    )
    return st.lists(element, min_size=1, max_size=3).map(
        lambda parts: (
            ",".join(text for text, _ in parts),
            frozenset[int]().union(*(values for _, values in parts)),
        )
    )


@given(
    seconds=_field(0, 59),
    minutes=_field(0, 59),
    hours=_field(0, 23),
    start=st.integers(0, 86399),
)
def test_time_of_day_equals_brute_force(
    seconds: tuple[str, frozenset[int]],
    minutes: tuple[str, frozenset[int]],
    hours: tuple[str, frozenset[int]],
    start: int,
) -> None:
    """The next time is the first later one whose second, minute and hour are all listed."""
    moment = MONDAY + timedelta(seconds=start)
    found = Schedule.parse(f"{seconds[0]} {minutes[0]} {hours[0]} * * *").next_after(moment)
    listed = (
        MONDAY + timedelta(days=day, hours=hour, minutes=minute, seconds=second)
        for day in (0, 1)
        for hour in sorted(hours[1])
        for minute in sorted(minutes[1])
        for second in sorted(seconds[1])
    )
    assert found == next(time for time in listed if time > moment)


@given(
    days=_field(1, 31),
    months=_field(1, 12),
    weekdays=_field(0, 6),
    start=st.integers(0, 40000),
)
def test_day_equals_brute_force(
    days: tuple[str, frozenset[int]],
    months: tuple[str, frozenset[int]],
    weekdays: tuple[str, frozenset[int]],
    start: int,
) -> None:
    """The next day is the first later one that suits day, month *and* weekday, or none does."""
    moment = datetime(1990, 1, 1, tzinfo=UTC) + timedelta(days=start)
    day = moment
    for _ in range(41 * 366):
        day += timedelta(days=1)
        if day.day in days[1] and day.month in months[1] and day.isoweekday() % 7 in weekdays[1]:
            break
    else:
        with pytest.raises(ScheduleError):
            Schedule.parse(f"0 0 0 {days[0]} {months[0]} {weekdays[0]}")
        return
    assert Schedule.parse(f"0 0 0 {days[0]} {months[0]} {weekdays[0]}").next_after(moment) == day
