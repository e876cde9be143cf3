"""What HR says last about somebody holds, whatever became of the cases in between."""

from dataclasses import replace

import pytest

from shared.domain.authentication import MethodType, PerUserMfaState
from shared.domain.cases import CaseState, EventType
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.ids import UserId, UserPrincipalName
from tests.properties.test_corrections import HOUR
from tests.properties.test_giving_way import QUARTER, approve, block, the_case
from tests.properties.test_leaving_and_returning import tells, time_passes, without_methods
from tests.properties.test_repeated_events import DAY, NAME, NUMBER, a_world, revocations, told
from tests.properties.world import World


@pytest.mark.parametrize("day", [2, 12])
async def test_a_leaving_that_was_corrected_and_taken_back_is_not_carried_out(day: int) -> None:
    """Its correction has given way to the return, and the return to one that was done before."""
    world = await a_world()
    await tells(world, told("back", "rehire", world, days=0))
    await time_passes(world, 2 * HOUR)
    await tells(world, told("leaves", "leaver", world, days=6))
    await time_passes(world, 2 * HOUR)
    await tells(world, told("another-day", "leaver", world, days=day))
    await time_passes(world, 2 * HOUR)
    await tells(world, told("stays", "rehire", world, days=0))
    await time_passes(world, 30 * DAY, step=QUARTER)
    assert revocations(world) == 0
    assert {the_case(world, number).state for number in (1, 2)} == {CaseState.SUPERSEDED}


async def test_nor_is_it_where_the_account_is_blocked_just_then() -> None:
    """Sick leave: the return is refused, and its word counts."""
    world = await a_world()
    user = block(world)
    await tells(world, told("leaves", "leaver", world, days=30))
    await time_passes(world, 2 * HOUR)
    await tells(world, told("another-day", "leaver", world, days=35))
    await time_passes(world, 2 * HOUR)
    await tells(world, told("stays", "rehire", world, days=0))
    await time_passes(world, 40 * DAY, step=QUARTER)
    assert revocations(world) == 0
    assert MethodType.MICROSOFT_AUTHENTICATOR in methods_of(world, user)


async def test_a_return_told_for_a_wrong_day_and_corrected_back_is_begun_no_second_time() -> None:
    """What they have registered since the return is theirs."""
    world = await a_world(former_methods="remove")
    await tells(world, told("back", "rehire", world, days=0))
    await time_passes(world, 2 * HOUR)
    await approve(world, 0)
    await time_passes(world, 2 * DAY)
    corrected = told("again", "rehire", world, days=-2)
    await tells(world, told("mistyped", "rehire", world, days=3))
    await time_passes(world, 2 * HOUR)
    await tells(world, corrected)
    await time_passes(world, 4 * DAY, step=QUARTER)
    assert {the_case(world, number).state for number in (1, 2)} == {CaseState.SUPERSEDED}


@pytest.mark.parametrize("again", ["joiner", "rehire"])
async def test_another_first_day_takes_back_no_last_day_that_was_told_before(again: str) -> None:
    """HR corrects when somebody comes back; that they leave again a week later still holds."""
    world = await a_world()
    await tells(world, told("left", "leaver", world, days=0))
    await time_passes(world, 6 * DAY, step=QUARTER)
    await tells(world, told("back", "rehire", world, days=10))
    await time_passes(world, 2 * HOUR)
    await tells(world, told("for-a-week", "leaver", world, days=17))
    await time_passes(world, 2 * HOUR)
    before = revocations(world)
    await tells(world, told("earlier", again, world, days=8))
    await time_passes(world, 20 * DAY, step=QUARTER)
    assert revocations(world) == before + 1


async def test_the_same_first_day_told_again_takes_it_back() -> None:
    """Nothing is corrected by it, so it is the leaving that HR speaks of."""
    world = await a_world()
    back = told("back", "rehire", world, days=10)
    await tells(world, back)
    await time_passes(world, 2 * HOUR)
    await tells(world, told("leaves", "leaver", world, days=17))
    await time_passes(world, 2 * HOUR)
    await tells(world, {**back, "id": "stays"})
    await time_passes(world, 20 * DAY, step=QUARTER)
    assert revocations(world) == 0


async def test_the_leaving_of_a_second_account_is_carried_out_beside_that_of_the_first() -> None:
    """The first case has begun on the old account, and waits for somebody to block it."""
    world = await a_world()
    await tells(world, told("left", "leaver", world, days=0))
    await time_passes(world, DAY)
    _, new = a_second_account(world)
    await tells(world, told("left-again", "leaver", world, days=0))
    await time_passes(world, 2 * DAY)
    revoked = [user for user, effect in world.tenant.writes if isinstance(effect, RevokeSessions)]
    assert revoked[-1] == new
    assert the_case(world, 0).state is the_case(world, 1).state is CaseState.WAITING_DISABLED


async def test_who_comes_back_to_a_second_account_keeps_nothing_on_the_first() -> None:
    """The leaver's case goes on where the return is not."""
    world = await a_world()
    await tells(world, told("left", "leaver", world, days=0))
    await time_passes(world, 2 * DAY)
    old, new = a_second_account(world)
    await tells(world, told("back", "rehire", world, days=0))
    await time_passes(world, DAY)
    world.tenant.block(old)
    await time_passes(world, 10 * DAY, step=QUARTER)
    assert methods_of(world, old) == [MethodType.PASSWORD]
    assert world.tenant.people[new].state is PerUserMfaState.ENABLED


