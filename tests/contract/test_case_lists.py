"""The contract of the port `CaseLists`."""

from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.tables.cases import TableCases
from shared.adapters.tables.lists import TableCaseLists
from shared.application.ports.cases import CaseLists, Cases, CaseSummary
from shared.domain.cases import OPEN, SETTLED_RESETS, CaseState
from shared.domain.errors.requests import InvalidRequest
from shared.domain.ids import CaseId, UserId
from shared.domain.plans import told_as
from shared.domain.reset.joining import Untouched
from shared.domain.reset.tickets import ResetAction, ResetReason
from shared.domain.transitions import Transition
from tests.builders import USER_ID
from tests.builders import accepted as begun
from tests.contract.samples import (
    PERSON,
    accepted,
    cancelled,
    later,
    pinned,
    still_waiting,
    waiting,
)
from tests.fakes.cases import FakeCases
from tests.unit.domain.reset.decisions import a_reset, a_reset_plan

ACCEPTED = frozenset({CaseState.ACCEPTED})
PAGE = 4


class Both:
    """Cases, and their lists."""

    def __init__(self, cases: Cases, lists: CaseLists) -> None:
        self.cases = cases
        self.lists = lists

    async def pages_of(self, states: frozenset[CaseState]) -> list[list[CaseId]]:
        """All pages of a list."""
        page = await self.lists.in_states(states, None)
        pages = [[line.case_id for line in page.cases]]
        while page.next_token is not None:
            page = await self.lists.in_states(states, page.next_token)
            pages.append([line.case_id for line in page.cases])
        return pages


@pytest.fixture(params=["fake", "tables"])
def both(request: pytest.FixtureRequest) -> Both:
    """Each implementation in turn."""
    if request.param == "fake":
        fake = FakeCases(page=PAGE)
        return Both(fake, fake)
    store = request.getfixturevalue("store")
    return Both(TableCases(store), TableCaseLists(store, page=PAGE))


async def test_new_case_is_listed_in_its_state(both: Both) -> None:
    """A new case is in the list of its state, with all that a line tells."""
    stored = await both.cases.create(accepted())
    page = await both.lists.in_states(ACCEPTED, None)
    assert page.cases == (CaseSummary.of(stored.case, stored.case.updated_at),)
    assert page.next_token is None
    assert (await both.lists.of_user(PERSON, None)).cases == ()


async def test_case_moves_between_the_lists(both: Both) -> None:
    """A case that changed its state is in the new list only."""
    stored = await both.cases.create(accepted())
    await both.cases.save(stored, waiting(stored.case, later(1), later(600)))
    assert await both.pages_of(ACCEPTED) == [[]]
    assert await both.pages_of(frozenset({CaseState.WAITING_ACCOUNT})) == [[stored.case.case_id]]


async def test_case_is_listed_with_its_person(both: Both) -> None:
    """As soon as the person is known the case is in their list, and it stays there."""
    stored = await both.cases.create(accepted())
    stored = await both.cases.save(stored, pinned(stored.case, later(1)))
    assert [line.state for line in (await both.lists.of_user(PERSON, None)).cases] == [
        CaseState.ACCEPTED
    ]
    await both.cases.save(stored, cancelled(stored.case, later(2)))
    assert [line.state for line in (await both.lists.of_user(PERSON, None)).cases] == [
        CaseState.CANCELLED
    ]
    assert (await both.lists.of_user(UserId("someone-else"), None)).cases == ()


