"""The ports `Collections` and `PassCounts`: the fakes and the tables promise the same."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.tables.passes import TableCollections, TablePassCounts
from shared.application.ports.passes import Collections, PassCounts
from shared.domain.errors.passes import TooManyPasses
from shared.domain.ids import CaseId, UserId
from shared.domain.passes.given import Collection
from tests.contract.samples import NOON, PERSON
from tests.fakes.passes import FakeCollections, FakePassCounts

COLLECTION = Collection(
    case_id=CaseId("0" * 32),
    user_id=UserId(PERSON),
    by="hhhh-1",
    begun_at=NOON,
    ends_at=NOON + timedelta(minutes=70),
)


@pytest.fixture(params=["fake", "tables"])
def make(request: pytest.FixtureRequest) -> Callable[[Any, Any], Any]:
    """Makes the fake, then the real one."""

    def one(fake: Any, real: Any) -> Any:  # noqa: ANN401  (either of the two ports)
        return fake() if request.param == "fake" else real(request.getfixturevalue("store"))

    return one


@pytest.fixture
def collections(make: Callable[[Any, Any], Any]) -> Collections:
    """Each implementation of the records."""
    made: Collections = make(FakeCollections, TableCollections)
    return made


@pytest.fixture
def counts(make: Callable[[Any, Any], Any]) -> PassCounts:
    """Each implementation of the counts."""
    made: PassCounts = make(FakePassCounts, TablePassCounts)
    return made


async def test_a_record_is_kept_replaced_and_removed(collections: Collections) -> None:
    """A record is read as it was written last; removing it twice is no error."""
    case_id = COLLECTION.case_id
    assert await collections.get(case_id) is None
    later = replace(COLLECTION, gone_since=NOON + timedelta(seconds=7))
    for record in (COLLECTION, later):
        await collections.put(record)
        assert await collections.get(case_id) == record
    assert await collections.unfinished(10) == (later,)
    for _ in range(2):
        await collections.remove(case_id)
        assert await collections.get(case_id) is None
    assert await collections.unfinished(10) == ()


async def test_no_more_records_than_asked_for(collections: Collections) -> None:
    """A page of records is as long as the caller says."""
    for number in range(5):
        await collections.put(replace(COLLECTION, case_id=CaseId(f"{number:032x}")))
    assert len(await collections.unfinished(3)) == 3


async def test_the_limit_holds_in_any_hour(counts: PassCounts) -> None:
    """So many in any hour; an hour after the first there is room for one more."""
    for minute in (0, 10, 20):
        await counts.take("hhhh-1", NOON + timedelta(minutes=minute), 3)
    with pytest.raises(TooManyPasses) as caught:
        await counts.take("hhhh-1", NOON + timedelta(minutes=59), 3)
    assert caught.value.retry_after == timedelta(minutes=1)
    await counts.take("hhhh-2", NOON + timedelta(minutes=59), 3)
    await counts.take("hhhh-1", NOON + timedelta(minutes=60), 3)
    with pytest.raises(TooManyPasses):
        await counts.take("hhhh-1", NOON + timedelta(minutes=61), 3)


async def test_the_limit_holds_for_callers_side_by_side(counts: PassCounts) -> None:
    """Of callers at the same moment no more succeed than may."""

    async def taken() -> bool:
        try:
            await counts.take("hhhh-1", NOON, 4)
        except TooManyPasses:
            return False
        return True

    assert sum(await asyncio.gather(*(taken() for _ in range(8)))) == 4
