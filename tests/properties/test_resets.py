"""Lost devices, from the ticket to the end, over the whole system in memory."""

from datetime import timedelta
from itertools import chain, combinations

import pytest

from shared.domain.authentication import MethodType
from shared.domain.cases import CaseState, EventType
from shared.domain.control import Mode
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn
from shared.domain.people.standing import Privilege
from shared.domain.reset.progress import Block
from shared.domain.reset.tickets import ResetAction, ResetReason
from tests.properties.resets import (
    APP,
    REST,
    WAITS,
    a_ticket,
    a_world,
    an_employee,
    approve,
    collect,
    is_open,
    kinds_of,
    let_the_log_tell,
    the_case,
)
from tests.properties.world import OVER

KEY, TOKEN, MAIL = MethodType.FIDO2, MethodType.HARDWARE_OATH, MethodType.EMAIL
IN_THE_PHONE = {APP, MethodType.SOFTWARE_OATH, MethodType.TEMPORARY_ACCESS_PASS, MethodType.PHONE}
REMOVABLE = sorted(set(MethodType) - {MethodType.PASSWORD, MethodType.UNRECOGNISED})


def goes(kind: MethodType, reason: ResetReason) -> bool:
    """What the table in the docs says, in other words."""
    if reason is ResetReason.COMPROMISED:
        return True
    return kind in IN_THE_PHONE or (reason is ResetReason.STOLEN and kind is MAIL)


@pytest.mark.parametrize("reason", [ResetReason.LOST, ResetReason.STOLEN, ResetReason.COMPROMISED])
@pytest.mark.parametrize(
    "kinds",
    [*chain(combinations(REMOVABLE, 1), combinations(REMOVABLE, 2))],
    ids="+".join,
)
async def test_exactly_what_is_in_scope_goes(
    kinds: tuple[MethodType, ...], reason: ResetReason
) -> None:
    """Of each kind alone and of each pair, whichever is the default."""
    for order in {kinds, kinds[::-1]}:
        world = await a_world()
        user = an_employee(world, *order)
        await a_ticket(world, reason=reason)
        await world.settle(REST)
        assert sorted(kinds_of(world, user)) == sorted(k for k in kinds if not goes(k, reason))
        assert world.tenant.people[user].sessions_valid_from >= world.clock.now() - timedelta(
            minutes=10
        )
        assert world.watch.broken == []


async def test_who_collects_a_pass_registers_again_and_that_is_the_end() -> None:
    """The account is blocked between the reset and the pass, and by nobody else."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world)
    await world.settle(REST)
    assert (await the_case(world, case_id)).state is CaseState.WAITING_REGISTRATION
    assert not is_open(world, user)
    await collect(world, case_id)
    let_the_log_tell(world)
    await world.settle(REST)
    assert is_open(world, user)
    world.tenant.register(user, APP)
    world.clock.advance(timedelta(hours=6))
    await world.settle(OVER)
    case = await the_case(world, case_id)
    assert (case.state, case.reset.block) == (CaseState.COMPLETED, Block.LIFTED)
    assert world.watch.broken == []


async def test_who_has_another_method_needs_no_new_one() -> None:
    """A security key at home is enough: nobody is blocked, and nothing is waited for."""
    world = await a_world()
    user = an_employee(world, APP, TOKEN)
    case_id = await a_ticket(world)
    await world.settle(OVER)
    assert (await the_case(world, case_id)).state is CaseState.COMPLETED
    assert kinds_of(world, user) == [TOKEN]
    assert is_open(world, user)


async def test_a_registration_without_a_pass_never_completes_a_case() -> None:
    """Whoever it was: sessions are revoked, the account is blocked, a human is told, once."""
    world = await a_world()
    world.tenant.registration_guarded = True
    user = an_employee(world, APP)
    case_id = await a_ticket(world)
    await world.settle(REST)
    assert is_open(world, user)
    registered_at = world.clock.now()
    world.tenant.register(user, MethodType.SOFTWARE_OATH)
    world.clock.advance(timedelta(hours=6))
    await world.settle(OVER)
    case = await the_case(world, case_id)
    assert case.state is CaseState.PARKED
    assert not is_open(world, user)
    assert world.tenant.people[user].sessions_valid_from >= registered_at
    assert world.published(case_id, EventType.SUSPECT_REGISTRATION) == 1
    assert world.published(case_id, EventType.COMPLETED) == 0


async def test_a_block_that_is_not_ours_is_never_lifted() -> None:
    """Somebody else wants the account blocked, too: that is seen in the audit log alone."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world)
    await world.settle(REST)
    world.tenant.block(user)
    await collect(world, case_id)
    world.clock.advance(timedelta(minutes=50))
    await world.settle(OVER | WAITS)
    assert not is_open(world, user)
    case = await the_case(world, case_id)
    assert case.reset.block is Block.ELSEWHERE
    assert UnblockSignIn not in {type(effect) for _, effect in world.tenant.writes}


async def test_a_compromised_account_is_blocked_first_and_opened_with_a_new_password() -> None:
    """Sessions first and last; a pass alone does not open the account."""
    world = await a_world()
    user = an_employee(world, APP, KEY)
    case_id = await a_ticket(world, reason=ResetReason.COMPROMISED)
    await world.settle(REST)
    done = [type(effect).__name__ for _, effect in world.tenant.writes]
    assert done == [
        *("RevokeSessions", "BlockSignIn", "RemoveMethod", "RemoveMethod", "RevokeSessions")
    ]
    assert kinds_of(world, user) == []
    await collect(world, case_id)
    await world.settle(REST)
    assert not is_open(world, user)
    world.tenant.change_password(user)
    world.clock.advance(timedelta(minutes=50))
    await world.settle(REST)
    assert is_open(world, user)
    assert BlockSignIn in {type(effect) for _, effect in world.tenant.writes}