@pytest.mark.parametrize(
    ("named", "another", "told"),
    [
        ({"employee_id": "E-1/\u00fc"}, {"employee_id": "E-2"}, "employee:e-1/\u00fc"),
        ({"name": "Kim@example.com"}, {"name": "x@example.com"}, "name:kim@example.com"),
    ],
)
async def test_case_is_listed_under_what_hr_calls_the_person(
    both: Both, named: dict[str, Any], another: dict[str, Any], told: str
) -> None:
    """From the first moment on, and as it stands, so that a later event finds it."""
    stored = await both.cases.create(accepted(**named))
    await both.cases.create(accepted(**another))
    assert told_as(stored.case.plan) == told
    (line,) = (await both.lists.told_as(told, None)).cases
    assert line == CaseSummary.of(stored.case, stored.case.updated_at)
    stored = await both.cases.save(stored, pinned(stored.case, later(1)))
    await both.cases.save(stored, cancelled(stored.case, later(2)))
    (line,) = (await both.lists.told_as(told, None)).cases
    assert (line.state, line.user_id) == (CaseState.CANCELLED, PERSON)
    assert (await both.lists.told_as("employee:e-3", None)).cases == ()


async def test_case_is_listed_under_name_and_number_until_its_person_is_known(both: Both) -> None:
    """Who knows the one and not the other finds it; by object id it is found from then on."""
    stored = await both.cases.create(accepted(name="Kim@example.com", employee_id="E-1"))
    for told in ("name:kim@example.com", "employee:e-1"):
        (line,) = (await both.lists.told_as(told, None)).cases
        assert line.case_id == stored.case.case_id
    await both.cases.save(stored, pinned(stored.case, later(1)))
    assert (await both.lists.told_as("name:kim@example.com", None)).cases == ()
    (by_number,) = (await both.lists.told_as("employee:e-1", None)).cases
    (by_id,) = (await both.lists.of_user(PERSON, None)).cases
    assert by_number == by_id


async def test_all_that_hr_told_of_a_person_is_found_page_by_page(both: Both) -> None:
    """However much there is: a token leads to the rest."""
    made = [await both.cases.create(accepted(later(n), employee_id="E-1")) for n in range(PAGE + 1)]
    page = await both.lists.told_as("employee:e-1", None)
    assert page.next_token is not None
    rest = await both.lists.told_as("employee:e-1", page.next_token)
    assert rest.next_token is None
    newest_first = [stored.case.case_id for stored in reversed(made)]
    assert [line.case_id for line in (*page.cases, *rest.cases)] == newest_first


async def test_a_reset_is_told_of_unsettled_resets_and_of_all_other_cases(both: Both) -> None:
    """Of a thousand tickets that have joined one, the thousand are left out."""
    states = [*SETTLED_RESETS, CaseState.PARKED, CaseState.CONTAINED]
    resets = {}
    for number, state in enumerate(states):
        case = replace(a_reset(state), case_id=CaseId(f"{number:032x}"), user_id=PERSON)
        resets[state] = (await both.cases.create(begun(case))).case.case_id
    onboarding = await both.cases.create(accepted())
    onboarding = await both.cases.save(onboarding, pinned(onboarding.case, later(1)))
    ended = await both.cases.save(onboarding, cancelled(onboarding.case, later(2)))
    found = {line.case_id for line in await both.lists.beside_reset(PERSON, 100)}
    unsettled = {resets[CaseState.PARKED], resets[CaseState.CONTAINED]}
    assert found == unsettled | {ended.case.case_id}


async def test_a_reset_that_has_done_nothing_is_told_by_what_it_asks_for(both: Both) -> None:
    """Until it begins; from then on the case has to be read."""
    plan = a_reset_plan(ResetReason.STOLEN, (ResetAction.METHODS, ResetAction.APP_PASSWORDS))
    stored = await both.cases.create(begun(a_reset(plan=plan)))
    (line,) = await both.lists.beside_reset(USER_ID, 100)
    assert line.untouched == Untouched(
        case_id=stored.case.case_id,
        state=CaseState.ACCEPTED,
        source=stored.case.source,
        reason=ResetReason.STOLEN,
        actions=(ResetAction.METHODS, ResetAction.APP_PASSWORDS),
        accepted_at=stored.case.accepted_at,
    )
    at_work = replace(stored.case.reset, begun_at=later(1))
    changed = replace(stored.case, reset=at_work, updated_at=later(1))
    await both.cases.save(stored, Transition(case=changed))
    assert await both.lists.beside_reset(USER_ID, 100) == (CaseSummary.of(changed, later(1)),)
    assert (await both.lists.of_user(USER_ID, None)).cases[0].untouched is None


