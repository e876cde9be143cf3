"""The block of an account: who has put it, who may lift it, and who is told."""

from datetime import timedelta

import pytest

from shared.contracts.case_view import CaseView
from shared.domain.authentication import MethodType
from shared.domain.cases import CaseState
from shared.domain.control import Mode
from shared.domain.effects.sign_in import UnblockSignIn
from shared.domain.people.standing import Privilege
from shared.domain.reset.progress import Block
from shared.domain.reset.tickets import ResetReason
from tests.properties.resets import (
    APP,
    NAME,
    REST,
    a_ticket,
    a_world,
    an_employee,
    approve,
    collect,
    is_open,
    rounds,
    state_of,
    the_case,
)
from tests.properties.world import OVER, leaver


@pytest.mark.parametrize("minutes", range(1, 5))
async def test_who_blocks_before_the_pass_is_collected_is_heard(minutes: int) -> None:
    """The account is blocked by us already, and the log tells minutes late who else wanted it."""
    world = await a_world()
    world.tenant.log_lags = timedelta(minutes=minutes)
    user = an_employee(world, APP)
    case_id = await a_ticket(world)
    await world.settle(REST)
    world.clock.advance(timedelta(hours=1))
    world.tenant.block(user)
    world.clock.advance(timedelta(seconds=1))
    await collect(world, case_id)
    await rounds(world, 60)
    assert not is_open(world, user)
    assert UnblockSignIn not in {type(effect) for _, effect in world.tenant.writes}
    assert (await the_case(world, case_id)).reset.block is Block.ELSEWHERE


@pytest.mark.parametrize("minutes", [2, 4, 20])
@pytest.mark.parametrize("registers", [True, False])
async def test_a_block_that_we_lifted_unawares_is_put_back(
    minutes: int, *, registers: bool
) -> None:
    """Set so shortly before that no look could have shown it; told, and not done before."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world)
    await world.settle(REST)
    world.clock.advance(timedelta(hours=1))
    await collect(world, case_id)
    world.tenant.log_lags = timedelta(minutes=minutes)
    await rounds(world, 4)
    world.tenant.block(user)
    await rounds(world, 3)
    assert is_open(world, user)
    if registers:
        world.tenant.register(user, APP)
    await rounds(world, 40)
    assert not is_open(world, user)
    stored = await world.cases.load(case_id)
    assert stored is not None
    assert stored.case.reset.block is Block.ELSEWHERE
    assert "decide-about-block" in stored.events[-1].left_to_do
    assert (stored.case.state is CaseState.COMPLETED) is registers


async def test_who_lets_the_person_in_again_themselves_is_not_overruled() -> None:
    """What others block after our block was lifted is theirs, and what they open stays open."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world)
    await world.settle(REST)
    await collect(world, case_id)
    await rounds(world, 8)
    world.clock.advance(timedelta(minutes=3))
    world.tenant.block(user)
    world.tenant.block(user, blocked=False)
    world.tenant.register(user, APP)
    await rounds(world, 60)
    assert is_open(world, user)
    assert await state_of(world, case_id) is CaseState.COMPLETED


@pytest.mark.parametrize("how", ["parked", "cancelled", "leaver"])
async def test_a_block_that_nobody_lifts_any_more_is_told(how: str) -> None:
    """A case that comes to nothing says with its end that the account is blocked, by it."""
    world = await a_world()
    user = an_employee(world, APP)
    if how == "parked":
        world.tenant.register(user, MethodType.UNRECOGNISED)
    case_id = await a_ticket(world, 7, reason=ResetReason.COMPROMISED)
    await world.settle(REST)
    assert not is_open(world, user)
    if how == "cancelled":
        await world.hosts[1].cancel_case(case_id, "operator")
    if how == "leaver":
        await world.post(leaver("l1", NAME, at=world.clock.now()))
    await rounds(world, 20)
    stored = await world.cases.load(case_id)
    assert stored is not None
    assert stored.case.state in OVER
    assert "lift-block" in stored.events[-1].left_to_do
    assert CaseView.of(stored.case, stored.steps).left_to_do == stored.events[-1].left_to_do


async def test_tickets_seconds_apart_strand_nobody() -> None:
    """The block that one of them has put is lifted for the one that goes on."""
    world = await a_world()
    user = an_employee(world, APP)
    first = await a_ticket(world, 1)
    await world.deliver(world.broker.deliverable(world.clock.now())[0])
    world.clock.advance(timedelta(seconds=2))
    second = await a_ticket(world, 2)
    await rounds(world, 20, 1)
    await world.settle(REST | {CaseState.JOINED})
    answers = [
        await world.attempt("operator", world.hosts[1].collect_pass(one, "collector"))
        for one in (first, second)
    ]
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    await rounds(world, 10)
    assert is_open(world, user)


async def test_a_privileged_person_is_asked_about_again_at_the_deadline() -> None:
    """The approval of the reset has expired by then: blocked after another one, or asked about."""
    world = await a_world()
    world.tenant.registration_guarded = True
    user = an_employee(world, APP)
    world.privileges.held[user] = Privilege.ROLE
    case_id = await a_ticket(world)
    await world.settle(REST)
    await approve(world, case_id)
    await world.settle(REST)
    await rounds(world, 80, 3600)
    assert await state_of(world, case_id) is CaseState.AWAITING_APPROVAL
    await approve(world, case_id, "approver-2")
    await rounds(world, 3)
    assert not is_open(world, user)


async def test_observing_stops_what_has_begun_without_a_word_that_it_is_done() -> None:
    """It waits until resets act again, and does not turn round and round meanwhile."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world)
    await world.settle(REST)
    await collect(world, case_id)
    await world.set_mode(Mode.OBSERVE)
    world.clock.advance(timedelta(minutes=2))
    stored = await world.cases.load(case_id)
    assert stored is not None
    before = len(stored.steps)
    await rounds(world, 10)
    stored = await world.cases.load(case_id)
    assert stored is not None
    assert len(stored.steps) <= before + 1
    assert not is_open(world, user)
    await world.set_mode(Mode.ACT)
    await rounds(world, 10)
    assert is_open(world, user)
