"""Who gives way to a case that comes to nothing goes on: in the whole app, in memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.approvals import plan_hash
from shared.domain.authentication import MethodType
from shared.domain.cases import Case, CaseState, EventType
from shared.domain.control import Capability, Mode
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.ids import UserId, UserPrincipalName
from shared.domain.plans import CaseKind
from tests.properties.test_corrections import HOUR, of_kind, says
from tests.properties.test_leaving_and_returning import (
    STANDING,
    dies_at,
    switch,
    tells,
    time_passes,
    without_methods,
)
from tests.properties.test_repeated_events import DAY, NAME, NUMBER, a_world, revocations, told
from tests.properties.world import World

OPERATOR = "d0000000-0000-4000-8000-0000000000aa"
QUARTER = 6 * HOUR


def the_case(world: World, number: int) -> Case:
    """The case of the event that was told as this one, from 0."""
    return list(world.watch.cases.values())[number].case


async def call_off(world: World, number: int) -> None:
    """An operator cancels a case."""
    await world.hosts[0].cancel_case(the_case(world, number).case_id, OPERATOR)


async def approve(world: World, number: int) -> None:
    """A second person agrees to what a case asks for."""
    case = the_case(world, number)
    await world.hosts[1].approve_case(case.case_id, plan_hash(case), "approver")


def block(world: World) -> UserId:
    """Somebody blocks the person's account."""
    user = world.user(NAME)
    assert user is not None
    world.tenant.block(user)
    return user


def unblock(world: World, user: UserId) -> None:
    """They may sign in again."""
    person = world.tenant.people[user]
    world.tenant.people[user] = replace(person, account=replace(person.account, enabled=True))


async def test_a_leaving_goes_on_after_a_return_that_was_a_mistake() -> None:
    """Its case waits for an account that is blocked, and that is where the mistake is seen."""
    world = await a_world()
    block(world)
    leaving = world.clock.now() + QUARTER
    await tells(world, told("left", "leaver", world, days=0) | {"effectiveAt": leaving.isoformat()})
    await time_passes(world, HOUR)
    await tells(world, told("back", "rehire", world, days=0))
    await time_passes(world, 7 * HOUR)
    assert the_case(world, 0).gives_way_to == the_case(world, 1).case_id
    assert revocations(world) == 0
    await call_off(world, 1)
    await time_passes(world, DAY)
    assert revocations(world) == 1


@pytest.mark.parametrize("refused", [True, False])
async def test_who_was_seen_off_stays_so_after_a_return_that_came_to_nothing(
    *, refused: bool
) -> None:
    """Their account stays blocked, so nobody is back: the methods go."""
    world = await a_world()
    await tells(world, told("left", "leaver", world, days=0))
    await time_passes(world, 2 * HOUR)
    user = block(world)
    await tells(world, told("wrong", "rehire", world, days=0))
    await time_passes(world, 3 * DAY, step=QUARTER)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.WAITING_DISABLED]
    if not refused:
        await call_off(world, 1)
    await time_passes(world, 20 * DAY, step=QUARTER)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.COMPLETED]
    left = [method.method_type for method in world.tenant.people[user].methods]
    assert left == [MethodType.PASSWORD]


async def test_a_leaving_goes_on_after_a_postponement_that_was_a_mistake() -> None:
    """Though its own day has come meanwhile."""
    world = await a_world()
    await tells(world, told("left", "leaver", world, days=5))
    await time_passes(world, DAY, step=QUARTER)
    await tells(world, told("later", "leaver", world, days=25))
    await time_passes(world, 6 * DAY, step=QUARTER)
    assert revocations(world) == 0
    await call_off(world, 1)
    await time_passes(world, DAY, step=QUARTER)
    assert revocations(world) == 1


@pytest.mark.parametrize("why", ["approval", "stopped"])
async def test_who_joins_is_onboarded_after_a_leaving_that_was_a_mistake(why: str) -> None:
    """It waited for an approval, or leavers were stopped, when their first day came."""
    world = await a_world()
    without_methods(world)
    (boss,) = world.tenant.people
    if why == "approval":
        world.tenant.add("kim@contoso.example", manager=boss)
    await tells(world, told("joins", "joiner", world, days=3))
    await time_passes(world, DAY)
    await tells(world, told("wrong", "leaver", world, days=0))
    if why == "stopped":
        await switch(world, Capability.LEAVER, Mode.STOP)
    await time_passes(world, 3 * DAY)
    await call_off(world, 1)
    await time_passes(world, DAY)
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.WAITING_REGISTRATION]


