"""How many requests the hot paths take: each is a round trip that somebody waits for."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.adapters.tables.cases import TableCases
from shared.adapters.tables.claims import TableClaims
from shared.adapters.tables.leases import TableLeases
from shared.adapters.tables.lists import TableCaseLists
from shared.adapters.tables.store import Operation, TableStore
from shared.names import Table
from tests.builders import NOW, USER_ID
from tests.builders import accepted as begun
from tests.contract.patience import patient
from tests.contract.samples import accepted, later, noted, pinned, still_waiting, waiting
from tests.stands.transport import BreakableTransport
from tests.unit.domain.reset.decisions import a_reset


@pytest.fixture
async def transport() -> BreakableTransport:
    """Counts."""
    return BreakableTransport()


@pytest.fixture
async def counted(tables: str, transport: BreakableTransport) -> AsyncIterator[TableStore]:
    """A store whose requests are counted."""
    async with TableStore.from_connection_string(
        tables, transport=transport, patience=patient()
    ) as store:
        yield store


@pytest.mark.parametrize(("employee_id", "words"), [("E-1", 2), (None, 1)])
async def test_webhook_takes_five_requests_or_six(
    counted: TableStore, transport: BreakableTransport, employee_id: str | None, words: int
) -> None:
    """An accepted event is a claim, a due row, two or three lines and one transaction.

    One line by the state, one by each of the name and the number that HR calls the person by.
    """
    claim = await TableClaims(counted).claim("evt", "hash")
    new = accepted(case_id=claim.case_id, employee_id=employee_id)
    await TableCases(counted).create(new)
    first, *beside, last = transport.requests
    assert first == "POST Claims"
    assert sorted(beside) == ["PUT CasesByState", *["PUT CasesByUser"] * words, "PUT Due"]
    assert last == "POST $batch"


async def test_rows_beside_a_case_are_written_at_once(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """The due row and the lines are under way together, so they cost one round trip."""
    transport.let_meet(3)
    async with asyncio.timeout(20):
        await TableCases(counted).create(accepted())
    assert len(transport.requests) == 4


async def test_steps_of_a_case_at_work_take_one_request(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """However many they are: the due row and the lines still hold."""
    cases = TableCases(counted)
    stored = await cases.create(accepted())
    transport.requests.clear()
    first = noted(stored.case, later(1))
    await cases.save(stored, first, noted(first.case, later(2)))
    assert transport.requests == ["POST $batch"]


async def test_save_in_the_same_state_takes_three_requests(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """A due row for what it waits for now, one transaction, and the old due row goes."""
    cases = TableCases(counted)
    stored = await cases.create(accepted())
    stored = await cases.mark_published(stored, stored.events, NOW)
    transport.requests.clear()
    await cases.save(stored, still_waiting(stored.case, later(100)))
    assert transport.requests == ["PUT Due", "POST $batch", "DELETE Due"]


async def test_save_that_moves_the_lines(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """A change of state also moves the case's lines, and a pending event is due on its own."""
    cases = TableCases(counted)
    stored = await cases.create(accepted())
    stored = await cases.save(stored, pinned(stored.case, later(1)))
    transport.requests.clear()
    await cases.save(stored, waiting(stored.case, later(2), later(600)))
    batch = transport.requests.index("POST $batch")
    assert sorted(transport.requests[:batch]) == [
        "PUT CasesByState",
        "PUT CasesByUser",
        "PUT CasesByUser",
        "PUT Due",
        "PUT Due",
    ]
    assert sorted(transport.requests[batch + 1 :]) == [
        "DELETE CasesByState",
        "DELETE CasesByUser",
        "DELETE CasesByUser",
        "DELETE Due",
    ]


async def test_load_and_publish_take_one_request_each(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """A case is read in one query, and its events are marked in one transaction."""
    cases = TableCases(counted)
    stored = await cases.create(accepted())
    transport.requests.clear()
    assert await cases.load(stored.case.case_id) == stored
    await cases.mark_published(stored, stored.events, NOW)
    assert transport.requests == ["GET Cases", "POST $batch"]


async def test_lease_takes_three_requests(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """A lease is looked at, taken and given back."""
    async with TableLeases(counted).hold("person"):
        pass
    assert transport.requests == ["GET UserLeases", "POST UserLeases", "PUT UserLeases"]


async def test_a_thousand_tickets_about_one_person_are_read_in_one_request(
    counted: TableStore, transport: BreakableTransport
) -> None:
    """A reset looks at all that have not begun; those lines come by the thousand."""
    first = await TableCases(counted).create(begun(a_reset()))
    (line,) = await counted.find(Table.CASES_BY_USER, "CaseId ge ''", {}, 1)
    for hundred in range(9):
        rows = [
            {
                **line.columns,
                "PartitionKey": line.partition,
                "RowKey": f"{number:018d}_{number:032x}_{'0' * 12}",
                "CaseId": f"{number:032x}",
            }
            for number in range(hundred * 100, hundred * 100 + 100)
        ]
        await counted.transact(
            Table.CASES_BY_USER, [Operation(kind="create", row=row) for row in rows]
        )
    transport.requests.clear()
    found = await TableCaseLists(counted).beside_reset(USER_ID, 1_001)
    assert transport.requests == ["GET CasesByUser"]
    assert len(found) == 901
    assert found[-1].case_id == first.case.case_id


async def test_a_line_from_before_has_no_words_for_what_a_reset_asks(store: TableStore) -> None:
    """It is read, and says nothing more than that the case has to be."""
    await TableCases(store).create(begun(a_reset()))
    (line,) = await store.find(Table.CASES_BY_USER, "CaseId ge ''", {}, 1)
    kept = {k: v for k, v in line.columns.items() if k not in {"Source", "Reason", "Actions"}}
    await store.put(
        Table.CASES_BY_USER, {"PartitionKey": line.partition, "RowKey": line.key, **kept}
    )
    (found,) = await TableCaseLists(store).beside_reset(USER_ID, 1_001)
    assert found.untouched is None
