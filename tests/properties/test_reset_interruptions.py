"""A kill, a refusal or a lost answer at every single operation of a reset: the end is the same."""

from datetime import timedelta
from random import Random

import pytest

from shared.domain.authentication import MethodType
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.control import Mode
from shared.domain.effects.methods import RemoveMethod
from shared.domain.ids import CaseId, UserId
from shared.domain.reset.tickets import ResetReason
from tests.properties.interrupting import How
from tests.properties.resets import a_ticket, an_employee, is_open, kinds_of, the_case
from tests.properties.world import OVER, World

HAD = (
    MethodType.MICROSOFT_AUTHENTICATOR,
    MethodType.SOFTWARE_OATH,
    MethodType.WINDOWS_HELLO,
)
MOST_OPERATIONS = 500
ROUNDS = 12


async def trouble_passes(world: World) -> None:
    """Messages are worked on, with what is to go wrong, and some time goes by."""
    for _ in range(ROUNDS):
        while messages := world.broker.deliverable(world.clock.now()):
            await world.deliver(messages[0])
        await world.timers()
        world.clock.advance(timedelta(seconds=61))


async def a_pass(world: World, case_id: CaseId) -> None:
    """The helpdesk asks for a pass until there is one."""
    for _ in range(ROUNDS):
        answer = await world.attempt("operator", world.hosts[1].collect_pass(case_id, "collector"))
        if not isinstance(answer, BaseException):
            return
        await trouble_passes(world)
    raise AssertionError("There is no pass.")


async def lived(reason: ResetReason, number: int, how: How) -> tuple[World, UserId, Case]:
    """A reset from the ticket to the end, in which one operation goes wrong."""
    world = World(Random(3))  # noqa: S311  (which replica answers)
    await world.set_mode(Mode.ACT)
    user = an_employee(world, *HAD)
    case_id = await a_ticket(world, reason=reason)
    world.interruptions.plan = {number: how}
    await trouble_passes(world)
    await a_pass(world, case_id)
    world.tenant.change_password(user)
    await trouble_passes(world)
    assert is_open(world, user)
    world.tenant.register(user, MethodType.MICROSOFT_AUTHENTICATOR)
    await trouble_passes(world)
    left = dict(world.interruptions.plan)
    world.clock.advance(timedelta(hours=7))
    await world.settle(OVER)
    world.interruptions.plan = left
    return world, user, await the_case(world, case_id)


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("reason", [ResetReason.LOST, ResetReason.COMPROMISED])
async def test_each_operation_may_go_wrong(reason: ResetReason, how: How) -> None:
    """The person ends with what is out of scope and what they registered; everything is told once.

    No method out of scope is asked for, and nothing is called done that was not read back.
    """
    kept = [MethodType.WINDOWS_HELLO] if reason is ResetReason.LOST else []
    for number in range(MOST_OPERATIONS):
        world, user, case = await lived(reason, number, how)
        assert case.state is CaseState.COMPLETED, number
        assert sorted(kinds_of(world, user)) == sorted(
            [*kept, MethodType.TEMPORARY_ACCESS_PASS, MethodType.MICROSOFT_AUTHENTICATOR]
        ), number
        asked = {one.method_type for _, one in world.tenant.writes if isinstance(one, RemoveMethod)}
        assert asked - set(kept) == asked, number
        assert world.watch.broken == [], number
        assert world.published(case.case_id, EventType.COMPLETED) == 1, number
        assert world.published(case.case_id, EventType.SUSPECT_REGISTRATION) == 0, number
        stored = await world.cases.load(case.case_id)
        assert stored is not None
        removed = [s for s in stored.steps if s.action == "remove-methods"]
        assert [s.after for s in removed if s.outcome is StepOutcome.DONE] == ["absent"], number
        if world.interruptions.plan:
            return  # The story is shorter than that.
    raise AssertionError("The story does not end.")
