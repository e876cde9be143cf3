"""All cases about a person are known, or it is said that they are not."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.application.others import OtherCases
from shared.application.ports.cases import CaseSummary, StoredCase
from shared.domain.cases import Case, CaseState
from shared.domain.errors.cases import TooManyCases
from shared.domain.ids import CaseId, EmployeeId, UserId, UserPrincipalName
from shared.domain.transitions import Transition
from tests.builders import (
    NOW,
    SIGN_IN_NAME,
    USER_ID,
    a_case,
    a_plan,
    accepted,
    an_account,
    pinned,
)
from tests.fakes.cases import FakeCases
from tests.unit.domain.reset.decisions import a_reset

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


class CountedCases(FakeCases):
    """Cases that note which of them are read, and lists that may be as old as one likes.

    Attributes:
        read: the cases that were read.
        lines: what the list beside a reset tells; as it stands where that is None.
    """

    def __init__(self) -> None:
        super().__init__()
        self.read: list[CaseId] = []
        self.lines: tuple[CaseSummary, ...] | None = None

    async def load(self, case_id: CaseId) -> StoredCase | None:
        """The case, or None where there is no such case."""
        self.read.append(case_id)
        return await super().load(case_id)

    async def beside_reset(self, user: UserId, most: int) -> tuple[CaseSummary, ...]:
        """The cases of a person that a reset has to know of."""
        return await super().beside_reset(user, most) if self.lines is None else self.lines


def reset(number: int, *, begun_at: datetime | None = None) -> Case:
    """One of many tickets about the person."""
    return a_reset(case_id=CaseId(f"{number:032x}"), begun_at=begun_at)


async def crowd(count: int) -> CountedCases:
    """So many tickets about the person, none of which was worked on yet."""
    cases = CountedCases()
    for number in range(count):
        await cases.create(accepted(reset(number)))
    return cases


async def test_of_a_crowd_one_is_read() -> None:
    """A reset reads the one that goes on first, and not the hundred that wait as well."""
    cases = await crowd(100)
    found = await OtherCases(cases, cases)(reset(70))
    assert [case.case_id for case in found] == cases.read == [reset(0).case_id]
    cases.read.clear()
    assert await OtherCases(cases, cases)(reset(0)) == ()
    assert cases.read == []


async def test_what_has_begun_is_read_always() -> None:
    """It may have blocked the account, or seen a stranger register; and it goes before the rest."""
    cases = await crowd(20)
    begun = [reset(30, begun_at=NOW), reset(31, begun_at=NOW)]
    for case in begun:
        await cases.create(accepted(case))
    found = await OtherCases(cases, cases)(reset(15))
    assert [case.case_id for case in found] == [case.case_id for case in begun]


async def test_the_case_itself_has_the_last_word() -> None:
    """A line that is older than its case makes nobody wait for one that does nothing any more."""
    cases = await crowd(4)
    cases.lines = await cases.beside_reset(USER_ID, 10)
    for number in (0, 1):
        stored = await cases.load(reset(number).case_id)
        assert stored is not None
        ended = replace(stored.case, state=CaseState.CANCELLED)
        await cases.save(stored, Transition(case=ended))
    (found,) = await OtherCases(cases, cases)(reset(3))
    assert found.case_id == reset(2).case_id


async def test_a_reset_is_no_other_of_its_own() -> None:
    """Its draft is made anew where its ticket comes again, and may be younger than its line."""
    cases = await crowd(1)
    younger = replace(reset(0), accepted_at=reset(0).accepted_at + timedelta(seconds=1))
    assert await OtherCases(cases, cases)(younger) == ()


async def test_a_line_without_words_has_the_case_read() -> None:
    """As those that were written before lists told what resets ask for."""
    cases = await crowd(4)
    told = await cases.beside_reset(USER_ID, 10)
    cases.lines = tuple(replace(line, untouched=None) for line in told)
    found = await OtherCases(cases, cases)(reset(3))
    assert [case.case_id for case in found] == [reset(number).case_id for number in range(3)]


async def test_more_resets_than_can_be_read_are_no_answer() -> None:
    """Nobody can tell which of them counts: the case is parked."""
    cases = await crowd(5)
    with pytest.raises(TooManyCases):
        await OtherCases(cases, cases, most=4)(reset(3))
    (found,) = await OtherCases(cases, cases, most=5)(reset(3))
    assert found.case_id == reset(0).case_id


async def test_what_hr_announced_by_another_word_is_found_once_the_account_is_known() -> None:
    """A case told by number finds one told by name, and not what was about an earlier holder."""
    cases = FakeCases()
    announced, found_another = CaseId("1" * 32), CaseId("2" * 32)
    for case_id, user in ((announced, None), (found_another, UserId("another"))):
        case = a_case(case_id=case_id, plan=a_plan(), user_id=user)
        await cases.create(accepted(case))
    this = pinned(THIS)
    account = replace(an_account(employee_id="E-1"), name=SIGN_IN_NAME)
    assert await OtherCases(cases, cases)(this) == ()
    (found,) = await OtherCases(cases, cases)(this, account)
    assert found.case_id == announced


async def test_what_hr_has_announced_says_nothing_to_a_reset() -> None:
    """A lost device is as lost in the week before somebody leaves; from that day on it is known."""
    cases = FakeCases()
    await cases.create(accepted(a_case(case_id=CaseId("1" * 32), plan=a_plan())))
    account = replace(an_account(), name=SIGN_IN_NAME)
    assert await OtherCases(cases, cases)(reset(3), account) == ()


@pytest.mark.parametrize(("name", "counts"), [("kim@contoso.example", False), (None, True)])
async def test_what_a_source_may_not_say_is_left_out_where_that_is_known(
    name: str | None, *, counts: bool
) -> None:
    """Of an account outside of its domains; one whose name nobody knows may be inside."""
    cases = FakeCases(page=PAGE)
    told = replace(a_plan(employee_id="E-1"), domains=("agency.example",))
    await cases.create(accepted(a_case(case_id=CaseId("1" * 32), plan=told)))
    account = replace(
        an_account(),
        employee_id=EmployeeId("E-1"),
        name=None if name is None else UserPrincipalName(name),
    )
    found = await OtherCases(cases, cases)(THIS, account)
    assert bool(found) is counts