async def test_a_leaving_that_is_parked_holds_an_older_joining_back() -> None:
    """The sessions are revoked, then Graph is away for a day: a human takes the case up again."""
    world = await a_world()
    without_methods(world)
    await tells(world, told("joins", "joiner", world, days=5))
    await time_passes(world, DAY)
    await tells(world, told("left", "leaver", world, days=1))
    await time_passes(world, DAY + HOUR)
    world.tenant.troubles = [DirectoryUnavailable("503")] * 1000
    await time_passes(world, DAY)
    world.tenant.troubles.clear()
    await time_passes(world, 6 * DAY, step=QUARTER)
    assert the_case(world, 1).state is CaseState.PARKED
    assert the_case(world, 0).gives_way_to == the_case(world, 1).case_id
    user = world.user(NAME)
    assert user is not None
    assert world.tenant.people[user].state is PerUserMfaState.DISABLED


async def test_who_never_comes_is_not_onboarded() -> None:
    """Told by number alone before there is an account: a human has to look at the leaving first."""
    world = await a_world()
    user = world.user(NAME)
    assert user is not None
    person = world.tenant.people.pop(user)
    await tells(world, told("joins", "joiner", world, days=5))
    await time_passes(world, DAY)
    await tells(world, told("no-show", "leaver", world, days=1))
    await time_passes(world, 3 * DAY)
    world.tenant.people[user] = replace(person, methods=())
    await time_passes(world, 5 * DAY, step=QUARTER)
    assert the_case(world, 1).state is CaseState.PARKED
    assert world.tenant.writes == []


@pytest.mark.parametrize(("back", "stays"), [(0, True), (25, False)])
async def test_who_is_asked_about_a_resignation_taken_back_is_told_so(
    back: int, *, stays: bool
) -> None:
    """Whether they were ever away nobody can tell by events, so a human decides either way."""
    world = await a_world(former_methods="remove")
    await tells(world, told("leaves", "leaver", world, days=20))
    await time_passes(world, DAY)
    await tells(world, told("back", "rehire", world, days=back))
    await time_passes(world, (back + 1) * DAY, step=QUARTER)
    (stored,) = [one for one in world.watch.cases.values() if one.case == the_case(world, 1)]
    assert world.published(stored.case.case_id, EventType.APPROVAL_REQUESTED) == 1
    said = " ".join(step.detail or "" for step in stored.steps)
    assert ("if they never left, it is theirs" in said) is stays


async def test_a_first_day_that_was_replaced_long_ago_is_corrected_by_nothing_more() -> None:
    """Back on the second day, not on the sixteenth; a resignation is told, and taken back."""
    world = await a_world()
    await tells(world, told("back-later", "rehire", world, days=16))
    await time_passes(world, DAY)
    await tells(world, told("back", "rehire", world, days=2))
    await time_passes(world, 5 * DAY, step=QUARTER)
    await tells(world, told("leaves", "leaver", world, days=20))
    await time_passes(world, DAY)
    await tells(world, told("stays", "rehire", world, days=0))
    await time_passes(world, 25 * DAY, step=QUARTER)
    assert revocations(world) == 0


async def test_a_first_day_that_was_corrected_does_not_come_back_after_a_leaving() -> None:
    """The corrected return was cancelled by the leaver's case, which is done by then."""
    world = await a_world()
    without_methods(world)
    await tells(world, told("first", "rehire", world, days=16))
    await time_passes(world, DAY)
    await tells(world, told("corrected", "rehire", world, days=2))
    await time_passes(world, 4 * DAY, step=QUARTER)
    assert the_case(world, 1).state is CaseState.WAITING_REGISTRATION
    await tells(world, told("left", "leaver", world, days=0))
    await time_passes(world, 3 * HOUR)
    user = block(world)
    await time_passes(world, 12 * DAY, step=QUARTER)
    assert the_case(world, 2).state is CaseState.COMPLETED
    assert the_case(world, 0).state is CaseState.SUPERSEDED
    assert [u for u, effect in world.tenant.writes if isinstance(effect, SetMfaState)] == [user]


async def test_who_comes_back_to_the_first_account_after_all_keeps_what_it_has() -> None:
    """IT undoes the second one, and HR tells the return again."""
    world = await a_world()
    await tells(world, told("left", "leaver", world, days=0))
    await time_passes(world, 2 * DAY)
    old, new = a_second_account(world)
    await tells(world, told("back", "rehire", world, days=0))
    await time_passes(world, 2 * DAY)
    undone = world.tenant.people.pop(new)
    person = world.tenant.people[old]
    account = replace(person.account, name=undone.name, employee_id=undone.account.employee_id)
    world.tenant.people[old] = replace(person, name=undone.name, account=account)
    await tells(world, told("back-again", "rehire", world, days=0))
    await time_passes(world, 2 * DAY)
    world.tenant.block(old)
    await time_passes(world, 3 * DAY)
    assert MethodType.MICROSOFT_AUTHENTICATOR in methods_of(world, old)


def methods_of(world: World, user: UserId) -> list[MethodType]:
    """What somebody can sign in with."""
    return [method.method_type for method in world.tenant.people[user].methods]


def a_second_account(world: World) -> tuple[UserId, UserId]:
    """The old account, renamed and without its number; and a new one of that name and number."""
    old = world.user(NAME)
    assert old is not None
    person, name = world.tenant.people[old], UserPrincipalName("old.robin@contoso.example")
    account = replace(person.account, name=name, employee_id=None)
    world.tenant.people[old] = replace(person, name=name, account=account)
    return old, world.tenant.add(NAME, employee_id=NUMBER)
