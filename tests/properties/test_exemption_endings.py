"""Stories of ends: whatever HR or a list says meanwhile, nobody stays without MFA for it."""

from datetime import datetime, timedelta

import pytest

from shared.domain.authentication import MethodType
from shared.domain.cases import CaseState, EventType
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.errors.directory import PermissionMissing
from shared.domain.ids import UserId
from shared.domain.plans import CaseKind
from shared.domain.registries import Entry, Registry
from tests.properties.exempting import (
    DAY,
    DISABLED,
    ENABLED,
    ENFORCED,
    NAMES,
    TICK,
    deliver_all,
    ends_as,
    exempt_for_a_week,
    goes_by,
    stands,
)
from tests.properties.world import World, leaver


async def leaves(world: World) -> None:
    """HR says that the person leaves, now."""
    await world.post(leaver("evt-1", NAMES[0], at=world.clock.now()))
    await goes_by(world, TICK, TICK)


async def observe_leavers(world: World) -> None:
    """Operators let the capability `leaver` observe."""
    old = await world.controls.entry(Capability.LEAVER)
    await world.controls.replace(Capability.LEAVER, old, ControlEntry(mode=Mode.OBSERVE))


async def test_an_observed_leaver_is_put_back() -> None:
    """Their case is complete and has done nothing: the person works on, with MFA."""
    world, user = await exempt_for_a_week()
    await observe_leavers(world)
    await leaves(world)
    assert stands(world, CaseKind.LEAVER) is CaseState.COMPLETED
    await goes_by(world, 7 * DAY, TICK)
    assert ends_as(world, user, ENABLED)


@pytest.mark.parametrize("cancelled", [True, False])
async def test_a_wrong_leaver_is_put_back(*, cancelled: bool) -> None:
    """Whether somebody notices HR's mistake or not: the account is in use."""
    world, user = await exempt_for_a_week()
    world.tenant.register(user, MethodType.FIDO2)
    await leaves(world)
    assert stands(world, CaseKind.LEAVER) is CaseState.WAITING_DISABLED
    assert stands(world, CaseKind.EXEMPTION) is CaseState.ACTIVE
    if cancelled:
        (case_id,) = (
            one.case.case_id
            for one in world.watch.cases.values()
            if one.case.kind is CaseKind.LEAVER
        )
        await world.attempt("helpdesk", world.hosts[1].cancel_case(case_id, "helpdesk-1"))
    await goes_by(world, 7 * DAY, TICK)
    assert ends_as(world, user, ENFORCED)


async def test_a_leaver_whom_nobody_approved_is_put_back_on_time() -> None:
    """A manager's case may wait for an approval for ever; the exemption does not."""
    world, user = await exempt_for_a_week()
    world.tenant.add("sasha@contoso.example", manager=user)
    end: datetime = world.clock.now() + 7 * DAY
    await leaves(world)
    assert stands(world, CaseKind.LEAVER) is CaseState.AWAITING_APPROVAL
    await goes_by(world, end - world.clock.now() + timedelta(minutes=1), TICK)
    assert ends_as(world, user, ENABLED)


async def test_whom_a_list_names_all_the_same_is_put_back_after_it() -> None:
    """Told once however long it lasts, and nobody has to remember it."""
    world, user = await exempt_for_a_week()
    now = world.clock.now()
    excluded = Entry(
        user_id=user,
        owner="Identity team",
        reason="A drill.",
        expires_at=now + 40 * DAY,
        added_by="admin-1",
        added_at=now,
    )
    await world.registries.replace(Registry.EXCLUSIONS, None, excluded)
    await goes_by(world, 39 * DAY, TICK)
    (case_id,) = world.watch.cases
    told = [world.published(case_id, one) for one in (EventType.OVERDUE, EventType.PARKED)]
    assert (told, stands(world, CaseKind.EXEMPTION)) == ([1, 0], CaseState.OVERDUE)
    await goes_by(world, 2 * DAY, TICK)
    assert ends_as(world, user, ENABLED)


def lose(world: World) -> None:
    """Every message is lost that waits to be delivered."""
    world.broker.queue.clear()


async def exempt_in(state: CaseState) -> tuple[World, UserId]:
    """Somebody whose exemption has come to its end, and whose case stands here."""
    world, user = await exempt_for_a_week()
    if state is CaseState.OVERDUE:
        await world.set_mode(Mode.STOP)
    if state is CaseState.PARKED:
        world.tenant.troubles = [PermissionMissing("403")] * 1_000
    if state is not CaseState.ACTIVE:
        await goes_by(world, 7 * DAY + timedelta(minutes=5), TICK)
        world.tenant.troubles.clear()
        await world.set_mode(Mode.ACT)
    else:
        lose(world)
        world.clock.advance(7 * DAY)
    assert stands(world, CaseKind.EXEMPTION) is state
    assert world.tenant.people[user].state is DISABLED
    return world, user


@pytest.mark.parametrize("state", [CaseState.ACTIVE, CaseState.OVERDUE, CaseState.PARKED])
async def test_recovery_ends_what_is_overdue_though_every_message_was_lost(
    state: CaseState,
) -> None:
    """Within the night, and by itself: the sweep tells of it, and has to do nothing about it."""
    world, user = await exempt_in(state)
    lose(world)
    lost = 0
    for _ in range(8 * 60):
        world.clock.advance(timedelta(minutes=1))
        await world.timers()
        if world.broker.deliverable(world.clock.now()) and lost < 3:
            # What recovery sends may be lost, too: it sends it again.
            lose(world)
            lost += 1
        while world.broker.deliverable(world.clock.now()):
            await deliver_all(world)
    assert lost == 3
    assert ends_as(world, user, ENABLED)


async def test_the_end_asks_nobody_who_is_privileged() -> None:
    """Putting back strengthens, so roles that can't be read don't keep it waiting."""
    world, user = await exempt_for_a_week()
    world.privileges.asked.clear()
    await goes_by(world, 7 * DAY, TICK)
    assert ends_as(world, user, ENABLED)
    assert world.privileges.asked == []


async def test_who_has_left_and_is_blocked_is_not_written() -> None:
    """What becomes of a leaver's MFA is not the exemption's business."""
    world, user = await exempt_for_a_week()
    await leaves(world)
    world.tenant.block(user)
    await goes_by(world, 7 * DAY, TICK)
    assert ends_as(world, user, DISABLED)
