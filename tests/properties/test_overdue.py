"""S2: who is overdue and may be privileged is enforced by nobody alone, by state or by group."""

import asyncio
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.approvals import APPROVAL_LASTS, plan_hash
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.cases import Case, CaseState
from shared.domain.control import Mode
from shared.domain.errors import LifecycleError
from shared.domain.errors.cases import OwnApproval
from shared.domain.errors.directory import DirectoryUnavailable, PrivilegesUnreadable
from shared.domain.ids import GroupId, UserId
from shared.domain.people.standing import Privilege
from shared.settings import Settings
from tests.properties.interrupting import How
from tests.properties.lives import BY_GROUP, GROUPS, PER_USER
from tests.properties.world import OVER, World, joiner

NAME = "robin@contoso.example"
COLLECTOR = "helpdesk-1"
ENFORCEMENT = GroupId(GROUPS["MFA_ENFORCEMENT_GROUP_ID"])
STRATEGIES = (PER_USER, BY_GROUP)
MAYBE = (*(one for one in Privilege if one is not Privilege.NONE), Unknown("No permission."))
FAILURES = (PrivilegesUnreadable("403"), DirectoryUnavailable("503"))
ALL = frozenset(CaseState)


class Overdue:
    """A person who lets the deadline pass, and their case."""

    def __init__(self, settings: Settings, privilege: Privilege | Unknown) -> None:
        self.world = World(Random(0), settings)  # noqa: S311  (which replica answers is no secret)
        for group in GROUPS.values():
            self.world.tenant.add_group(group)
        self.user: UserId = self.world.tenant.add(NAME)
        self.world.privileges.held[self.user] = privilege

    def case(self) -> Case:
        """The case as it was last saved."""
        (stored,) = self.world.watch.cases.values()
        return stored.case

    def enforced(self) -> bool:
        """Whether MFA is truly required of the person."""
        state = self.world.tenant.people[self.user].state
        joined = self.user in self.world.tenant.members[ENFORCEMENT]
        return state is PerUserMfaState.ENFORCED or joined

    async def begin(self) -> None:
        """Let the case wait for the person, whose deadline is in three days."""
        await self.world.set_mode(Mode.ACT)
        deadline = self.world.clock.now() + timedelta(days=3)
        await self.world.post({**joiner("evt-1", NAME), "enforceBy": deadline.isoformat()})
        await self.world.settle(frozenset({CaseState.WAITING_REGISTRATION}))

    async def come_to_rest(self) -> None:
        """Let the deadline pass and all be done that nobody has to agree to."""
        self.world.clock.advance(timedelta(days=3, minutes=1))
        for _ in range(12):
            await self.world.settle(ALL)
            self.world.clock.advance(timedelta(hours=1))

    async def approve(self, by: str) -> object:
        """What somebody is told who agrees to the plan as it stands."""
        use_case = self.world.hosts[1].approve_case
        work = use_case(self.case().case_id, plan_hash(self.case()), by)
        return await self.world.attempt("approver", work)


@given(
    settings=st.sampled_from(STRATEGIES),
    privilege=st.sampled_from(MAYBE),
    broken=st.dictionaries(st.integers(0, 40), st.sampled_from(How), max_size=3),
    collects=st.booleans(),
    late=st.sampled_from([timedelta(0), APPROVAL_LASTS - timedelta(minutes=5), APPROVAL_LASTS]),
)
def test_who_may_be_privileged_is_enforced_after_an_approval_alone(
    settings: Settings,
    privilege: Privilege | Unknown,
    broken: dict[int, How],
    *,
    collects: bool,
    late: timedelta,
) -> None:
    """Not before, not by the word of who asked for a pass, and not by one that is eight hours old.

    Wherever workers die, whichever strategy enforces.
    """

    async def story() -> None:
        overdue = Overdue(settings, privilege)
        world = overdue.world
        await overdue.begin()
        if collects:
            await world.attempt(
                "collector", world.hosts[0].collect_pass(overdue.case().case_id, COLLECTOR)
            )
            world.clock.advance(APPROVAL_LASTS)
            await world.settle(ALL)
        world.clock.advance(timedelta(days=1))
        world.interruptions.plan = dict(broken)
        await world.timers()
        await overdue.come_to_rest()
        assert overdue.case().state is CaseState.AWAITING_APPROVAL
        assert not overdue.enforced()
        if collects:
            assert isinstance(await overdue.approve(COLLECTOR), OwnApproval)
        assert not isinstance(await overdue.approve("approver-1"), LifecycleError)
        # Nobody works on it for a while, as if the queue stood still.
        world.clock.advance(late)
        await world.settle(OVER | {CaseState.AWAITING_APPROVAL})
        if late < APPROVAL_LASTS:
            assert overdue.case().state is CaseState.COMPLETED
            assert overdue.enforced()
        else:
            assert overdue.case().state is CaseState.AWAITING_APPROVAL
            assert not overdue.enforced()
        assert world.watch.broken == []

    asyncio.run(story())