async def test_the_newest_resets_of_a_person_in_a_state_are_found(both: Both) -> None:
    """As many as are asked for; not those in other states, and no cases of other kinds."""
    made = [replace(a_reset(CaseState.JOINED), case_id=CaseId(f"{n:032x}")) for n in range(3)]
    for number, case in enumerate(made):
        await both.cases.create(begun(replace(case, accepted_at=later(number))))
    await both.cases.create(begun(replace(a_reset(), case_id=CaseId("9" * 32))))
    onboarding = await both.cases.create(accepted())
    await both.cases.save(onboarding, pinned(onboarding.case, later(1)))
    for most, expected in ((2, [2, 1]), (9, [2, 1, 0])):
        lines = await both.lists.resets_of(USER_ID, CaseState.JOINED, most)
        assert [line.case_id for line in lines] == [made[number].case_id for number in expected]
    assert await both.lists.resets_of(PERSON, CaseState.ACCEPTED, 9) == ()


async def test_a_line_tells_since_when(both: Both) -> None:
    """A line bears the time at which the case came into its state."""
    stored = await both.cases.create(accepted())
    stored = await both.cases.save(stored, waiting(stored.case, later(1), later(600)))
    await both.cases.save(stored, still_waiting(stored.case, later(900)))
    page = await both.lists.in_states(frozenset({CaseState.WAITING_ACCOUNT}), None)
    assert [line.updated_at for line in page.cases] == [later(1)]


async def test_a_line_tells_the_person_and_the_deadline(both: Both) -> None:
    """A deadline that comes, or changes, within a state shows in both lists, once each."""
    stored = await both.cases.create(accepted())
    stored = await both.cases.save(stored, pinned(stored.case, later(1)))
    for minute in (2, 3):
        due = Transition(
            case=replace(stored.case, deadline=later(600 + minute), updated_at=later(minute))
        )
        stored = await both.cases.save(stored, due)
    line = CaseSummary.of(stored.case, later(3))
    assert (line.user_id, line.deadline) == (PERSON, later(603))
    assert (await both.lists.in_states(ACCEPTED, None)).cases == (line,)
    assert (await both.lists.of_user(PERSON, None)).cases == (line,)


async def test_pages_are_newest_first_and_complete(both: Both) -> None:
    """Pages give every case once, newest first, whatever bucket it is in."""
    made = [await both.cases.create(accepted(later(n))) for n in range(11)]
    newest = [stored.case.case_id for stored in reversed(made)]
    assert await both.pages_of(ACCEPTED) == [newest[:4], newest[4:8], newest[8:]]


async def test_full_last_page_has_no_token(both: Both) -> None:
    """Where nothing follows a full page, it says so."""
    for n in range(PAGE):
        await both.cases.create(accepted(later(n)))
    assert (await both.lists.in_states(ACCEPTED, None)).next_token is None


async def test_several_states_make_one_list(both: Both) -> None:
    """Cases of several states come in one list, newest first."""
    first = await both.cases.create(accepted(later(0)))
    second = await both.cases.create(accepted(later(1)))
    await both.cases.create(accepted(later(2)))
    await both.cases.save(first, waiting(first.case, later(9), later(600)))
    await both.cases.save(second, cancelled(second.case, later(10)))
    (page,) = await both.pages_of(OPEN)
    assert page[0] == first.case.case_id
    assert len(page) == 2


@pytest.mark.parametrize("token", ["", "nonsense", "' or PartitionKey ne '", "12_\u00fc"])
async def test_foreign_token_is_refused(both: Both, token: str) -> None:
    """A token that is none of ours is the caller's mistake, not an empty page."""
    with pytest.raises(InvalidRequest):
        await both.lists.in_states(ACCEPTED, token)
    with pytest.raises(InvalidRequest):
        await both.lists.of_user(PERSON, token)
