"""What our own records say of people is read as a whole, or not at all."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.application.sweep.records import ReadRecords
from shared.domain.cases import Case, CaseState
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import CaseId, UserId
from shared.domain.registries import Entry, Registry
from tests.builders import NOW, a_case, a_leaver, accepted, an_exemption, an_exemption_plan
from tests.fakes.cases import FakeCases
from tests.fakes.registries import FakeRegistries
from tests.properties.clock import WorldClock

CONFIGURED = UserId("00000000-0000-4000-8000-00000000000b")
A_DAY = timedelta(days=1)


def user(number: int) -> UserId:
    """Somebody."""
    return UserId(f"00000000-0000-4000-8000-{number:012x}")


def reader(
    cases: FakeCases,
    *,
    lists: FakeCases | None = None,
    registries: FakeRegistries | None = None,
    most: int = 100,
) -> ReadRecords:
    """The records over fakes, as of `NOW`."""
    return ReadRecords(
        cases=cases,
        lists=lists or cases,
        registries=registries or FakeRegistries(),
        clock=WorldClock(),
        break_glass=frozenset({CONFIGURED}),
        grace=timedelta(days=14),
        most=most,
    )


async def kept(*cases: Case, page: int = 50) -> FakeCases:
    """These cases, each under an id of its own."""
    store = FakeCases(page=page)
    for number, case in enumerate(cases):
        await store.create(accepted(replace(case, case_id=CaseId(f"{number:032x}"))))
    return store


def exempt(
    number: int,
    *,
    state: CaseState = CaseState.ACTIVE,
    ends_at: datetime = NOW + A_DAY,
    **more: Any,  # noqa: ANN401  (whatever a case has)
) -> Case:
    """The exemption of somebody; where it may have begun, it has."""
    begun = None if state in {CaseState.ACCEPTED, CaseState.AWAITING_APPROVAL} else "enforced"
    plan = an_exemption_plan(user_id=user(number), ends_at=ends_at)
    return replace(an_exemption(state, plan=plan, before=begun), **more)


def joiner(
    number: int,
    *,
    state: CaseState = CaseState.WAITING_REGISTRATION,
    deadline: datetime | None = NOW + A_DAY,
) -> Case:
    """The onboarding of somebody who has until then to register."""
    return replace(a_case(state, user_id=user(number)), deadline=deadline)


IN_FORCE, OVERDUE, NEITHER = "in force", "overdue", "neither"
OVER = NOW - A_DAY


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (exempt(1), IN_FORCE),
        (exempt(1, ends_at=NOW + timedelta(microseconds=1)), IN_FORCE),
        # Its end has come, to the moment; recovery has not ended it yet.
        (exempt(1, ends_at=NOW), OVERDUE),
        (exempt(1, ends_at=OVER), OVERDUE),
        (exempt(1, state=CaseState.OVERDUE, ends_at=OVER), OVERDUE),
        # Merely asked for, or put back already.
        (exempt(1, state=CaseState.ACCEPTED), NEITHER),
        (exempt(1, state=CaseState.AWAITING_APPROVAL), NEITHER),
        (exempt(1, state=CaseState.AWAITING_APPROVAL, ends_at=OVER), NEITHER),
        (exempt(1, state=CaseState.ENDED), NEITHER),
        (exempt(1, state=CaseState.ENDED, ends_at=OVER), NEITHER),
        # Set aside for a human, or by a budget: MFA is off all the same.
        (exempt(1, state=CaseState.PARKED, parked_from=CaseState.ACTIVE), IN_FORCE),
        (exempt(1, state=CaseState.PARKED, parked_from=CaseState.ACTIVE, ends_at=OVER), OVERDUE),
        (exempt(1, state=CaseState.PARKED, parked_from=CaseState.OVERDUE, ends_at=OVER), OVERDUE),
        (exempt(1, state=CaseState.HELD, held_from=CaseState.ACTIVE, ends_at=OVER), OVERDUE),
        # Set aside before it began: whether MFA was turned off was not seen.
        (exempt(1, state=CaseState.PARKED, parked_from=CaseState.ACCEPTED), NEITHER),
        (exempt(1, state=CaseState.HELD, held_from=CaseState.ACCEPTED, before=None), NEITHER),
        # What observe mode has passed over changed nothing.
        (exempt(1, observed=True), NEITHER),
        (exempt(1, observed=True, ends_at=OVER), NEITHER),
    ],
)
async def test_an_exemption_counts_from_its_beginning_to_its_end(case: Case, expected: str) -> None:
    """Nobody is exempt a moment longer, and who is not put back by then is overdue."""
    found = await reader(await kept(case)).records()
    assert (user(1) in found.exempt, user(1) in found.overdue) == (
        expected is IN_FORCE,
        expected is OVERDUE,
    )


async def test_the_case_has_the_last_word_about_an_exemption() -> None:
    """A line that a crash has left behind exempts nobody."""
    cases = await kept(exempt(1, state=CaseState.ENDED), exempt(2))
    lines = await kept(exempt(1), exempt(2))
    assert (await reader(cases, lists=lines).records()).exempt == {user(2)}


@pytest.mark.parametrize(
    "state",
    [
        CaseState.ENABLED,
        CaseState.WAITING_REGISTRATION,
        CaseState.AWAITING_APPROVAL,
        CaseState.PARKED,
    ],
)
async def test_who_was_asked_to_register_has_until_the_deadline(state: CaseState) -> None:
    """Wherever the case stands by now: the person was promised that time."""
    found = await reader(await kept(joiner(1, state=state))).records()
    assert found.deadlines == {user(1): NOW + A_DAY}


async def test_no_deadline_lies_behind() -> None:
    """What is over, ended, unset, or of another kind of case gives nobody time."""
    cases = await kept(
        joiner(1, deadline=NOW),
        joiner(2, state=CaseState.COMPLETED),
        joiner(3, deadline=None),
        replace(a_leaver(CaseState.WAITING_DISABLED), deadline=NOW + A_DAY),
    )
    assert (await reader(cases).records()).deadlines == {}


async def test_the_latest_of_several_deadlines_counts() -> None:
    """Whatever the order in which the cases are listed."""
    later = NOW + 3 * A_DAY
    cases = await kept(joiner(1), joiner(1, deadline=later), joiner(1, deadline=NOW + 2 * A_DAY))
    assert (await reader(cases).records()).deadlines == {user(1): later}


async def test_every_page_is_read() -> None:
    """Nobody is overlooked because others are listed before them."""
    cases = await kept(*(joiner(number) for number in range(25)), exempt(99), page=4)
    found = await reader(cases).records()
    assert len(found.deadlines) == 25
    assert found.exempt == {user(99)}


async def test_more_than_can_be_read_is_no_answer() -> None:
    """Who reads a part of the list would call people unprotected who have time yet."""
    cases = await kept(*(joiner(number) for number in range(9)), page=4)
    with pytest.raises(StoreUnavailable):
        await reader(cases, most=8).records()
    assert len((await reader(cases, most=9).records()).deadlines) == 9


async def test_break_glass_accounts_are_those_of_both_lists() -> None:
    """The setting's and the registry's, as long as an entry is in force."""
    registries = FakeRegistries()
    entry = Entry(
        user_id=user(1),
        owner="Identity team",
        reason="A drill",
        expires_at=None,
        added_by="aaaa-1",
        added_at=NOW - A_DAY,
    )
    await registries.replace(Registry.PROTECTED, None, entry)
    over = replace(entry, user_id=user(2), expires_at=NOW)
    await registries.replace(Registry.PROTECTED, None, over)
    found = await reader(await kept(), registries=registries).records()
    assert found.break_glass == {CONFIGURED, user(1)}


async def test_a_store_that_is_down_is_told() -> None:
    """It is never read as nobody."""
    cases = await kept(exempt(1))
    cases.down = True
    with pytest.raises(StoreUnavailable):
        await reader(cases).records()
