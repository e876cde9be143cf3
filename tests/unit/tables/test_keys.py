"""Keys are legal, sorted and stable."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.tables.keys import BUCKETS, ascending, bucket_of, descending, escaped
from shared.adapters.tables.rules import check_row
from shared.domain.ids import CaseId

moments = st.datetimes(
    min_value=datetime(1601, 1, 1),  # noqa: DTZ001  (Hypothesis adds the zone)
    timezones=st.just(UTC),
)


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_escaped_text_is_a_key(text: str) -> None:
    """Any text makes a key that Azure takes."""
    check_row("UserLeases", {"PartitionKey": escaped(text), "RowKey": "lease"})


@given(*[st.text(st.characters(codec="utf-8"), max_size=3)] * 2)
def test_different_texts_have_different_keys(one: str, other: str) -> None:
    """No two texts share a key."""
    assert (escaped(one) == escaped(other)) == (one == other)


def test_object_ids_stay_readable() -> None:
    """An object id is its own key."""
    assert escaped("7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11") == "7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11"


@given(moments, moments)
def test_keys_sort_by_time(one: datetime, other: datetime) -> None:
    """Ascending keys sort as the times do and descending ones the other way, to the microsecond."""
    assert (ascending(one) < ascending(other)) == (one < other)
    assert (descending(one) < descending(other)) == (one > other)


def test_offset_does_not_change_the_key() -> None:
    """The same moment has the same key, whatever the zone it is told in."""
    noon = datetime(2025, 3, 14, 12, tzinfo=UTC)
    there = datetime.fromisoformat("2025-03-14T14:00:00+02:00")
    assert ascending(there) == ascending(noon) == "2025-03-14T12:00:00.000000Z"
    assert descending(there) == descending(noon)


def test_bucket_is_stable() -> None:
    """The bucket of a case is written down in stored rows, so it may never change."""
    known = {"00" * 16: "04", "ab" * 16: "02"}
    assert {case_id: bucket_of(CaseId(case_id)) for case_id in known} == known


def test_buckets_are_filled_evenly() -> None:
    """Many cases spread over all sixteen buckets."""
    counts = Counter(bucket_of(CaseId(f"{n:032x}")) for n in range(1600))
    assert set(counts) == set(BUCKETS)
    assert max(counts.values()) < 160


def test_latest_moment_has_the_lowest_descending_key() -> None:
    """The end of time is zero."""
    latest = datetime.max.replace(tzinfo=UTC)
    assert descending(latest) == "0" * 18
    assert descending(latest - timedelta(microseconds=1)) == "0" * 17 + "1"