@pytest.mark.parametrize("first", ["joiner", "leaver"])
async def test_who_leaves_by_observing_alone_is_onboarded(first: str) -> None:
    """Both have the same moment, and whichever is taken up first."""
    world = await a_world()
    without_methods(world)
    await switch(world, Capability.LEAVER, Mode.OBSERVE)
    await tells(world, told("joins", "joiner", world, days=3))
    await time_passes(world, DAY)
    midnight = (world.clock.now() + 2 * DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    leaves = told("left", "leaver", world, days=2) | {"effectiveAt": midnight.isoformat()}
    await tells(world, leaves)
    await time_passes(world, HOUR)
    world.clock.advance_to(midnight)
    while messages := world.broker.deliverable(world.clock.now()):
        await world.deliver(messages[0 if first == "joiner" else -1])
    await time_passes(world, 3 * DAY, step=QUARTER)
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.WAITING_REGISTRATION]
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.COMPLETED]


async def test_a_leaving_that_hr_took_back_stays_so_though_nothing_could_be_done() -> None:
    """On sick leave their account is blocked, until the return's case is refused."""
    world = await a_world()
    block(world)
    await tells(world, told("left", "leaver", world, days=30))
    await time_passes(world, DAY, step=QUARTER)
    await tells(world, told("stays", "rehire", world, days=0))
    await time_passes(world, 35 * DAY, step=QUARTER)
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.REFUSED]
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.SUPERSEDED]
    assert revocations(world) == 0


async def test_a_leaving_waits_for_a_return_that_is_parked() -> None:
    """A human was told; replayed, the return goes on."""
    world = await dies_at("rehire", lambda _, case: case.user_id is not None)
    world.tenant.troubles = [DirectoryUnavailable("503")] * 1000
    await time_passes(world, 2 * DAY)
    world.tenant.troubles.clear()
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.PARKED]
    await says(world, told("left", "leaver", world, days=5), told_ago=5 * DAY)
    await time_passes(world, 9 * DAY, step=QUARTER)
    assert revocations(world) == 0
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.WAITING_EFFECTIVE]
    (parked,), _ = await world.parked.newest(None)
    await world.hosts[0].replay_parked(parked.parked_id, OPERATOR)
    await time_passes(world, DAY)
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.COMPLETED]
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.SUPERSEDED]


async def test_three_dates_one_of_which_was_begun_and_called_off_leave_one_case() -> None:
    """The two others do not wait for each other."""
    world = await a_world()
    without_methods(world)
    for days in (10, 12, 5):
        await tells(world, told(f"on-{days}", "joiner", world, days=days))
        await time_passes(world, HOUR)
    await time_passes(world, 6 * DAY, step=QUARTER)
    assert the_case(world, 2).state is CaseState.WAITING_REGISTRATION
    await call_off(world, 2)
    await time_passes(world, 9 * DAY, step=QUARTER)
    states = of_kind(world, CaseKind.ONBOARDING)
    assert states[1:] == [CaseState.WAITING_REGISTRATION, CaseState.CANCELLED]
    assert states[0] is CaseState.SUPERSEDED


async def test_a_second_return_counts_after_the_first_was_refused() -> None:
    """The account was blocked for too long, and HR tells of the return once more."""
    world = await a_world()
    await tells(world, told("left", "leaver", world, days=0))
    await time_passes(world, 2 * HOUR)
    user = block(world)
    await tells(world, told("back", "rehire", world, days=0))
    await time_passes(world, 14 * DAY, step=HOUR)
    while of_kind(world, CaseKind.ONBOARDING) != [CaseState.REFUSED]:
        await time_passes(world, timedelta(minutes=15), step=timedelta(minutes=15))
    await tells(world, told("back-again", "rehire", world, days=0))
    await time_passes(world, 2 * DAY, step=QUARTER)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.WAITING_DISABLED]
    unblock(world, user)
    await time_passes(world, DAY, step=QUARTER)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.SUPERSEDED]
    kept = [method.method_type for method in world.tenant.people[user].methods]
    assert MethodType.MICROSOFT_AUTHENTICATOR in kept


