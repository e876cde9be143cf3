"""All cases about a person are known, or it is said that they are not."""

from collections.abc import Iterable

import pytest

from shared.application.others import OtherCases
from shared.domain.cases import Case
from shared.domain.errors.cases import TooManyCases
from shared.domain.ids import CaseId
from tests.builders import USER_ID, a_case, a_plan, accepted, pinned
from tests.fakes.cases import FakeCases

PAGE = 4
THIS = a_case(case_id=CaseId("f" * 32), plan=a_plan(employee_id="E-1"))


async def cases_of(numbers: Iterable[int], *, known: bool) -> FakeCases:
    """So many cases about the person, who is known to the directory or to HR only."""
    cases = FakeCases(page=PAGE)
    for number in numbers:
        case_id = CaseId(f"{number:032x}")
        case = a_case(case_id=case_id, plan=a_plan(employee_id=None if known else "E-1"))
        await cases.create(accepted(pinned(case) if known else case))
    await cases.create(accepted(THIS))
    return cases


@pytest.mark.parametrize("known", [True, False])
async def test_the_oldest_of_many_cases_is_found(*, known: bool) -> None:
    """A flood of new events hides no older case: every page is read."""
    count = 3 * PAGE + 1
    cases = await cases_of(range(count), known=known)
    this: Case = pinned(THIS) if known else THIS
    found = await OtherCases(cases, cases)(this)
    assert sorted(case.case_id for case in found) == [f"{n:032x}" for n in range(count)]
    assert all(case.user_id == (USER_ID if known else None) for case in found)


async def test_more_cases_than_can_be_read_are_no_answer() -> None:
    """Who knows only the newest does not know whether the person has left: the case is parked."""
    cases = await cases_of(range(PAGE * 2), known=False)
    assert len(await OtherCases(cases, cases, most=PAGE * 2 + 1)(THIS)) == PAGE * 2
    with pytest.raises(TooManyCases):
        await OtherCases(cases, cases, most=PAGE * 2)(THIS)
