"""The contract of the port `Ledger`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.tables.ledger import TableLedger
from shared.adapters.tables.store import TableStore
from shared.application.ports.ledger import Ledger
from shared.domain.authentication import Unknown
from shared.domain.ids import UserId
from shared.domain.ledger import Coverage, Doing, LedgerEntry, Span
from shared.domain.sweep.slices import Slice
from shared.names import Table
from tests.contract.samples import NOON, PERSON, later
from tests.fakes.ledger import FakeLedger

OTHER = UserId("00000000-0000-4000-8000-000000000002")
MADE = LedgerEntry(entry_id="Directory_ab/1#?_9Z", user_id=PERSON, at=later(1), doing=Doing.CREATED)
PLACES = ("0000", "00ff", "3fFF", "4000", "7FFF", "8000", "C000", "ce00", "d000", "FFFF")
"""How ids begin: at the edges of parts, and around the row that no person has."""
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


async def test_lines_are_read_together_by_part(ledger: Ledger) -> None:
    """Each person's in the part that has them, and in no other; whom none is about is not there."""
    people = [UserId(f"{digits}0000-0000-4000-8000-00000000000A") for digits in PLACES]
    lines = [
        replace(MADE, entry_id=f"{number}-{user}", user_id=user, at=later(number))
        for user in people
        for number in (2, 1)
    ]
    await ledger.keep(lines)
    await ledger.cover(Coverage((Span(NOON, later(3)),)))
    for of in (1, 2, 16, 256):
        found: dict[UserId, list[str]] = {}
        for part in (Slice(number, of) for number in range(of)):
            told = await ledger.of_part(part)
            assert all(part.holds(user) for user in told)
            for user, entries in told.items():
                assert not isinstance(entries, Unknown)
                assert user not in found
                found[user] = [one.entry_id.partition("-")[0] for one in entries]
        assert found == {UserId(user.lower()): ["1", "2"] for user in people}


async def test_a_part_may_have_more_lines_than_an_answer_holds(ledger: Ledger) -> None:
    """A thousand is what Table Storage tells at once."""
    many = [replace(MADE, entry_id=f"many-{number}") for number in range(1_100)]
    await ledger.keep(many)
    (entries,) = (await ledger.of_part(Slice(0, 256))).values()
    assert not isinstance(entries, Unknown)
    assert {one.entry_id for one in entries} == {one.entry_id for one in many}


async def test_a_row_that_is_none_of_ours_makes_one_person_unknown(store: TableStore) -> None:
    """And nobody else, and not as if they had no line."""
    ledger = TableLedger(store)
    await ledger.keep([MADE, replace(MADE, entry_id="Directory_3", user_id=OTHER)])
    await store.put(Table.LEDGER, {"PartitionKey": OTHER, "RowKey": "zzz", "Doing": "created"})
    told = await ledger.of_part(Slice(0, 256))
    assert told[PERSON] == (MADE,)
    assert isinstance(told[OTHER], Unknown)
