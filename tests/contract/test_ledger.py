"""The contract of the port `Ledger`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.tables.ledger import TableLedger
from shared.application.ports.ledger import Ledger
from shared.domain.ids import UserId
from shared.domain.ledger import Coverage, Doing, LedgerEntry, Span
from tests.contract.samples import NOON, PERSON, later
from tests.fakes.ledger import FakeLedger

OTHER = UserId("00000000-0000-4000-8000-000000000002")
MADE = LedgerEntry(entry_id="Directory_ab/1#?_9Z", user_id=PERSON, at=later(1), doing=Doing.CREATED)
GONE = replace(MADE, entry_id="Directory_2", at=later(2), doing=Doing.DELETED)


@pytest.fixture(params=["fake", "tables"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeLedger()
    return TableLedger(request.getfixturevalue("store"))


async def test_lines_are_kept_by_person_the_earliest_first(ledger: Ledger) -> None:
    """Whatever characters the log's ids have, and whatever the case of the person's."""
    theirs = replace(MADE, entry_id="Directory_3", user_id=OTHER)
    await ledger.keep([GONE, theirs, MADE])
    assert await ledger.of(PERSON) == (MADE, GONE)
    assert await ledger.of(UserId(OTHER.upper())) == (theirs,)
    assert await ledger.of(UserId("00000000-0000-4000-8000-000000000003")) == ()


async def test_a_line_that_is_read_again_stands_once(ledger: Ledger) -> None:
    """Readings overlap; two different lines of one moment stay two."""
    twin = replace(MADE, entry_id="Directory_4")
    await ledger.keep([MADE, twin])
    await ledger.keep([MADE])
    await ledger.keep([])
    assert {one.entry_id for one in await ledger.of(PERSON)} == {MADE.entry_id, twin.entry_id}
    assert len(await ledger.of(PERSON)) == 2


async def test_the_covered_time_is_what_was_last_stated(ledger: Ledger) -> None:
    """Nothing before that; parts and gaps alike; it is no line about anybody."""
    assert await ledger.coverage() == Coverage()
    week = timedelta(days=7)
    stated = Coverage((Span(NOON - 2 * week, NOON - week), Span(NOON, later(3))))
    await ledger.cover(Coverage((Span(NOON, later(1)),)))
    await ledger.cover(stated)
    assert await ledger.coverage() == stated
    assert await ledger.of(PERSON) == ()
