"""HR corrects itself, and takes its corrections back: its last word counts, in whatever words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import CaseState
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.plans import CaseKind
from tests.properties.test_identities import Company, Employee, phone
from tests.properties.test_repeated_events import (
    DAY,
    NAME,
    NUMBER,
    REST,
    a_world,
    revocations,
    told,
)
from tests.properties.world import World

HOUR = timedelta(hours=1)
CALM = REST | {CaseState.WAITING_START, CaseState.WAITING_ACCOUNT}


async def says(
    world: World, event: Mapping[str, object], *, told_ago: timedelta = timedelta(0)
) -> None:
    """HR tells it, and when it happened; then an hour goes by."""
    moment = world.clock.now() - told_ago
    await world.post({**event, "occurredAt": moment.isoformat()})
    await world.settle(CALM)
    world.clock.advance(HOUR)


async def days_go_by(world: World, days: int) -> None:
    """Nothing else is told."""
    world.clock.advance(days * DAY)
    await world.settle(CALM)


def of_kind(world: World, kind: CaseKind) -> list[CaseState]:
    """Where the cases of a kind stand, in the order in which they were opened."""
    return [stored.case.state for stored in world.watch.cases.values() if stored.case.kind is kind]


async def test_a_leaving_date_that_is_corrected_back_sees_nobody_off_before() -> None:
    """In twenty days; no, in two; no, in twenty after all."""
    world = await a_world()
    first = told("a", "leaver", world, days=20)
    for event in (first, told("b", "leaver", world, days=2), {**first, "id": "c"}):
        await says(world, event)
    await days_go_by(world, 3)
    assert revocations(world) == 0
    await days_go_by(world, 18)
    assert revocations(world) == 1


async def test_a_first_day_that_is_corrected_back_enables_nobody_before() -> None:
    """In twenty days; no, in two; no, in twenty after all."""
    world = await a_world()
    first = told("a", "joiner", world, days=20)
    for event in (first, told("b", "joiner", world, days=2), {**first, "id": "c"}):
        await says(world, event)
    await days_go_by(world, 3)
    (person,) = world.tenant.people.values()
    assert person.state is PerUserMfaState.DISABLED


async def test_a_phone_that_is_corrected_back_is_the_one_that_is_registered() -> None:
    """One number; no, another; no, the first after all."""
    company = Company([Employee(number="E1")], ())
    start = (company.world.clock.now() + 3 * DAY).date().isoformat()
    event = {"type": "joiner", "employeeId": "E1", "startDate": start}
    await company.world.settle(CALM)
    for event_id, number in (("a", 1), ("b", 2), ("c", 1)):
        contact = {"mobile": phone(number)}
        await says(company.world, {**event, "id": event_id, "contact": contact})
    await days_go_by(company.world, 4)
    assert [number for _, _, number in company.world.tenant.told] == [phone(1)]


async def test_a_resignation_that_is_withdrawn_and_made_again_is_carried_out() -> None:
    """Leaves in twenty days; stays; leaves in twenty days after all."""
    world = await a_world()
    first = told("a", "leaver", world, days=20)
    for event in (first, told("b", "rehire", world, days=0), {**first, "id": "c"}):
        await says(world, event)
    await days_go_by(world, 21)
    assert revocations(world) == 1


async def test_who_stays_after_all_is_not_seen_off() -> None:
    """Hired anew; leaves in five days; stays, which HR can only say in the words of the first."""
    world = await a_world()
    back = told("a", "rehire", world, days=0)
    for event in (back, told("b", "leaver", world, days=5), {**back, "id": "c"}):
        await says(world, event)
    await days_go_by(world, 6)
    assert revocations(world) == 0


async def test_whom_a_block_had_refused_is_asked_for_under_a_new_id() -> None:
    """As the error's remedy says: once the account is let in, HR says the same again."""
    world = await a_world()
    user = world.user(NAME)
    assert user is not None
    world.tenant.block(user)
    event = told("a", "joiner", world, days=0)
    await world.post(event)
    await world.settle(REST)
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.REFUSED]
    person = world.tenant.people[user]
    world.tenant.people[user] = replace(person, account=replace(person.account, enabled=True))
    await world.post(event)
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.REFUSED]
    for event_id in ("b", "c"):
        await world.post({**event, "id": event_id})
        await world.settle(CALM)
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.REFUSED, CaseState.COMPLETED]
    assert world.tenant.people[user].state is PerUserMfaState.ENFORCED


