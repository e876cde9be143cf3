"""Who holds a valid HR secret takes over no account: one thing that speaks against it is enough."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.authentication import AuthenticationMethod, MethodType
from shared.domain.cases import CaseState
from shared.domain.control import Mode
from shared.domain.ids import EmployeeId, UserId
from tests.properties.interrupting import How
from tests.properties.test_preparation import (
    DAY,
    NEW,
    PREPARING,
    TOLD,
    a_world,
    an_event,
)
from tests.properties.world import OVER, World

REST = OVER | {CaseState.WAITING_REGISTRATION, CaseState.OVERDUE}
MOST_OPERATIONS = 40
Obstacle = Callable[[World, UserId], None]


def _born(ago: timedelta | None) -> Obstacle:
    def obstacle(world: World, user: UserId) -> None:
        born = None if ago is None else world.clock.now() - ago
        world.tenant.people[user] = replace(world.tenant.people[user], created_at=born)

    return obstacle


def _of_employee(number: str | None) -> Obstacle:
    def obstacle(world: World, user: UserId) -> None:
        person = world.tenant.people[user]
        employee = None if number is None else EmployeeId(number)
        account = replace(person.account, employee_id=employee)
        world.tenant.people[user] = replace(person, account=account)

    return obstacle


def _having(kind: MethodType) -> Obstacle:
    def obstacle(world: World, user: UserId) -> None:
        person = world.tenant.people[user]
        method = AuthenticationMethod(f"had-{kind}", kind)
        world.tenant.people[user] = replace(person, methods=(*person.methods, method))

    return obstacle


def _signed_in(world: World, user: UserId) -> None:
    world.tenant.sign_in(user)


def _untold(world: World, _: UserId) -> None:
    world.tenant.tells_sign_ins = False


OBSTACLES: dict[str, Obstacle] = {
    "somebody signed in": _signed_in,
    "nobody can tell who signed in": _untold,
    "thirty days old": _born(30 * DAY),
    "a year old": _born(365 * DAY),
    "of unknown age": _born(None),
    "of another employee": _of_employee("E2"),
    "of no known employee": _of_employee(None),
    **{
        f"has {kind}": _having(kind)
        for kind in MethodType
        # The app registers these two itself, once; they are tried below.
        if kind not in {MethodType.PASSWORD, MethodType.EMAIL, MethodType.PHONE}
    },
}


@pytest.mark.parametrize("days", [None, 10], ids=["at once", "while the case waits"])
@pytest.mark.parametrize("obstacle", OBSTACLES.values(), ids=OBSTACLES)
async def test_one_thing_that_speaks_against_it_is_enough(
    obstacle: Obstacle, days: int | None
) -> None:
    """Nothing lands on the account, whether it was so before the event or became so after it."""
    world, user = a_world(NEW, PREPARING)
    await world.set_mode(Mode.ACT)
    if days is None:
        obstacle(world, user)
    await world.post(an_event({"employeeId": "E1", "contact": TOLD, "days": days}))
    if days is not None:
        world.clock.advance(timedelta(days=days - 1))
        obstacle(world, user)
    await world.settle(REST)
    assert world.tenant.told == []
    assert world.watch.broken == []


@pytest.mark.parametrize("kind", [MethodType.EMAIL, MethodType.PHONE])
async def test_a_method_of_the_same_kind_speaks_against_it_too(kind: MethodType) -> None:
    """An e-mail address or phone that somebody else registered is not taken for our own."""
    world, user = a_world(NEW, PREPARING)
    await world.set_mode(Mode.ACT)
    _having(kind)(world, user)
    await world.post(an_event({"employeeId": "E1", "contact": TOLD, "days": None}))
    await world.settle(REST)
    assert world.tenant.told == []


@given(
    name=st.sampled_from([name for name in OBSTACLES if "employee" not in name]),
    dies_at=st.integers(0, MOST_OPERATIONS),
    how=st.sampled_from([How.CRASH_BEFORE, How.CRASH_AFTER]),
)
def test_nothing_more_lands_once_something_speaks_against_it(
    name: str, dies_at: int, how: How
) -> None:
    """Wherever the worker died meanwhile: between e-mail and phone, and before either."""

    async def story() -> None:
        world, user = a_world(NEW, PREPARING)
        await world.set_mode(Mode.ACT)
        await world.post(an_event({"employeeId": "E1", "contact": TOLD, "days": None}))
        world.interruptions.plan = {dies_at: how}
        await world.deliver(world.broker.queue[0])
        landed = [*world.tenant.told]
        OBSTACLES[name](world, user)
        await world.settle(REST)
        # Even what was announced before the worker died is decided anew.
        assert world.tenant.told == landed
        assert world.watch.broken == []

    asyncio.run(story())
