"""What HR tells again, under whatever id, is the same event; what it corrects is another."""

import json
from datetime import timedelta
from random import Random

import pytest

from shared.domain.approvals import plan_hash
from shared.domain.authentication import MethodType
from shared.domain.cases import CaseState, EventType
from shared.domain.control import Mode
from shared.domain.effects.sessions import RevokeSessions
from shared.settings import Settings
from tests.properties.world import AT_REST, ENVIRONMENT, World

NAME, NUMBER = "robin@contoso.example", "E-4711"
DAY = timedelta(days=1)
PROFILE = {"types": ["joiner", "leaver", "rehire"]}
REST = AT_REST | {
    CaseState.WAITING_DISABLED,
    CaseState.WAITING_EFFECTIVE,
    CaseState.AWAITING_APPROVAL,
}


async def a_world(former_methods: str = "keep", **profile: object) -> World:
    """A world with one person, who has a number and a method, and an HR that tells everything."""
    source = json.dumps({**PROFILE, **profile})
    given = {"HR_SOURCE_DEMO": source, "MFA_FORMER_METHODS": former_methods}
    settings = Settings.from_environment({**ENVIRONMENT, **given})
    world = World(Random(0), settings)  # noqa: S311  (which replica answers is no secret)
    await world.set_mode(Mode.ACT)
    user = world.tenant.add(NAME, employee_id=NUMBER)
    world.tenant.register(user, MethodType.MICROSOFT_AUTHENTICATOR)
    return world


def told(event: str, kind: str, world: World, *, days: int, **said: str) -> dict[str, str]:
    """What HR tells of the person, for a day so many days ahead."""
    moment = world.clock.now() + days * DAY
    date = (
        {"effectiveAt": moment.isoformat()}
        if kind == "leaver"
        else {"startDate": moment.date().isoformat()}
    )
    return {"id": event, "type": kind, "employeeId": NUMBER, **date, **said}


def states(world: World) -> list[tuple[str, str]]:
    """The kind and the state of each case, in the order in which they were opened."""
    cases = (stored.case for stored in world.watch.cases.values())
    return [(case.kind.value, case.state.value) for case in cases]


def revocations(world: World) -> int:
    """How often anybody's sessions were revoked."""
    return sum(isinstance(effect, RevokeSessions) for _, effect in world.tenant.writes)


@pytest.mark.parametrize("name", [NAME, NAME.upper()])
async def test_a_leaver_told_again_after_the_return_sees_nobody_off(name: str) -> None:
    """Under a new id and without a moment, as a feed sends it: the case of the first answers."""
    world = await a_world()
    leaving = told("left", "leaver", world, days=1, userPrincipalName=NAME)
    await world.post(leaving)
    await world.settle(REST)
    world.clock.advance(timedelta(hours=2))
    await world.post(told("back", "rehire", world, days=1))
    world.clock.advance(5 * DAY)
    await world.settle(REST)
    await world.post({**leaving, "id": "left-again", "userPrincipalName": name})
    world.clock.advance(DAY)
    await world.settle(REST)
    first, _, again = world.acknowledged
    assert again.case_id == first.case_id
    assert states(world) == [("leaver", "superseded"), ("onboarding", "completed")]
    assert revocations(world) == 0
    assert world.watch.broken == []


async def test_a_leaver_of_before_the_return_sees_nobody_off_whatever_else_it_says() -> None:
    """HR gives another name with it, so it is another event: the return still comes after it."""
    world = await a_world()
    late = told("late", "leaver", world, days=0, userPrincipalName=NAME)
    await world.post(told("back", "rehire", world, days=1))
    world.clock.advance(5 * DAY)
    await world.settle(REST)
    await world.post(late)
    await world.settle(REST)
    assert states(world) == [("onboarding", "completed"), ("leaver", "superseded")]
    assert revocations(world) == 0