@pytest.mark.parametrize("settings", STRATEGIES, ids=["per-user", "group"])
@pytest.mark.parametrize("failure", FAILURES, ids=str)
async def test_a_look_up_that_always_fails_ends_as_privileged(
    settings: Settings, failure: LifecycleError
) -> None:
    """An ordinary person, but nobody can tell: asked about, and enforced once approved."""
    overdue = Overdue(settings, Privilege.NONE)
    await overdue.begin()
    overdue.world.privileges.troubles = [failure] * 100
    await overdue.come_to_rest()
    assert overdue.case().state is CaseState.AWAITING_APPROVAL
    assert not overdue.enforced()
    assert not isinstance(await overdue.approve("approver-1"), LifecycleError)
    await overdue.world.settle(OVER)
    assert overdue.enforced()
    assert overdue.world.watch.broken == []


@pytest.mark.parametrize("settings", STRATEGIES, ids=["per-user", "group"])
async def test_who_slept_over_every_reminder_leaves_a_day(settings: Settings) -> None:
    """After a month's downtime the first reminder is not the moment of enforcing."""
    overdue = Overdue(settings, Privilege.NONE)
    world = overdue.world
    await world.set_mode(Mode.ACT)
    await world.post(joiner("evt-1", NAME))
    while messages := world.broker.deliverable(world.clock.now()):
        await world.deliver(messages[0])
    assert overdue.case().state is CaseState.WAITING_REGISTRATION
    world.clock.advance(timedelta(days=30))
    await world.settle(frozenset({CaseState.WAITING_REGISTRATION}))
    reminded = world.clock.now()
    assert overdue.case().reminders
    assert not overdue.enforced()
    await world.settle(OVER)
    assert overdue.enforced()
    assert world.clock.now() - reminded >= timedelta(days=1)
    assert world.watch.broken == []


async def test_a_reminder_that_the_topic_takes_at_the_last_moment_leaves_a_day() -> None:
    """All three are late by days; whoever reads them then has the shortest notice."""
    overdue = Overdue(STRATEGIES[0], Privilege.NONE)
    world = overdue.world
    await world.set_mode(Mode.ACT)
    await world.post(joiner("evt-1", NAME))
    world.broker.topic_is_full = True
    await ticks(overdue, until=world.clock.now() + timedelta(hours=1))
    deadline = overdue.case().deadline
    assert deadline is not None
    await ticks(overdue, until=deadline - timedelta(minutes=20))
    assert overdue.case().reminders == len(STRATEGIES[0].rules().reminders)
    world.broker.topic_is_full = False
    came_out = world.clock.now()
    await ticks(overdue, until=came_out + timedelta(hours=23))
    assert overdue.case().state is CaseState.OVERDUE
    await ticks(overdue, until=came_out + timedelta(days=2))
    assert overdue.enforced()
    assert world.watch.broken == []


async def ticks(overdue: Overdue, *, until: datetime) -> None:
    """Every message that is due and every timer, quarter of an hour by quarter of an hour."""
    world = overdue.world
    while world.clock.now() < until:
        for message in world.broker.deliverable(world.clock.now()):
            await world.deliver(message)
        await world.timers()
        world.clock.advance(timedelta(minutes=15))


@pytest.mark.parametrize("settings", STRATEGIES, ids=["per-user", "group"])
async def test_who_surely_holds_no_role_is_enforced_at_the_deadline(settings: Settings) -> None:
    """Nobody has to agree where a look-up has shown that the person is nobody special."""
    overdue = Overdue(settings, Privilege.NONE)
    await overdue.begin()
    await overdue.come_to_rest()
    assert overdue.case().state is CaseState.COMPLETED
    assert overdue.case().approval is None
    assert overdue.enforced()
    assert overdue.world.watch.broken == []
