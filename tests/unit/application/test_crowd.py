"""Whoever holds a person settles some of the others who wait for them."""

from dataclasses import replace
from datetime import timedelta

from shared.application.crowd import Crowd
from shared.domain.cases import Case, CaseState
from shared.domain.ids import CaseId
from tests.builders import NOW, a_case, accepted, pinned
from tests.fakes.cases import FakeCases
from tests.properties.clock import WorldClock
from tests.unit.domain.reset.decisions import a_reset


def numbered(number: int) -> CaseId:
    """A case id."""
    return CaseId(f"{number:032x}")


def joined(number: int, to: int) -> Case:
    """A ticket that has joined another one, the higher its number the later."""
    at = NOW + timedelta(seconds=number)
    case = a_reset(CaseState.JOINED, case_id=numbered(number), accepted_at=at, joined=numbered(to))
    return replace(case, wait_until=at + timedelta(days=1))


async def taken_along(case: Case, *others: Case) -> list[Case]:
    """What a case settles by the way."""
    cases = FakeCases()
    for other in others:
        await cases.create(accepted(other))
    return [stored.case async for stored in Crowd(cases, cases, WorldClock())(case)]


async def test_who_has_joined_is_woken_at_the_end_also_through_another() -> None:
    """Those that have joined one that has joined it, too; their wait is over."""
    end = a_reset(CaseState.COMPLETED, case_id=numbered(0))
    chain = [joined(1, to=2), joined(2, to=3), joined(3, to=0)]
    found = await taken_along(end, *chain, joined(4, to=9), a_reset(case_id=numbered(5)))
    assert [case.case_id for case in found] == [numbered(3), numbered(2), numbered(1)]
    assert {case.wait_until for case in found} == {None}


async def test_who_joins_brings_others_that_wait_for_the_person() -> None:
    """They would do the same, one after the other, and keep each other from it."""
    waiting = a_reset(case_id=numbered(2))
    found = await taken_along(joined(1, to=0), waiting, joined(3, to=0))
    assert [case.case_id for case in found] == [numbered(2)]


async def test_nobody_is_kept_from_the_person_for_long() -> None:
    """A thousand are settled in many turns, between which a graver ticket has its own."""
    end = a_reset(CaseState.COMPLETED, case_id=numbered(0))
    assert len(await taken_along(end, *(joined(n, to=0) for n in range(1, 60)))) == 20


async def test_a_case_at_work_or_of_another_kind_takes_nobody_along() -> None:
    """Only one that has joined, or has come to an end, has kept others waiting in vain."""
    crowd = [a_reset(case_id=numbered(2)), joined(3, to=0)]
    at_work = a_reset(CaseState.CONTAINED, case_id=numbered(0))
    assert await taken_along(at_work, *crowd) == []
    hired = replace(pinned(a_case(CaseState.COMPLETED)), case_id=numbered(0))
    assert await taken_along(hired, *crowd) == []
