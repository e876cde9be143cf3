"""App passwords of a reset's person: shut, found, or chased until somebody has deleted them."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from shared.domain.approvals import plan_hash
from shared.domain.authentication import MethodType, PerUserMfaState, Unknown
from shared.domain.cases import CaseState, EventType
from shared.domain.conditional_access.answers import LegacyAccess
from shared.domain.control import Mode
from shared.domain.effects.mailboxes import CloseMailbox
from shared.domain.errors.cases import IllegalTransition, OwnApproval, PlanChanged
from shared.domain.ids import CaseId, UserId
from shared.domain.mailboxes import Mailbox, NoMailbox, Protocol
from shared.domain.reset.app_passwords import AppPasswords
from shared.domain.reset.tickets import ResetAction, ResetReason
from shared.settings import Settings
from tests.properties.resets import (
    WAITS,
    a_ticket,
    an_employee,
    collect,
    is_open,
    let_the_log_tell,
    the_case,
)
from tests.properties.world import AT_REST, ENVIRONMENT, OVER, SETTINGS, World

APP, TOKEN = MethodType.MICROSOFT_AUTHENTICATOR, MethodType.HARDWARE_OATH
REST = AT_REST | WAITS
ONLY = (ResetAction.APP_PASSWORDS,)
CLOSING = Settings.from_environment({**ENVIRONMENT, "MFA_RESET_CLOSE_MAILBOX": "true"})


async def a_world(settings: Settings = SETTINGS) -> World:
    """A world in which everything may act, and no policy shuts app passwords."""
    world = World(Random(1), settings)  # noqa: S311  (which replica answers)
    world.tenant.legacy = LegacyAccess.OPEN
    await world.set_mode(Mode.ACT)
    return world


def enforced(world: World, *kinds: MethodType) -> UserId:
    """Somebody who can make app passwords; their account is as old as the others."""
    user = an_employee(world, *(kinds or (TOKEN,)))
    world.tenant.people[user] = replace(world.tenant.people[user], state=PerUserMfaState.ENFORCED)
    return user


def new_account(world: World, *kinds: MethodType) -> UserId:
    """The same, of an account that was made two days ago."""
    return _two_days_old(world, enforced(world, *kinds))


def newly_hired(world: World, *kinds: MethodType) -> UserId:
    """Somebody who was never enforced, in the two days that their account is old."""
    return _two_days_old(world, an_employee(world, *kinds))


def _two_days_old(world: World, user: UserId) -> UserId:
    person = world.tenant.people[user]
    made = world.clock.now() - timedelta(days=2)
    account = replace(person.account, created_at=made)
    world.tenant.people[user] = replace(person, account=account)
    return user


async def wait(world: World, hours: int) -> None:
    """Hours pass, and the timers run."""
    for _ in range(hours):
        world.clock.advance(timedelta(hours=1))
        await world.attempt("timer", world.hosts[0].keep_ledger())
        await world.settle(REST)


async def said(world: World, case_id: CaseId) -> tuple[CaseState, AppPasswords | None]:
    """Where a case stands, and what it says."""
    case = await the_case(world, case_id)
    return case.state, case.reset.app_passwords


async def test_what_a_policy_shuts_needs_nobody() -> None:
    """It is said why; the app password is alive all the same, and nobody says otherwise."""
    world = await a_world()
    world.tenant.legacy = LegacyAccess.BLOCKED
    user = enforced(world)
    world.tenant.create_app_password(user)
    case_id = await a_ticket(world)
    await world.settle(OVER)
    assert await said(world, case_id) == (CaseState.COMPLETED, AppPasswords.SHUT_BY_POLICY)
    assert world.published(case_id, EventType.MANUAL_ACTION) == 0


@pytest.mark.parametrize("legacy", [LegacyAccess.OPEN, Unknown("Nobody can tell.")])
async def test_a_living_one_is_chased_until_the_log_shows_it_deleted(
    legacy: LegacyAccess | Unknown,
) -> None:
    """Told at once and once a day; the case ends by itself, and not before."""
    world = await a_world()
    world.tenant.legacy = legacy
    user = new_account(world)
    world.tenant.create_app_password(user)
    case_id = await a_ticket(world, actions=ONLY)
    await world.settle(REST)
    waiting = (CaseState.AWAITING_CONFIRMATION, AppPasswords.MANUAL_ACTION_REQUIRED)
    assert await said(world, case_id) == waiting
    assert world.published(case_id, EventType.MANUAL_ACTION) == 1
    await wait(world, 50)
    assert await said(world, case_id) == waiting
    assert world.published(case_id, EventType.MANUAL_ACTION) == 3
    world.tenant.delete_app_password(user)
    await wait(world, 26)
    assert await said(world, case_id) == (CaseState.COMPLETED, AppPasswords.VERIFIED_DELETED)
    assert world.published(case_id, EventType.COMPLETED) == 1
    assert world.watch.broken == []


async def test_an_item_of_an_older_account_is_closed_by_a_word_alone() -> None:
    """The ledger does not reach back: all that is known to be deleted is not all."""
    world = await a_world()
    user = enforced(world)
    world.tenant.create_app_password(user)
    case_id = await a_ticket(world, actions=ONLY)
    await world.settle(REST)
    world.tenant.delete_app_password(user)
    await wait(world, 30)
    assert (await said(world, case_id))[0] is CaseState.AWAITING_CONFIRMATION
    case = await the_case(world, case_id)
    operator = world.hosts[1]
    with pytest.raises(OwnApproval):
        await operator.confirm_case(case_id, plan_hash(case), user)
    with pytest.raises(PlanChanged):
        await operator.confirm_case(case_id, "0" * 64, "agent-9")
    await operator.confirm_case(case_id, plan_hash(case), "agent-9")
    await world.settle(OVER)
    case = await the_case(world, case_id)
    assert case.state is CaseState.COMPLETED
    assert case.reset.app_passwords is AppPasswords.CONFIRMED_BY_PERSON
    assert case.reset.confirmed_by == "agent-9"
    with pytest.raises(IllegalTransition):
        await operator.confirm_case(case_id, plan_hash(case), "agent-9")


async def test_who_never_made_one_needs_nobody() -> None:
    """The log shows all of the account's life, whatever the person's state is."""
    for make in (new_account, newly_hired):
        world = await a_world()
        make(world, TOKEN)
        case_id = await a_ticket(world, actions=ONLY)
        await world.settle(OVER)
        assert await said(world, case_id) == (CaseState.COMPLETED, AppPasswords.NONE_OBSERVED)


@pytest.mark.parametrize("state", [PerUserMfaState.DISABLED, PerUserMfaState.ENABLED])
async def test_who_was_enforced_once_may_still_have_some(state: PerUserMfaState) -> None:
    """Made before the log begins, before they moved to Conditional Access: alive all the same."""
    world = await a_world()
    user = enforced(world)
    world.tenant.create_app_password(user)
    world.tenant.audit_log.clear()
    world.tenant.found_in(user, state)
    case_id = await a_ticket(world)
    await world.settle(REST)
    assert await said(world, case_id) == (CaseState.AWAITING_CONFIRMATION, AppPasswords.UNKNOWN)
    assert world.published(case_id, EventType.MANUAL_ACTION) == 1
    await wait(world, 30)
    stored = await world.cases.load(case_id)
    assert stored is not None
    assert stored.case.state is CaseState.AWAITING_CONFIRMATION
    assert {event.app_passwords for event in stored.events} == {None, AppPasswords.UNKNOWN}
    assert AppPasswords.NONE_OBSERVED not in " ".join(f"{one.after}" for one in stored.steps)


@pytest.mark.parametrize("kinds", [(APP,), (APP, TOKEN)], ids=["registers", "registered"])
async def test_what_the_log_does_not_show_yet_may_be_alive(kinds: tuple[MethodType, ...]) -> None:
    """The log lags: that it shows none left is believed an hour later, and nothing is said before.

    Whether the person registers meanwhile, or has nothing left to do.
    """
    world = await a_world()
    user = new_account(world, *kinds)
    world.tenant.create_app_password(user)
    late = [world.tenant.audit_log.pop()]
    case_id = await a_ticket(world)
    await world.settle(REST)
    state, told = await said(world, case_id)
    assert (state in WAITS, told) == (True, None)
    assert world.published(case_id, EventType.MANUAL_ACTION) == 0
    world.tenant.audit_log.extend(late)
    await wait(world, 2)
    assert (await said(world, case_id))[1] is AppPasswords.MANUAL_ACTION_REQUIRED
    assert world.published(case_id, EventType.MANUAL_ACTION) == 1


async def test_a_compromised_account_is_not_opened_before_the_log_is_believed() -> None:
    """Not with a pass and a new password; once the log would show one, and shows none, it is."""
    world = await a_world()
    user = new_account(world, APP)
    case_id = await a_ticket(world, reason=ResetReason.COMPROMISED)
    await world.settle(REST)
    await collect(world, case_id)
    world.tenant.change_password(user)
    await world.settle(REST)
    assert not is_open(world, user)
    await wait(world, 2)
    await collect(world, case_id)
    let_the_log_tell(world)
    await world.settle(REST)
    assert (await said(world, case_id))[1] is AppPasswords.NONE_OBSERVED
    assert is_open(world, user)


async def test_what_nobody_may_read_is_unknown() -> None:
    """Without the log a human sees to it: nobody else can tell."""
    for make in (enforced, an_employee):
        world = await a_world()
        world.tenant.audits_refused = True
        make(world, TOKEN)
        case_id = await a_ticket(world, actions=ONLY)
        await world.settle(REST)
        waiting = (CaseState.AWAITING_CONFIRMATION, AppPasswords.UNKNOWN)
        assert await said(world, case_id) == waiting


async def test_a_gap_in_the_ledger_is_unknown() -> None:
    """A timer that rested for longer than the log lasts: what happened meanwhile nobody knows."""
    world = await a_world()
    user = new_account(world)
    await wait(world, 1)
    world.clock.advance(timedelta(days=10))
    case_id = await a_ticket(world, actions=ONLY)
    await world.settle(REST)
    assert await said(world, case_id) == (
        CaseState.AWAITING_CONFIRMATION,
        AppPasswords.UNKNOWN,
    )
    assert world.tenant.people[user].account.enabled


async def test_the_ledger_remembers_what_the_log_forgets() -> None:
    """A creation of months ago still counts, and the time is known from the beginning on."""
    world = await a_world()
    user = new_account(world)
    world.tenant.create_app_password(user)
    for _ in range(40):
        world.clock.advance(timedelta(days=1))
        await world.attempt("timer", world.hosts[0].keep_ledger())
    world.tenant.audit_log.clear()
    case_id = await a_ticket(world, actions=ONLY)
    await world.settle(REST)
    assert (await said(world, case_id))[1] is AppPasswords.MANUAL_ACTION_REQUIRED
    world.tenant.delete_app_password(user)
    await wait(world, 26)
    assert await said(world, case_id) == (CaseState.COMPLETED, AppPasswords.VERIFIED_DELETED)


async def test_the_mailbox_is_shut_where_no_policy_shuts_it() -> None:
    """Only with the setting; announced, read back, once, and never opened again."""
    world = await a_world(CLOSING)
    user = enforced(world)
    world.tenant.mailboxes[user] = Mailbox(frozenset(Protocol))
    case_id = await a_ticket(world, actions=ONLY)
    await world.settle(OVER)
    assert await said(world, case_id) == (CaseState.COMPLETED, AppPasswords.SHUT_BY_MAILBOX)
    assert [type(effect) for _, effect in world.tenant.writes] == [CloseMailbox]
    assert world.tenant.mailboxes[user] == Mailbox(frozenset())
    assert world.watch.broken == []


async def test_a_mailbox_is_left_alone_where_nothing_asks_for_more() -> None:
    """Without the setting, with a policy that does it, and of who has no app password."""
    for settings, legacy, make in (
        (SETTINGS, LegacyAccess.OPEN, enforced),
        (CLOSING, LegacyAccess.BLOCKED, enforced),
        (CLOSING, LegacyAccess.OPEN, new_account),
    ):
        world = await a_world(settings)
        world.tenant.legacy = legacy
        user = make(world)
        world.tenant.mailboxes[user] = Mailbox(frozenset(Protocol))
        await a_ticket(world, actions=ONLY)
        await world.settle(OVER | WAITS)
        assert world.tenant.writes == []


@pytest.mark.parametrize("mailbox", [NoMailbox(), Unknown("Exchange says no.")])
async def test_who_has_no_mailbox_that_can_be_shut_is_told_so(mailbox: NoMailbox | Unknown) -> None:
    """The item stays."""
    world = await a_world(CLOSING)
    user = enforced(world)
    if isinstance(mailbox, Unknown):
        world.tenant.mailboxes[user] = mailbox
    case_id = await a_ticket(world, actions=ONLY)
    await world.settle(REST)
    stored = await world.cases.load(case_id)
    assert stored is not None
    assert stored.case.reset.item_open
    told = next(step for step in stored.steps if step.action == "app-passwords")
    assert "mailbox" in (told.detail or "")


async def test_a_compromised_account_stays_blocked_until_somebody_has_seen_to_it() -> None:
    """A new password and a pass are not enough while an app password may be alive."""
    world = await a_world()
    user = new_account(world, APP)
    world.tenant.create_app_password(user)
    case_id = await a_ticket(world, reason=ResetReason.COMPROMISED)
    await world.settle(REST)
    await collect(world, case_id)
    world.tenant.change_password(user)
    await wait(world, 30)
    assert not is_open(world, user)
    assert world.published(case_id, EventType.MANUAL_ACTION) == 2
    world.tenant.delete_app_password(user)
    await wait(world, 26)
    # The pass of two days ago has expired.
    await collect(world, case_id)
    let_the_log_tell(world)
    await world.settle(REST)
    assert is_open(world, user)
    assert (await the_case(world, case_id)).reset.app_passwords is AppPasswords.VERIFIED_DELETED


async def test_an_account_that_is_gone_takes_its_item_along() -> None:
    """Nobody is asked to delete what belongs to nobody."""
    world = await a_world()
    user = enforced(world)
    case_id = await a_ticket(world, actions=ONLY)
    await world.settle(REST)
    world.tenant.remove(user)
    await wait(world, 30)
    assert (await the_case(world, case_id)).state is CaseState.CANCELLED


async def test_no_wording_of_a_case_says_revoked() -> None:
    """With a living app password: not in a step, and not in an event."""
    world = await a_world(CLOSING)
    user = enforced(world)
    world.tenant.create_app_password(user)
    case_id = await a_ticket(world, actions=ONLY)
    await wait(world, 30)
    stored = await world.cases.load(case_id)
    assert stored is not None
    told = " ".join(f"{step.after} {step.detail}" for step in stored.steps).casefold()
    assert "revoked" not in told
    assert "delete-app-passwords" in stored.events[-1].left_to_do
