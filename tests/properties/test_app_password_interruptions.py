"""A kill, a refusal or a lost answer at each operation about app passwords: the end is the same."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from shared.domain.authentication import MethodType, PerUserMfaState
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.conditional_access.answers import LegacyAccess
from shared.domain.control import Mode
from shared.domain.ids import UserId
from shared.domain.mailboxes import Mailbox, Protocol
from shared.domain.reset.app_passwords import AppPasswords
from shared.domain.reset.tickets import ResetAction
from shared.settings import Settings
from tests.properties.interrupting import How
from tests.properties.resets import WAITS, a_ticket, an_employee, the_case
from tests.properties.world import AT_REST, ENVIRONMENT, World

CLOSING = Settings.from_environment({**ENVIRONMENT, "MFA_RESET_CLOSE_MAILBOX": "true"})
MOST_OPERATIONS = 500
REST = AT_REST | WAITS


async def trouble_passes(world: World, rounds: int) -> None:
    """Messages are worked on, timers fire, and an hour goes by, again and again."""
    for _ in range(rounds):
        while messages := world.broker.deliverable(world.clock.now()):
            await world.deliver(messages[0])
        await world.attempt("ledger", world.hosts[0].keep_ledger())
        await world.timers()
        world.clock.advance(timedelta(hours=1))


async def lived(number: int, how: How, *, mailbox: bool) -> tuple[World, UserId, Case]:
    """A ticket about app passwords to its end, in which one operation goes wrong."""
    world = World(Random(5), CLOSING)  # noqa: S311  (which replica answers)
    await world.set_mode(Mode.ACT)
    world.tenant.legacy = LegacyAccess.OPEN
    user = an_employee(world, MethodType.HARDWARE_OATH)
    person = world.tenant.people[user]
    born = replace(person.account, created_at=world.clock.now() - timedelta(days=2))
    world.tenant.people[user] = replace(person, account=born, state=PerUserMfaState.ENFORCED)
    world.tenant.create_app_password(user)
    if mailbox:
        world.tenant.mailboxes[user] = Mailbox(frozenset(Protocol))
    case_id = await a_ticket(world, actions=(ResetAction.APP_PASSWORDS,))
    world.interruptions.plan = {number: how}
    await trouble_passes(world, 2)
    if not mailbox:
        assert (await the_case(world, case_id)).state is not CaseState.COMPLETED
        world.tenant.delete_app_password(user)
    await trouble_passes(world, 2 if mailbox else 6)
    left = dict(world.interruptions.plan)
    await world.settle(REST)
    world.interruptions.plan = left
    return world, user, await the_case(world, case_id)


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("mailbox", [True, False], ids=["mailbox", "item"])
async def test_each_operation_may_go_wrong(how: How, mailbox: bool) -> None:  # noqa: FBT001  (a parameter of the test)
    """It ends once, with what is proven, and nothing is called done that was not read back."""
    for number in range(MOST_OPERATIONS):
        world, user, case = await lived(number, how, mailbox=mailbox)
        expected = AppPasswords.SHUT_BY_MAILBOX if mailbox else AppPasswords.VERIFIED_DELETED
        assert (case.state, case.reset.app_passwords) == (CaseState.COMPLETED, expected), number
        assert world.watch.broken == [], number
        assert world.published(case.case_id, EventType.COMPLETED) == 1, number
        stored = await world.cases.load(case.case_id)
        assert stored is not None
        closed = [
            step.after
            for step in stored.steps
            if (step.action, step.outcome) == ("close-mailbox", StepOutcome.DONE)
        ]
        # Who comes after a kill finds it closed, and does not claim to have done it.
        assert closed in ([["closed"], []] if mailbox else [[]]), number
        if mailbox:
            assert world.tenant.mailboxes[user] == Mailbox(frozenset()), number
        if world.interruptions.plan:
            return  # The story is shorter than that.
    raise AssertionError("The story does not end.")