async def test_a_privileged_person_loses_nothing_before_a_second_person_agrees() -> None:
    """Not even a session; and nobody agreeing, the ticket is refused."""
    for agreed in (True, False):
        world = await a_world()
        user = an_employee(world, APP)
        world.privileges.held[user] = Privilege.ELIGIBLE
        case_id = await a_ticket(world, reason=ResetReason.STOLEN)
        await world.settle(REST)
        assert (await the_case(world, case_id)).state is CaseState.AWAITING_APPROVAL
        assert world.tenant.writes == []
        if agreed:
            await approve(world, case_id)
            await world.settle(REST)
            assert kinds_of(world, user) == []
        else:
            world.clock.advance(timedelta(hours=9))
            await world.settle(OVER)
            assert (await the_case(world, case_id)).state is CaseState.REFUSED
            assert kinds_of(world, user) == [APP]
        assert world.watch.broken == []


@pytest.mark.parametrize(
    ("by", "how"),
    [
        (None, None),
        ("agent-7", None),
        (None, "callback"),
        ("agent-7", "knowledge-questions"),
        ("kim@contoso.example", "callback"),
    ],
)
async def test_an_unverified_caller_gets_nothing(by: str | None, how: str | None) -> None:
    """A ticket is an assertion; without one that counts nothing is touched."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world, verified_by=by, verified_how=how)
    await world.settle(OVER)
    assert (await the_case(world, case_id)).state is CaseState.REFUSED
    assert world.tenant.writes == []
    assert kinds_of(world, user) == [APP]


async def test_a_device_that_is_replaced_works_until_somebody_comes_for_a_pass() -> None:
    """Then what is in the old one goes first, and the pass is there when it is gone."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world, reason=ResetReason.REPLACED)
    await world.settle(REST)
    assert kinds_of(world, user) == [APP]
    answer = await world.attempt("operator", world.hosts[1].collect_pass(case_id, "collector"))
    assert isinstance(answer, Exception)
    await world.settle(REST)
    assert kinds_of(world, user) == []
    await collect(world, case_id)
    world.tenant.register(user, APP)
    world.clock.advance(timedelta(hours=6))
    await world.settle(OVER)
    assert (await the_case(world, case_id)).state is CaseState.COMPLETED


async def test_tickets_about_one_person_are_done_once_and_all_answered() -> None:
    """The first does the work; the others wait for it and are answered with its end."""
    world = await a_world()
    user = an_employee(world, APP)
    tickets = [await a_ticket(world, number) for number in range(1, 6)]
    await world.settle(REST | {CaseState.JOINED})
    removals = [
        effect for _, effect in world.tenant.writes if not isinstance(effect, RevokeSessions)
    ]
    assert len(removals) == 2  # the method, and the block
    leader = tickets[0]
    await collect(world, leader)
    await world.settle(REST | {CaseState.JOINED})
    world.tenant.register(user, APP)
    world.clock.advance(timedelta(hours=12))
    await world.settle(OVER)
    assert {(await the_case(world, one)).state for one in tickets} == {CaseState.COMPLETED}


async def test_a_stronger_ticket_takes_over_and_answers_the_weaker_one() -> None:
    """Compromised while lost is under way: everything goes, and both are told."""
    world = await a_world()
    user = an_employee(world, APP, KEY)
    lost = await a_ticket(world, 1)
    await world.settle(REST)
    stronger = await a_ticket(world, 2, reason=ResetReason.COMPROMISED)
    await world.settle(REST | {CaseState.JOINED})
    assert kinds_of(world, user) == []
    await collect(world, stronger)
    world.tenant.change_password(user)
    await world.settle(REST | {CaseState.JOINED})
    world.tenant.register(user, APP)
    world.clock.advance(timedelta(hours=12))
    await world.settle(OVER)
    assert (await the_case(world, lost)).state is CaseState.COMPLETED
    assert (await the_case(world, stronger)).state is CaseState.COMPLETED


async def test_only_what_was_asked_for_is_done() -> None:
    """Methods, sessions and app passwords are three choices."""
    world = await a_world()
    user = an_employee(world, APP)
    case_id = await a_ticket(world, actions=(ResetAction.SESSIONS,))
    await world.settle(OVER)
    assert (await the_case(world, case_id)).state is CaseState.COMPLETED
    assert [type(effect) for _, effect in world.tenant.writes] == [RevokeSessions]
    assert kinds_of(world, user) == [APP]


async def test_observing_tells_and_changes_nothing() -> None:
    """The whole story in one entry."""
    world = await a_world()
    user = an_employee(world, APP)
    await world.set_mode(Mode.OBSERVE)
    case_id = await a_ticket(world)
    while messages := world.broker.deliverable(world.clock.now()):
        await world.deliver(messages[0])
    case = await the_case(world, case_id)
    assert (case.state, case.observed) == (CaseState.COMPLETED, True)
    assert kinds_of(world, user) == [APP]
    assert world.tenant.writes == []
