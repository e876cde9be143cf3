"""Exemptions in the strategy `group`: membership is all that is written, from end to end."""

import asyncio
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.approvals import plan_hash
from shared.domain.authentication import MethodType
from shared.domain.cases import CaseState
from shared.domain.control import Mode
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import DirectoryUnavailable, Throttled
from shared.domain.ids import GroupId
from shared.domain.plans import ExemptionPlan
from shared.settings import Settings
from tests.properties.interrupting import How
from tests.properties.test_preparation import BY_GROUP, ENFORCEMENT, REGISTRATION, SSPR
from tests.properties.world import OVER, World

GROUP = GroupId(ENFORCEMENT)
WEEK = timedelta(days=7)
TROUBLES: tuple[LifecycleError | None, ...] = (None, Throttled("429"), DirectoryUnavailable("503"))


@given(
    registered=st.booleans(),
    troubles=st.lists(st.sampled_from(TROUBLES), max_size=8),
    broken=st.dictionaries(st.integers(0, 30), st.sampled_from(How), max_size=2),
)
def test_the_person_is_taken_out_of_the_group_and_put_back(
    *, registered: bool, troubles: list[LifecycleError | None], broken: dict[int, How]
) -> None:
    """Registered or not, whatever fails on the way; nothing but those two memberships is written.

    The trouble is there at the beginning and again at the end.
    """

    async def story() -> None:
        world = World(Random(0), Settings.from_environment(BY_GROUP))  # noqa: S311  (no secret)
        for group in (SSPR, REGISTRATION, ENFORCEMENT):
            world.tenant.add_group(group)
        user = world.tenant.add("robin@contoso.example")
        world.tenant.members[GROUP].add(user)
        if registered:
            world.tenant.register(user, MethodType.FIDO2)
        await world.set_mode(Mode.ACT)
        ends_at = world.clock.now() + WEEK
        plan = ExemptionPlan(
            user_id=user, reason="Broken phone", ends_at=ends_at, accept_unprotected=True
        )
        case = await world.hosts[1].grant_exemption(plan, "helpdesk-1")
        await world.settle(frozenset({CaseState.AWAITING_APPROVAL}))
        waiting = world.watch.cases[case.case_id].case
        await world.hosts[1].approve_case(case.case_id, plan_hash(waiting), "approver-1")
        for rest in (frozenset({CaseState.ACTIVE}), OVER):
            world.interruptions.plan = dict(broken)
            world.tenant.troubles = list(troubles)
            for message in world.broker.deliverable(world.clock.now()):
                await world.deliver(message)
            await world.settle(rest)
            assert (user in world.tenant.members[GROUP]) is (rest is OVER)
            world.clock.advance_to(max(ends_at, world.clock.now()))
        assert world.watch.cases[case.case_id].case.state is CaseState.ENDED
        written = [effect for _, effect in world.tenant.writes]
        assert set(written) == {RemoveFromGroup(GROUP), AddToGroup(GROUP)}
        assert world.watch.broken == []

    asyncio.run(story())