async def test_what_is_refused_every_night_is_answered_as_fast_every_night() -> None:
    """A guest, under a new id each time: no webhook looks through all the refusals before it."""
    world = await a_world()
    world.tenant.add("guest@contoso.example", employee_id="E-1", guest=True)
    event = {**told("0", "joiner", world, days=0), "employeeId": "E-1"}
    looked = []
    for night in range(20):
        before = world.claims.asked
        await world.post({**event, "id": str(night)})
        looked.append(world.claims.asked - before)
        for message in world.broker.deliverable(world.clock.now()):
            await world.deliver(message)
    assert of_kind(world, CaseKind.ONBOARDING) == [CaseState.REFUSED] * 20
    assert max(looked) == looked[10]


async def test_a_return_without_a_date_that_arrives_late_keeps_nobody_who_left_since() -> None:
    """Hired anew twenty days ago, left now; the older word arrives last."""
    world = await a_world()
    await says(world, told("left", "leaver", world, days=0))
    back = {"id": "back", "type": "rehire", "employeeId": NUMBER}
    await says(world, back, told_ago=20 * DAY)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.WAITING_DISABLED]


async def back_sooner_and_left(again: str) -> World:
    """A world where HR has told of a return in fifteen days, then of tomorrow; and they left."""
    world = await a_world()
    await says(world, told("first", "rehire", world, days=15))
    await says(world, told("corrected", again, world, days=1))
    await days_go_by(world, 8)
    await says(world, told("left", "leaver", world, days=0))
    return world


@pytest.mark.parametrize("again", ["joiner", "rehire"])
async def test_a_first_day_that_hr_has_corrected_calls_nobody_back(again: str) -> None:
    """Back in fifteen days; no, tomorrow; and left a week later: day fifteen changes nothing."""
    world = await back_sooner_and_left(again)
    await days_go_by(world, 9)
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.WAITING_DISABLED]


async def test_a_corrected_first_day_calls_nobody_back_while_onboarding_is_stopped() -> None:
    """As before; when day fifteen comes, the case of the first word waits for its turn."""
    world = await back_sooner_and_left("rehire")
    entry = await world.controls.entry(Capability.ONBOARDING)
    await world.controls.replace(Capability.ONBOARDING, entry, ControlEntry(mode=Mode.STOP))
    for _ in range(9 * 4):
        world.clock.advance(6 * HOUR)
        for message in world.broker.deliverable(world.clock.now()):
            await world.deliver(message)
        await world.timers()
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.WAITING_DISABLED]


async def test_a_return_that_is_told_as_a_joining_leaves_one_case() -> None:
    """Back in ten days, told again as a joiner, then the late end of the job before."""
    world = await a_world()
    await says(world, told("back", "rehire", world, days=10))
    await says(world, told("again", "joiner", world, days=10))
    await days_go_by(world, 2)
    await says(world, told("left", "leaver", world, days=0))
    await days_go_by(world, 12)
    await days_go_by(world, 1)
    goes_on = [CaseState.SUPERSEDED, CaseState.COMPLETED]
    assert of_kind(world, CaseKind.ONBOARDING) == goes_on
    assert of_kind(world, CaseKind.LEAVER) == [CaseState.SUPERSEDED]


@pytest.mark.parametrize("again", [None, "joiner", "rehire"])
async def test_a_leaving_that_is_told_anew_after_the_return_sees_nobody_off(
    again: str | None,
) -> None:
    """A feed that stamps what it repeats; the return has no date, or is told twice."""
    world = await a_world()
    left = told("left", "leaver", world, days=0)
    await says(world, left)
    await days_go_by(world, 2)
    if again is None:
        await says(world, {"id": "back", "type": "rehire", "employeeId": NUMBER})
    else:
        await says(world, told("back", "rehire", world, days=3))
        await says(world, told("again", again, world, days=3))
    await days_go_by(world, 5)
    before = revocations(world)
    await says(world, {**left, "id": "left-again"})
    assert revocations(world) == before
