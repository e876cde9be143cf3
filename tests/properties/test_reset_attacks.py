"""Whoever holds the password, or a ticketing system, gets no further than that."""

from datetime import timedelta

import pytest

from shared.application.draining import EXPIRED
from shared.application.ports.messages import DeadLetter
from shared.contracts.case_view import CaseView
from shared.domain.authentication import MethodType
from shared.domain.cases import CaseState, EventType
from shared.domain.control import ControlEntry, Mode
from shared.domain.effects.sign_in import UnblockSignIn
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.errors.passes import OwnPass
from shared.domain.ids import CaseId, SourceName, UserId
from shared.domain.people.standing import Privilege
from shared.domain.reset.progress import Block
from shared.domain.reset.tickets import ResetReason
from shared.names import Queue
from tests.properties.interrupting import How
from tests.properties.resets import (
    NAME,
    a_ticket,
    an_employee,
    approve,
    collect,
    is_open,
    kinds_of,
    the_case,
)
from tests.properties.test_resets import APP, REST, a_world
from tests.properties.world import OVER, World, joiner, leaver

OATH = MethodType.SOFTWARE_OATH
TICKETS = SourceName("tickets")


async def rounds(world: World, count: int, seconds: float = 61) -> None:
    """All is worked off, the timers fire and time goes by, so often."""
    for _ in range(count):
        while messages := world.broker.deliverable(world.clock.now()):
            await world.deliver(messages[0])
        await world.timers()
        await world.attempt("timer", world.hosts[0].withdraw_passes())
        world.clock.advance(timedelta(seconds=seconds))


async def state_of(world: World, case_id: CaseId) -> CaseState:
    """Where a case stands."""
    return (await the_case(world, case_id)).state


async def set_source(world: World, mode: Mode) -> None:
    """The source of the tickets is suspended, or let in again."""
    old = await world.controls.entry(TICKETS)
    await world.controls.replace(TICKETS, old, ControlEntry(mode=mode))


@pytest.mark.parametrize("how", How)
async def test_one_failure_leaves_no_door_open(how: How) -> None:
    """Whoever is left without a method is blocked, whatever went wrong on the way."""
    for number in range(400):
        world = await a_world()
        user = an_employee(world, APP)
        await a_ticket(world)
        world.interruptions.plan = {number: how}
        await rounds(world, 12)
        assert not is_open(world, user), number
        if world.interruptions.plan:
            return  # The story is shorter than that.
    raise AssertionError("The story does not end.")


async def test_what_is_registered_before_the_block_is_suspect() -> None:
    """While the directory is in trouble the account is open; who registers then is nobody's."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world)
    while await state_of(world, case_id) is not CaseState.CONTAINED:
        await rounds(world, 1, 1)
    world.tenant.register(user, MethodType.HARDWARE_OATH)
    await rounds(world, 20)
    assert await state_of(world, case_id) is CaseState.PARKED
    assert world.published(case_id, EventType.SUSPECT_REGISTRATION) == 1
    assert not is_open(world, user)


async def test_who_registers_again_and_again_is_blocked() -> None:
    """What was removed may be seen once more, because replicas lag; not twice."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world)
    for _ in range(120):
        while messages := world.broker.deliverable(world.clock.now()):
            await world.deliver(messages[0])
        contained = await state_of(world, case_id) is CaseState.CONTAINED
        if contained and APP not in kinds_of(world, user):
            world.tenant.register(user, APP)
        world.clock.advance(timedelta(seconds=1))
    assert world.published(case_id, EventType.SUSPECT_REGISTRATION) == 1
    assert not is_open(world, user)