async def test_whose_blocked_account_is_made_anew_is_onboarded_with_the_new_one() -> None:
    """Until an account can be enabled, nobody is bound to it."""
    world = await a_world()
    old = block(world)
    await tells(world, told("back", "rehire", world, days=0))
    await time_passes(world, DAY, step=QUARTER)
    del world.tenant.people[old]
    new = world.tenant.add(NAME, employee_id=NUMBER)
    await time_passes(world, 2 * DAY, step=QUARTER)
    assert the_case(world, 0).user_id == new
    assert the_case(world, 0).state is CaseState.WAITING_REGISTRATION


async def test_who_leaves_while_their_onboarding_is_parked_is_seen_off() -> None:
    """It had enabled them and was parked before it could wait for them."""
    for calls in range(20):
        world = await a_world()
        without_methods(world)
        await tells(world, told("joins", "joiner", world, days=0))
        world.tenant.troubles = [*[None] * calls, *[DirectoryUnavailable("503")] * 1000]
        await time_passes(world, 2 * DAY)
        world.tenant.troubles.clear()
        parked = the_case(world, 0)
        if parked.parked_from is CaseState.ENABLED:
            break
    assert (parked.state, parked.deadline) == (CaseState.PARKED, None)
    await tells(world, told("left", "leaver", world, days=0))
    await time_passes(world, DAY)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.WAITING_DISABLED]
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.CANCELLED]


@pytest.mark.parametrize("there", [True, False])
async def test_who_waits_for_a_return_is_told_to_be_overdue_all_the_same(*, there: bool) -> None:
    """Thirty days after they left, once; a blocked account loses nothing meanwhile."""
    world = await a_world()
    await tells(world, told("left", "leaver", world, days=0))
    await time_passes(world, 2 * HOUR)
    await switch(world, Capability.ONBOARDING, Mode.STOP)
    await tells(world, told("back", "rehire", world, days=0))
    user = world.user(NAME)
    assert user is not None
    if not there:
        world.tenant.block(user)
    await time_passes(world, 40 * DAY, step=QUARTER)
    leaver = next(iter(world.watch.cases.values()))
    told_overdue = [event.type for event in leaver.events].count(EventType.OVERDUE)
    assert told_overdue == (1 if there else 0)
    assert len(world.tenant.people[user].methods) == 2


@pytest.mark.parametrize("phase", range(0, 360, 45))
async def test_a_wrong_leaving_brings_none_from_before_the_return_back(phase: int) -> None:
    """It ended the return's case; then an operator calls it off, and HR's word holds."""
    world = await a_world()
    without_methods(world)
    quarter = timedelta(minutes=15)
    await tells(world, told("left", "leaver", world, days=0))
    await time_passes(world, 3 * DAY + timedelta(minutes=phase), step=quarter)
    await tells(world, told("back", "rehire", world, days=0))
    await time_passes(world, 2 * quarter, step=quarter)
    await tells(world, told("wrong", "leaver", world, days=0))
    await time_passes(world, HOUR, step=quarter)
    await call_off(world, 2)
    await time_passes(world, 2 * DAY)
    assert the_case(world, 0).state not in STANDING | {CaseState.OVERDUE}


def by_name(event: dict[str, str]) -> dict[str, str]:
    """As a system tells it that knows no numbers."""
    told_of = {name: value for name, value in event.items() if name != "employeeId"}
    return {**told_of, "userPrincipalName": NAME}


@pytest.mark.parametrize("late", [False, True])
async def test_a_name_that_changes_hands_keeps_nobody_from_being_onboarded(*, late: bool) -> None:
    """The earlier holder left; HR tells of both by the name alone, and the account may be late."""
    world = await a_world()
    old = world.user(NAME)
    assert old is not None
    await tells(world, by_name(told("new", "joiner", world, days=30)))
    await time_passes(world, 10 * DAY, step=QUARTER)
    await tells(world, by_name(told("left", "leaver", world, days=2)))
    await time_passes(world, 3 * DAY, step=QUARTER)
    world.tenant.block(old)
    await time_passes(world, 3 * DAY, step=QUARTER)
    renamed = UserPrincipalName("old.robin@contoso.example")
    person = world.tenant.people[old]
    account = replace(person.account, name=renamed)
    world.tenant.people[old] = replace(person, name=renamed, account=account)
    if late:
        await time_passes(world, 15 * DAY, step=QUARTER)
    world.tenant.add(NAME)
    await time_passes(world, (3 if late else 20) * DAY, step=QUARTER)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.COMPLETED]
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.WAITING_REGISTRATION]


