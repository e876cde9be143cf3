"""What cases have on record about people, however many there are."""

from dataclasses import replace
from datetime import timedelta

from shared.application.sweep.announced import ReadAnnounced
from shared.domain.authentication import Unknown
from shared.domain.cases import CaseState
from shared.domain.ids import CaseId, UserId
from tests.builders import NOW, a_case, accepted
from tests.fakes.cases import FakeCases

KIM = UserId("a0000000-0000-4000-8000-000000000001")
LEE = UserId("a0000000-0000-4000-8000-000000000002")
HOUR = timedelta(hours=1)


async def cases_about(user: UserId, count: int) -> FakeCases:
    """So many cases about a person, an hour between them, each on a page of its own."""
    cases = FakeCases(page=1)
    for number in range(count):
        case = a_case(CaseState.COMPLETED, case_id=CaseId(f"{number:032x}"), user_id=user)
        at = NOW + number * HOUR
        await cases.create(accepted(replace(case, accepted_at=at, updated_at=at)))
    return cases


async def test_every_case_about_a_person_counts() -> None:
    """From all pages of the list; but none that was accepted only later, and nobody else's."""
    cases = await cases_about(KIM, 4)
    found = await ReadAnnounced(cases, cases)({KIM, LEE}, NOW + 2 * HOUR)
    steps = found[KIM]
    assert not isinstance(steps, Unknown)
    assert sorted(step.at for step in steps) == [NOW, NOW + HOUR, NOW + 2 * HOUR]
    assert found[LEE] == []


async def test_of_whom_there_are_too_many_nobody_can_tell() -> None:
    """Half of what is on record would accuse the innocent."""
    cases = await cases_about(KIM, 4)
    found = await ReadAnnounced(cases, cases, most=3)({KIM}, NOW + 9 * HOUR)
    assert found[KIM] == Unknown("There are more than 3 cases.")
