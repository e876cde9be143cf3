"""The contract of the port `Exemptions`."""

import asyncio
from datetime import timedelta

import pytest

from shared.adapters.tables.exemptions import TableExemptions
from shared.adapters.tables.store import TableStore
from shared.application.ports.exemptions import Exemptions
from shared.domain.errors.storage import Conflict, UnreadableRow
from shared.domain.exemption.limits import ExemptionRecord, Span
from shared.domain.ids import CaseId, UserId
from shared.names import Table
from tests.contract.samples import NOON
from tests.fakes.exemptions import FakeExemptions

USER, OTHER = UserId("7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11"), UserId("odd/#id?")
SPENT = (
    Span(NOON, NOON + timedelta(days=3, microseconds=7)),
    Span(NOON + timedelta(days=9), NOON + timedelta(days=12)),
)
FIRST = ExemptionRecord(case_id=CaseId("1" * 32))
SECOND = ExemptionRecord(case_id=CaseId("2" * 32), spent=SPENT)


@pytest.fixture(params=["fake", "tables"])
def exemptions(request: pytest.FixtureRequest) -> Exemptions:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeExemptions()
    return TableExemptions(request.getfixturevalue("store"))


async def test_who_never_had_one_has_an_empty_record(exemptions: Exemptions) -> None:
    """No row is no exemption."""
    assert await exemptions.of(USER) == ExemptionRecord()


async def test_a_record_is_read_back(exemptions: Exemptions) -> None:
    """To the microsecond, and of this person alone."""
    await exemptions.replace(USER, ExemptionRecord(), FIRST)
    await exemptions.replace(USER, FIRST, SECOND)
    await exemptions.replace(OTHER, ExemptionRecord(), FIRST)
    assert await exemptions.of(USER) == SECOND
    assert await exemptions.of(OTHER) == FIRST


async def test_stale_writer_conflicts(exemptions: Exemptions) -> None:
    """Who read an older record grants nothing."""
    await exemptions.replace(USER, ExemptionRecord(), FIRST)
    with pytest.raises(Conflict):
        await exemptions.replace(USER, ExemptionRecord(), SECOND)
    assert await exemptions.of(USER) == FIRST


@pytest.mark.parametrize("old", [ExemptionRecord(), FIRST])
async def test_of_many_at_once_one_is_granted(exemptions: Exemptions, old: ExemptionRecord) -> None:
    """Of ten that read the same record one replaces it; the others conflict."""
    if old == FIRST:
        await exemptions.replace(USER, ExemptionRecord(), FIRST)
    news = [ExemptionRecord(case_id=CaseId(f"{number:032x}")) for number in range(10)]
    results = await asyncio.gather(
        *(exemptions.replace(USER, old, new) for new in news), return_exceptions=True
    )
    (won,) = [new for new, result in zip(news, results, strict=True) if result is None]
    assert sum(isinstance(result, Conflict) for result in results) == 9
    assert await exemptions.of(USER) == won


@pytest.mark.parametrize("spent", ["", "{}", "[[1,2]]", '[{"begins":"now"}]'])
async def test_a_row_that_is_not_ours_is_unreadable(store: TableStore, spent: str) -> None:
    """What can't be read is never taken for 'no exemption'."""
    row = {"PartitionKey": USER, "RowKey": "exemption", "Spent": spent}
    await store.insert(Table.EXEMPTIONS, row)
    with pytest.raises(UnreadableRow):
        await TableExemptions(store).of(USER)
