"""Who still has time to register."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from shared.domain.authentication import Unknown
from shared.domain.ids import UserId
from shared.domain.posture.tenant import Settings
from shared.domain.sweep.people import People
from shared.domain.sweep.rows import PersonRow
from shared.domain.sweep.tenant import OwnRecords, TenantReading

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
KIM = UserId("kim")
DAY = timedelta(days=1)


class Row(NamedTuple):
    """Since when somebody is here, and until when they were asked to register."""

    why: str
    since: datetime | None
    deadline: datetime | None = None


IN_TIME = [
    Row("hired last week", NOW - 7 * DAY),
    Row("hired just not two weeks ago", NOW - 14 * DAY + timedelta(seconds=1)),
    Row("who comes next month", NOW + 30 * DAY),
    Row("asked to register, and the day is ahead", NOW - 900 * DAY, NOW + DAY),
]
TOO_LATE = [
    Row("hired two weeks ago", NOW - 14 * DAY),
    Row("since when nobody tells", None),
    Row("asked to register, and the day is over", NOW - 900 * DAY, NOW - DAY),
    Row("what they were asked counts, however new they are", NOW - DAY, NOW),
]


def in_grace(row: Row, *break_glass: UserId) -> bool:
    """Whether somebody of this kind is."""
    records = OwnRecords(
        deadlines={} if row.deadline is None else {KIM: row.deadline},
        break_glass=frozenset(break_glass),
    )
    people = People(
        TenantReading(settings=Settings(), records=records),
        (),
        (),
        unread=(),
        missing=Unknown("Not there."),
        now=NOW,
    )
    told = PersonRow(user_id=KIM, sign_in_name="kim@contoso.example", since=row.since)
    return people.person(told).in_grace


@pytest.mark.parametrize("row", IN_TIME, ids=lambda row: row.why)
def test_new_people_have_two_weeks(row: Row) -> None:
    """Whoever was asked to register has until the day that they were told."""
    assert in_grace(row)


@pytest.mark.parametrize("row", TOO_LATE, ids=lambda row: row.why)
def test_grace_ends(row: Row) -> None:
    """And of whom nobody knows when they came, it never began."""
    assert not in_grace(row)


@pytest.mark.parametrize("row", IN_TIME, ids=lambda row: row.why)
def test_accounts_for_emergencies_have_none(row: Row) -> None:
    """One that is made today has to be protected today."""
    assert not in_grace(row, KIM)
