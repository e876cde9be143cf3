"""The ledger of app passwords: what is covered, and what is left when deletions are matched."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.ids import UserId
from shared.domain.ledger import LINES_LAG, Coverage, Doing, LedgerEntry, Span, unmatched

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
KIM = UserId("a0000000-0000-4000-8000-000000000001")


def line(number: int, doing: Doing, hours: int) -> LedgerEntry:
    """A line of the log."""
    at = NOON + timedelta(hours=hours)
    return LedgerEntry(entry_id=f"line-{number}", user_id=KIM, at=at, doing=doing)


def test_a_deletion_answers_to_one_creation_before_it() -> None:
    """Not to a later one, and not to two; the order in which lines are read is no matter."""
    lines = [line(1, Doing.CREATED, 1), line(2, Doing.DELETED, 2), line(3, Doing.CREATED, 3)]
    assert {unmatched(order) for order in permutations(lines)} == {1}
    assert unmatched(lines[:2]) == 0
    assert unmatched([line(1, Doing.DELETED, 1), line(2, Doing.CREATED, 2)]) == 1
    assert unmatched([line(1, Doing.DELETED, 1), line(2, Doing.CREATED, 1)]) == 1


@given(st.lists(st.tuples(st.sampled_from(Doing), st.integers(0, 9)), max_size=12))
def test_nothing_is_left_only_where_every_creation_is_answered(
    doings: list[tuple[Doing, int]],
) -> None:
    """Told in other words: each suffix of the log has at least as many deletions as creations."""
    lines = [line(number, doing, hour) for number, (doing, hour) in enumerate(doings)]
    ordered = sorted(lines, key=lambda one: (one.at, one.doing is Doing.CREATED))
    suffixes = [ordered[start:] for start in range(len(ordered))]
    answered = all(
        sum(one.doing is Doing.DELETED for one in part)
        >= sum(one.doing is Doing.CREATED for one in part)
        for part in suffixes
    )
    assert (unmatched(lines) == 0) is answered


def test_the_first_reading_goes_back_as_far_as_the_log() -> None:
    """All but an hour of it: lines go while it is read."""
    window = Coverage().window(NOON, WEEK)
    assert window == Span(NOON - WEEK + timedelta(hours=1), NOON)
    assert Coverage().with_read(window).spans == (Span(window.since, NOON - LINES_LAG),)


def test_readings_overlap_and_grow_together() -> None:
    """Hour by hour there is one time without a gap, and it never begins later."""
    coverage, now = Coverage(), NOON
    began = coverage.window(now, WEEK).since
    for _ in range(24 * 10):
        coverage = coverage.with_read(coverage.window(now, WEEK))
        assert coverage.spans == (Span(began, now - LINES_LAG),)
        assert coverage.known_after(coverage.window(now, WEEK)) == Span(began, now)
        now += timedelta(hours=1)


def test_a_pause_longer_than_the_log_is_a_gap_for_ever() -> None:
    """A shorter one is made good by the next reading."""
    first = Coverage().with_read(Coverage().window(NOON, WEEK))
    soon = NOON + timedelta(days=6)
    assert len(first.with_read(first.window(soon, WEEK)).spans) == 1
    late = NOON + timedelta(days=8)
    window = first.window(late, WEEK)
    after = first.with_read(window)
    assert after.spans == (*first.spans, Span(window.since, late - LINES_LAG))
    assert first.known_after(window) == window
    assert after.known_after(after.window(late, WEEK)).since == window.since


@given(st.lists(st.integers(1, 24 * 20), min_size=1, max_size=30))
def test_no_time_counts_as_covered_that_nobody_read(pauses: list[int]) -> None:
    """Whatever the pauses between readings: each covered moment lies in a window that was read."""
    coverage, now, read = Coverage(), NOON, []
    for pause in pauses:
        window = coverage.window(now, WEEK)
        assert now - window.since < WEEK
        read.append(window)
        coverage = coverage.with_read(window)
        now += timedelta(hours=pause)
    for span in coverage.spans:
        moment = span.since
        while moment <= span.until:
            assert any(one.since <= moment <= one.until for one in read)
            moment += timedelta(hours=6)
    assert all(a.until < b.since for a, b in zip(coverage.spans, coverage.spans[1:], strict=False))
