"""Whoever holds the password, or a ticketing system, gets no further than that."""

from datetime import timedelta

import pytest

from shared.application.draining import EXPIRED
from shared.application.ports.messages import DeadLetter
from shared.domain.cases import CaseState
from shared.domain.control import ControlEntry, Mode
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.errors.passes import OwnPass
from shared.domain.ids import SourceName
from shared.domain.reset.tickets import ResetReason
from shared.names import Queue
from tests.properties.interrupting import How
from tests.properties.resets import (
    APP,
    NAME,
    REST,
    a_ticket,
    a_world,
    an_employee,
    collect,
    is_open,
    kinds_of,
    rounds,
    state_of,
)
from tests.properties.world import OVER, World, leaver

TICKETS = SourceName("tickets")


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