async def test_who_leaves_again_after_the_return_is_seen_off() -> None:
    """Another date is another event, whatever came before."""
    world = await a_world()
    await world.post(told("left", "leaver", world, days=0))
    await world.settle(REST)
    await world.post(told("back", "rehire", world, days=1))
    world.clock.advance(5 * DAY)
    await world.settle(REST)
    before = revocations(world)
    await world.post(told("left-for-good", "leaver", world, days=0))
    await world.settle(REST)
    assert states(world)[-1] == ("leaver", "waiting-disabled")
    assert revocations(world) == before + 1


async def a_leaver_to_approve() -> World:
    """A world whose person is said to have left; others report to them, so somebody is asked."""
    world = await a_world()
    (boss,) = world.tenant.people
    world.tenant.add("kim@contoso.example", manager=boss)
    await world.post(told("left", "leaver", world, days=0))
    await world.settle(REST)
    return world


async def test_a_leaver_that_nobody_approved_gives_way_to_the_correction() -> None:
    """It has changed nothing, and nobody loses anything before the corrected moment."""
    world = await a_leaver_to_approve()
    world.clock.advance(timedelta(hours=1))
    await world.post(told("corrected", "leaver", world, days=2))
    await world.settle(REST)
    waiting, corrected = (stored.case for stored in world.watch.cases.values())
    await world.hosts[1].approve_case(waiting.case_id, plan_hash(waiting), "approver")
    world.clock.advance(timedelta(minutes=1))
    await world.settle(REST)
    assert states(world) == [("leaver", "accepted"), ("leaver", "waiting-effective")]
    assert revocations(world) == 0
    world.clock.advance(2 * DAY)
    await world.settle(REST)
    asking = world.watch.cases[corrected.case_id].case
    await world.hosts[1].approve_case(asking.case_id, plan_hash(asking), "approver")
    world.clock.advance(timedelta(minutes=1))
    await world.settle(REST)
    assert states(world) == [("leaver", "superseded"), ("leaver", "waiting-disabled")]
    assert revocations(world) == 1


async def test_the_question_about_a_leaver_ends_when_they_are_back() -> None:
    """Nobody is left to be seen off, so nobody is asked any more."""
    world = await a_leaver_to_approve()
    await world.post(told("back", "rehire", world, days=0))
    for _ in range(2):
        world.clock.advance(DAY)
        await world.settle(REST)
    assert states(world) == [("leaver", "superseded"), ("onboarding", "completed")]
    assert revocations(world) == 0


async def test_what_is_said_again_counts_once_of_the_daily_volume() -> None:
    """A feed that repeats itself under new ids uses nothing up."""
    world = await a_world(dailyVolume=2)
    first = told("one", "joiner", world, days=3)
    for event_id in ("one", "two", "three"):
        await world.post({**first, "id": event_id})
    await world.post(told("other", "leaver", world, days=5))
    assert [one.event for one in world.acknowledged] == ["one", "two", "three", "other"]
    assert len(world.watch.cases) == 2


async def test_each_id_of_a_repeated_event_is_held_to_what_it_said() -> None:
    """The repetition's id with other content is a contradiction that their one case tells of."""
    world = await a_world()
    first = told("one", "joiner", world, days=3)
    await world.post(first)
    await world.post({**first, "id": "two"})
    await world.post({**first, "id": "two", "employeeId": "E-4712"})
    (stored,) = world.watch.cases.values()
    assert [one.case_id for one in world.acknowledged] == [stored.case.case_id] * 2
    assert stored.events[-1].type is EventType.CONTRADICTED


async def test_a_correction_under_a_new_id_is_taken() -> None:
    """A later deadline for the same first day is no repetition: the newer word counts."""
    world = await a_world()
    first = told("one", "joiner", world, days=3)
    await world.post(first)
    world.clock.advance(timedelta(hours=1))
    later = (world.clock.now() + 30 * DAY).isoformat()
    await world.post({**first, "id": "two", "enforceBy": later})
    await world.settle(frozenset({CaseState.WAITING_START, *REST}))
    world.clock.advance(4 * DAY)
    await world.settle(REST)
    assert states(world) == [("onboarding", "superseded"), ("onboarding", "completed")]
