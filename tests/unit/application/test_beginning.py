"""A case that is worked on before it is stored: it is stored in time, or whoever asked hears."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.application.drafts import Draft
from shared.domain.cases import Case, CaseState, EventType
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.errors.storage import LeaseLost, StoreUnavailable
from shared.domain.ids import CaseId
from shared.names import Queue
from tests.builders import a_case, accepted
from tests.unit.application.test_following import Office
from tests.unit.domain.reset.decisions import a_reset_plan

CASE = CaseId("7" * 32)


def a_new_ticket(office: Office, *, by_name: bool = False) -> Draft:
    """A reset of the person that is stored nowhere."""
    plan = a_reset_plan()
    if not by_name:
        plan = replace(plan, user_id=office.user, user_principal_name=None)
    return Draft(None, (accepted(a_case(case_id=CASE, plan=plan)),))


async def the_case(office: Office) -> Case | None:
    """The case as it is stored."""
    stored = await office.cases.load(CASE)
    return None if stored is None else stored.case


@pytest.fixture
def office() -> Office:
    """An office."""
    return Office()


async def test_it_is_stored_before_the_first_change(office: Office) -> None:
    """At once with what was decided up to there; that it was accepted is told with what follows."""
    await office.advance.begin(a_new_ticket(office), Queue.RESETS)
    written = office.told.index("write remove-method")
    assert office.told[:written] == [
        "create accept:done find-account:done verify-caller:done remove-methods:begun"
    ]
    assert office.published()[:2] == [EventType.ACCEPTED, EventType.CONTAINED]


async def test_it_is_stored_when_its_person_is_found(office: Office) -> None:
    """From then on the lease to hold is theirs."""
    await office.advance.begin(a_new_ticket(office, by_name=True), Queue.RESETS)
    assert office.told[0] == "create accept:done find-account:done"
    assert (await the_case(office)).user_id == office.user  # type: ignore[union-attr]


async def test_it_is_stored_when_the_directory_does_not_answer(office: Office) -> None:
    """Then it waits as any other does."""
    office.directory.troubles = [DirectoryUnavailable("Gone.")]
    await office.advance.begin(a_new_ticket(office), Queue.RESETS)
    assert office.told == ["create accept:done try-again:deferred", "publish mfa.case.accepted"]
    assert [sent.command.case_id for sent in office.broker.commands] == [CASE]


async def test_it_is_stored_when_somebody_else_is_busy_with_the_person(office: Office) -> None:
    """It comes again by a command; that it was accepted need not wait."""
    async with office.advance.holding.leases.hold(office.user):
        await office.advance.begin(a_new_ticket(office), Queue.RESETS)
    assert office.told == ["create accept:done", "publish mfa.case.accepted"]
    assert [sent.command.case_id for sent in office.broker.commands] == [CASE]


async def test_it_is_stored_once_where_its_person_turns_out_to_be_held() -> None:
    """By then it is stored already: with who it is about."""
    office = Office()
    async with office.advance.holding.leases.hold(office.user):
        await office.advance.begin(a_new_ticket(office, by_name=True), Queue.RESETS)
    assert [one for one in office.told if one.startswith("create")] == [
        "create accept:done find-account:done"
    ]
    assert office.published() == [EventType.ACCEPTED]


async def test_who_asked_hears_that_it_could_not_be_stored(office: Office) -> None:
    """Nothing would go on by itself."""
    office.cases.trouble = StoreUnavailable("Away.")
    with pytest.raises(StoreUnavailable):
        await office.advance.begin(a_new_ticket(office), Queue.RESETS)
    assert await the_case(office) is None
    assert office.broker.commands == []
    assert office.told == []


async def test_what_is_stored_goes_on_by_itself(office: Office) -> None:
    """The lease is lost after the removal was announced: whoever asked need not ask again."""
    office.directory.trouble = LeaseLost("Taken over.")
    await office.advance.begin(a_new_ticket(office), Queue.RESETS)
    assert (await the_case(office)).change is not None  # type: ignore[union-attr]
    assert [sent.command.case_id for sent in office.broker.commands] == [CASE]


async def test_of_two_who_open_it_at_once_one_does(office: Office) -> None:
    """Delivered twice: the other one has stored it meanwhile, so we go on with what is stored."""
    draft = a_new_ticket(office)
    first = await office.cases.create(*draft.unsaved)
    office.clock.at += timedelta(seconds=1)
    await office.advance.begin(draft, Queue.RESETS)
    stored = await office.cases.load(CASE)
    assert stored is not None
    assert stored.steps[0] == first.steps[0]
    assert [one for one in office.told if one.startswith("write")] == [
        "write remove-method",
        "write revoke-sessions",
    ]


async def test_one_that_is_stored_goes_on_where_it_was_left(office: Office) -> None:
    """A ticket that is delivered again, while its case waits and once it is over."""
    draft = a_new_ticket(office)
    stored = await office.cases.create(*draft.unsaved)
    await office.advance.begin(Draft(stored), Queue.RESETS)
    assert "write revoke-sessions" in office.told
    waiting = await office.cases.load(CASE)
    assert waiting is not None
    assert waiting.case.state is CaseState.CONTAINED
    office.told.clear()
    office.broker.commands.clear()
    await office.advance.begin(Draft(waiting), Queue.RESETS)
    assert (office.told, office.broker.commands) == ([], [])
