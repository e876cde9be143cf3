"""How vendors write days and moments."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.hr_values import DayEdge, day_of, format_weakness, moment_of

BERLIN = ZoneInfo("Europe/Berlin")
UTC_ZONE = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("value", "pattern", "day"),
    [
        ("2026-03-09", "iso", date(2026, 3, 9)),
        ("09.03.2026", "%d.%m.%Y", date(2026, 3, 9)),
        ("03/09/26", "%m/%d/%y", date(2026, 3, 9)),
        ("2026-068", "%Y-%j", date(2026, 3, 9)),
        ("2026-03-09T08:00:00", "iso", date(2026, 3, 9)),
        ("2026-03-08T23:30:00Z", "iso", date(2026, 3, 9)),
        ("2026-03-09T00:30:00+09:00", "iso", date(2026, 3, 8)),
        ("1773010800", "unix-seconds", date(2026, 3, 9)),
    ],
)
def test_a_day_is_the_calendars_of_the_source(value: str, pattern: str, day: date) -> None:
    """A day is taken as written; a moment with an offset falls on its day in the source's zone."""
    assert day_of(value, pattern, BERLIN) == day


@pytest.mark.parametrize(
    ("value", "pattern", "edge", "moment"),
    [
        ("2026-03-09T08:00:00+01:00", "iso", None, datetime(2026, 3, 9, 7, tzinfo=UTC)),
        ("2026-01-31T18:42:00+0000", "iso", None, datetime(2026, 1, 31, 18, 42, tzinfo=UTC)),
        ("2026-03-09T08:00:00", "iso", None, datetime(2026, 3, 9, 7, tzinfo=UTC)),
        ("2026-07-09 08:00", "%Y-%m-%d %H:%M", None, datetime(2026, 7, 9, 6, tzinfo=UTC)),
        ("2026-03-31", "iso", "begin", datetime(2026, 3, 30, 22, tzinfo=UTC)),
        ("2026-03-31", "iso", "end", datetime(2026, 3, 31, 22, tzinfo=UTC)),
        ("31.03.2026", "%d.%m.%Y", "end", datetime(2026, 3, 31, 22, tzinfo=UTC)),
        ("1772438400", "unix-seconds", None, datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("1772438400250", "unix-milliseconds", None, datetime(2026, 3, 2, 8, 0, 0, 250_000, UTC)),
    ],
)
def test_a_moment_is_what_the_sources_clock_showed(
    value: str, pattern: str, edge: DayEdge | None, moment: datetime
) -> None:
    """Without an offset the source's clocks count, and a day means the midnight that is named."""
    assert moment_of(value, pattern, BERLIN, edge) == moment


@pytest.mark.parametrize("value", ["2026-03-09", "20260309", "2026-W11", "2026-W11-1"])
def test_a_day_is_no_moment_unless_it_is_said_which_end(value: str) -> None:
    """A leaver's last day is not over when it begins, so nobody guesses."""
    with pytest.raises(ValueError, match="a day is no moment"):
        moment_of(value, "iso", BERLIN, None)


@pytest.mark.parametrize(
    "pattern", ["iso", "unix-seconds", "unix-milliseconds", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S%z"]
)
@given(value=st.text(max_size=40) | st.from_regex(r"[-0-9T:.Z+]{1,40}", fullmatch=True))
def test_any_text_is_a_moment_or_refused(pattern: str, value: str) -> None:
    """Whatever a vendor writes, it is understood or refused in order."""
    try:
        moment = moment_of(value, pattern, UTC_ZONE, "begin")
    except (ValueError, OverflowError):
        return
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "pattern",
    ["", "ISO", "%d.%m", "%Y", "%B %d %Y", "%d.%m.%Y %d", "%d.%m.%Y %A", "%H:%M", "%d.%m.%Y%", "x"],
)
def test_a_format_that_means_no_day_is_refused(pattern: str) -> None:
    """Names of months and days depend on the machine's language; half a date is none."""
    assert format_weakness(pattern) is not None


@pytest.mark.parametrize("pattern", ["iso", "unix-seconds", "%d.%m.%Y", "%Y%m%d", "%y-%j %I:%M %p"])
def test_a_format_that_means_a_day_is_taken(pattern: str) -> None:
    """A year and a day in it, in digits, is enough."""
    assert format_weakness(pattern) is None