async def test_a_pass_that_nobody_used_opens_nothing_for_good() -> None:
    """When it has expired the account is blocked again, and a stranger is a stranger."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world)
    await world.settle(REST)
    await collect(world, case_id)
    await rounds(world, 7)
    assert is_open(world, user)
    await rounds(world, 3, 3600)
    assert not is_open(world, user)
    await rounds(world, 20, 6 * 3600)
    assert await state_of(world, case_id) is CaseState.OVERDUE
    assert not is_open(world, user)


async def test_nothing_that_is_asked_of_app_passwords_keeps_the_door_open() -> None:
    """The audit log is away for hours: the account is blocked all the same."""
    world = await a_world()
    user = an_employee(world, APP)
    await a_ticket(world)
    while APP in kinds_of(world, user):
        await rounds(world, 1, 1)
    world.tenant.troubles = [None, None, *[DirectoryUnavailable("503")] * 3]
    await rounds(world, 30, 300)
    assert not is_open(world, user)


async def test_who_verified_the_caller_collects_no_pass() -> None:
    """One person of the helpdesk alone gets nobody in."""
    world = await a_world()
    an_employee(world, APP)
    agent = world.tenant.add("agent@contoso.example")
    case_id = await a_ticket(world, verified_by="agent@contoso.example")
    await world.settle(REST)
    with pytest.raises(OwnPass):
        await world.hosts[1].collect_pass(case_id, agent)


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


async def two_cases(world: World) -> tuple[UserId, CaseId, CaseId]:
    """Somebody who is brought in, and reports a lost device; nothing of theirs is blocked."""
    world.tenant.registration_guarded = True
    user = an_employee(world)
    await world.post(joiner("j1", NAME))
    await world.settle(REST)
    reset = await a_ticket(world, 7, verified_by="agent@contoso.example")
    await world.settle(REST)
    return user, world.acknowledged[0].case_id, reset


async def test_a_pass_of_their_onboarding_explains_what_somebody_registers() -> None:
    """Our own record says that the person was given one, and it is alive: nobody is alarmed."""
    world = await a_world()
    user, onboarding, reset = await two_cases(world)
    world.clock.advance(timedelta(minutes=2))
    await collect(world, onboarding)
    await rounds(world, 5)
    world.tenant.register(user, APP)
    await rounds(world, 90)
    assert await state_of(world, reset) is CaseState.COMPLETED
    assert world.published(reset, EventType.SUSPECT_REGISTRATION) == 0
    assert is_open(world, user)


@pytest.mark.parametrize("how", ["before", "late", "verifier", "expired"])
async def test_a_pass_that_proves_nothing_explains_nothing(how: str) -> None:
    """Made before the device was out, run out, or collected by who verified the caller."""
    world = await a_world()
    agent = world.tenant.add("agent@contoso.example")
    if how == "before":
        world.tenant.registration_guarded = True
        user = an_employee(world)
        await world.post(joiner("j1", NAME))
        await world.settle(REST)
        await collect(world, world.acknowledged[0].case_id)
        reset = await a_ticket(world, 7)
        await world.settle(REST)
    else:
        user, onboarding, reset = await two_cases(world)
        world.clock.advance(timedelta(minutes=2))
        await collect(world, onboarding, agent if how == "verifier" else "collector")
    if how == "expired":
        await rounds(world, 70)
    world.tenant.register(user, APP)
    if how == "late":
        world.clock.advance(timedelta(minutes=70))
    await rounds(world, 90)
    assert await state_of(world, reset) is CaseState.PARKED
    assert world.published(reset, EventType.SUSPECT_REGISTRATION) == 1
    assert not is_open(world, user)


async def test_a_weaker_ticket_does_not_open_a_compromised_account() -> None:
    """It waits; a pass for it is not to be had."""
    world = await a_world()
    user = an_employee(world, APP)
    await a_ticket(world, 1, reason=ResetReason.COMPROMISED)
    await world.settle(REST)
    weaker = await a_ticket(world, 2, reason=ResetReason.LOST)
    await rounds(world, 10)
    assert await state_of(world, weaker) is CaseState.ACCEPTED
    answer = await world.attempt("operator", world.hosts[1].collect_pass(weaker, "collector"))
    assert isinstance(answer, Exception)
    await rounds(world, 10)
    assert not is_open(world, user)


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


async def test_what_a_ticket_asserted_weeks_ago_says_nothing() -> None:
    """A source that is let in again after weeks resets nobody on the word of then."""
    world = await a_world()
    user = an_employee(world, APP)
    await set_source(world, Mode.STOP)
    case_id = await a_ticket(world)
    await rounds(world, 20, 12 * 3600)
    await set_source(world, Mode.ACT)
    await rounds(world, 20)
    assert await state_of(world, case_id) in OVER
    assert kinds_of(world, user) == [APP]


async def test_a_command_that_expired_stops_nobody() -> None:
    """Who may send to the queue could else park any case whose id they know."""
    world = await a_world()
    an_employee(world, APP)
    await world.post(leaver("l1", NAME, at=world.clock.now() + timedelta(days=2)))
    await rounds(world, 2)
    case_id = world.acknowledged[0].case_id
    before = await state_of(world, case_id)
    forged = DeadLetter(
        message_id="x",
        queue=Queue.RESETS,
        body=b'{"caseId":"%s","queue":"resets"}' % case_id.encode(),
        reason=EXPIRED,
        attempts=0,
    )
    world.broker.dead.append(forged)
    await world.timers()
    assert await state_of(world, case_id) is before


async def test_a_pass_that_a_crash_has_kept_back_opens_nothing() -> None:
    """The host dies at any moment of a collection: who was given nothing is let in by nothing."""
    for number in range(60):
        world = await a_world()
        user = an_employee(world, APP)
        case_id = await a_ticket(world)
        await world.settle(REST)
        world.interruptions.plan = {number: How.CRASH_BEFORE}
        collecting = world.hosts[1].collect_pass(case_id, "collector")
        answer = await world.attempt("operator", collecting)
        ended = bool(world.interruptions.plan)
        world.interruptions.plan = {}
        await rounds(world, 8)
        assert is_open(world, user) is not isinstance(answer, BaseException), number
        if ended:
            return
    raise AssertionError("The story does not end.")
