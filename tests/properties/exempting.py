"""Exemptions, for tests in memory: who asks for one, who approves it, and how time goes by."""

from datetime import timedelta
from random import Random

from shared.domain.approvals import plan_hash
from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import CaseState
from shared.domain.control import Mode
from shared.domain.ids import CaseId, UserId
from shared.domain.plans import CaseKind, ExemptionPlan
from shared.settings import Settings
from tests.properties.exemption_watch import ExemptionWatch
from tests.properties.world import PROTECTED, SETTINGS, World

NAMES = ("robin@contoso.example", "kim@contoso.example", "root@contoso.example")
DISABLED, ENABLED, ENFORCED = PerUserMfaState
DAY, TICK = timedelta(days=1), timedelta(hours=6)


def a_world(chance: Random, setup: Settings = SETTINGS) -> World:
    """A company in which everybody is enforced; the last of them is a break-glass account."""
    world = World(chance, setup, watch=ExemptionWatch)
    the_watch(world).truth = world.tenant.people
    for name in NAMES:
        user = world.tenant.add(name, user_id=PROTECTED if name == NAMES[-1] else None)
        world.tenant.found_in(user, ENFORCED)
    return world


def the_watch(world: World) -> ExemptionWatch:
    """The watch of a world that was made here."""
    assert isinstance(world.watch, ExemptionWatch)
    return world.watch


async def ask(world: World, user: UserId, length: timedelta, *, accept: bool = True) -> object:
    """Somebody of the helpdesk asks for an exemption."""
    plan = ExemptionPlan(
        user_id=user,
        reason="Broken phone",
        ends_at=world.clock.now() + length,
        accept_unprotected=accept,
    )
    return await world.attempt("helpdesk", world.hosts[1].grant_exemption(plan, "helpdesk-1"))


async def approve(world: World, case_id: CaseId, by: str = "approver-1") -> object:
    """Somebody approves what a case would do."""
    seen = plan_hash(world.watch.cases[case_id].case)
    return await world.attempt("approver", world.hosts[1].approve_case(case_id, seen, by))


async def deliver_all(world: World) -> None:
    """Whatever is due is delivered."""
    for message in world.broker.deliverable(world.clock.now()):
        await world.deliver(message)


async def goes_by(world: World, time: timedelta, tick: timedelta) -> None:
    """Time passes in jumps; after each the timers fire, and what is due is delivered."""
    until = world.clock.now() + time
    while world.clock.now() < until:
        world.clock.advance(min(tick, until - world.clock.now()))
        await world.timers()
        while world.broker.deliverable(world.clock.now()):
            await deliver_all(world)


async def exempt_for_a_week(chance: Random | None = None) -> tuple[World, UserId]:
    """A world in which one person is exempt."""
    world = a_world(chance or Random(0))  # noqa: S311  (which replica answers is no secret)
    await world.set_mode(Mode.ACT)
    user = world.user(NAMES[0])
    assert user is not None
    await ask(world, user, 7 * DAY)
    await deliver_all(world)
    (case_id,) = world.watch.cases
    await approve(world, case_id)
    await deliver_all(world)
    assert world.tenant.people[user].state is DISABLED
    return world, user


def stands(world: World, kind: CaseKind) -> CaseState:
    """Where the only case of a kind stands."""
    (case,) = (one.case for one in world.watch.cases.values() if one.case.kind is kind)
    return case.state


def ends_as(world: World, user: UserId, state: PerUserMfaState) -> bool:
    """Whether the exemption is over, with MFA so, and nothing was broken on the way."""
    assert world.watch.broken == []
    truth = world.tenant.people[user].state
    return (stands(world, CaseKind.EXEMPTION), truth) == (CaseState.ENDED, state)