async def test_a_joining_of_long_ago_takes_no_leaving_back() -> None:
    """A feed repeats it with a new stamp, while a return is told for later."""
    world = await a_world()
    joined = told("joined", "joiner", world, days=0)
    await says(world, joined)
    await time_passes(world, 10 * DAY, step=QUARTER)
    await tells(world, told("left", "leaver", world, days=10))
    await time_passes(world, DAY, step=QUARTER)
    await tells(world, told("back", "rehire", world, days=40))
    await time_passes(world, DAY, step=QUARTER)
    await tells(world, {**joined, "id": "joined-again"})
    await time_passes(world, 10 * DAY, step=QUARTER)
    assert revocations(world) == 1


async def _who_is_back() -> tuple[World, dict[str, str]]:
    """Somebody who was rehired and has registered since; and the event that told it."""
    world = await a_world(former_methods="remove")
    user = world.user(NAME)
    assert user is not None
    back = told("back", "rehire", world, days=0)
    await tells(world, back)
    await time_passes(world, 2 * HOUR)
    await approve(world, 0)
    await time_passes(world, DAY)
    world.tenant.register(user, MethodType.MICROSOFT_AUTHENTICATOR)
    await time_passes(world, 5 * DAY, step=QUARTER)
    assert the_case(world, 0).state is CaseState.COMPLETED
    return world, back


async def test_a_return_that_is_told_anew_removes_nothing_that_was_registered_since() -> None:
    """What the person has by now is not from before."""
    world, back = await _who_is_back()
    await tells(world, {**back, "id": "back-again"})
    await time_passes(world, 2 * HOUR)
    assert the_case(world, 1).state is CaseState.SUPERSEDED
    await tells(world, told("left", "leaver", world, days=0))
    await time_passes(world, 2 * HOUR)
    await tells(world, told("back-for-good", "rehire", world, days=0))
    await time_passes(world, 2 * HOUR)
    assert the_case(world, 3).state is CaseState.AWAITING_APPROVAL, "that is another return"


async def test_a_leaving_that_is_yet_to_come_makes_no_new_return_of_one_told_anew() -> None:
    """Nobody has left in between: what they have registered since the return is theirs."""
    world, back = await _who_is_back()
    await tells(world, told("leaves", "leaver", world, days=30))
    await tells(world, {**back, "id": "back-again"})
    await time_passes(world, 2 * HOUR)
    assert the_case(world, 2).state is CaseState.SUPERSEDED


async def test_what_was_removed_is_told_where_the_rest_could_not_be() -> None:
    """The case asked to remove two methods, and one of them can't be."""
    world = await a_world(former_methods="remove")
    user = world.user(NAME)
    assert user is not None
    world.tenant.register(user, MethodType.UNRECOGNISED)
    await tells(world, told("back", "rehire", world, days=0))
    await time_passes(world, 2 * HOUR)
    await approve(world, 0)
    await switch(world, Capability.ONBOARDING, Mode.STOP)
    await time_passes(world, 2 * HOUR)
    await switch(world, Capability.ONBOARDING, Mode.ACT)
    await call_off(world, 0)
    await time_passes(world, HOUR)
    (stored,) = world.watch.cases.values()
    assert "Nothing was changed" not in (stored.steps[-1].detail or "")


async def test_who_joined_between_and_was_called_off_hides_no_leaving() -> None:
    """The first leaving is overdue; they joined anew and left, so the second one acts, too."""
    world = await a_world()
    without_methods(world)
    await tells(world, told("left", "leaver", world, days=0))
    await time_passes(world, 5 * DAY, step=QUARTER)
    await tells(world, told("joins", "joiner", world, days=1))
    await time_passes(world, 5 * DAY, step=QUARTER)
    await call_off(world, 1)
    await time_passes(world, 60 * DAY, step=QUARTER)
    before = revocations(world)
    await tells(world, told("left-again", "leaver", world, days=0))
    await time_passes(world, 5 * DAY, step=QUARTER)
    assert revocations(world) == before + 1
