"""Whatever happens, an exemption ends, lowers nothing, touches no leaver and is the only one."""

import asyncio
from datetime import timedelta
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shared.domain.authentication import MethodType, PerUserMfaState
from shared.domain.cases import ENDED, CaseState, EventType
from shared.domain.control import Mode
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import DirectoryUnavailable, PermissionMissing, Throttled
from shared.domain.ids import CaseId, UserId
from shared.domain.plans import ExemptionPlan
from tests.properties.exempting import (
    DAY,
    ENABLED,
    ENFORCED,
    NAMES,
    TICK,
    a_world,
    approve,
    ask,
    deliver_all,
    exempt_for_a_week,
    goes_by,
    the_watch,
)
from tests.properties.interrupting import How
from tests.properties.world import OVER, World, leaver

Trouble = LifecycleError | None
TROUBLES: tuple[Trouble, ...] = (
    None,
    Throttled("429"),
    DirectoryUnavailable("503"),
    PermissionMissing("403"),
)
JUMPS = tuple(
    timedelta(seconds=seconds) for seconds in (1, 31, 301, 3601, 86400, 3 * 86400, 12 * 86400)
)
interruptions = st.dictionaries(st.integers(0, 25), st.sampled_from(How), max_size=2)
indexes = st.integers(0, 20)
people = st.sampled_from(NAMES)


class ExemptionMachine(RuleBasedStateMachine):
    """The helpdesk, approvers, the broker, Graph, the person and bad luck, each at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.left: set[UserId] = set()
        self._numbers = count()

    @initialize(
        chance=st.randoms(use_true_random=False),
        mode=st.sampled_from([Mode.ACT, Mode.ACT, Mode.ACT, Mode.OBSERVE]),
        registered=st.sets(people),
        granted=st.sampled_from([NAMES[:2], NAMES[:1], ()]),
    )
    def begin(
        self, chance: Random, mode: Mode, registered: set[str], granted: tuple[str, ...]
    ) -> None:
        """A deployment with some people, some of them exempt already."""
        self.world = a_world(chance)
        self.runner.run(self.world.set_mode(mode))
        for name in sorted(registered):
            self.person_registers(name)
        for name in granted:
            self.runner.run(ask(self.world, self._user(name), timedelta(days=7)))
            self.runner.run(deliver_all(self.world))
            self.somebody_approves(-1, "approver-1", {})
            self.runner.run(deliver_all(self.world))

    def _user(self, name: str) -> UserId:
        user = self.world.user(name)
        assert user is not None
        return user

    def _case(self, index: int) -> CaseId | None:
        cases = the_watch(self.world).exemptions()
        return cases[index % len(cases)].case_id if cases else None

    @rule(name=people, days=st.sampled_from([1, 7, 30]), broken=interruptions, accept=st.booleans())
    def somebody_asks(self, name: str, days: int, broken: dict[int, How], *, accept: bool) -> None:
        """The helpdesk asks for an exemption."""
        self.world.interruptions.plan = dict(broken)
        self.runner.run(ask(self.world, self._user(name), timedelta(days=days), accept=accept))

    @rule(name=people, order=st.randoms(use_true_random=False))
    def two_ask_at_once(self, name: str, order: Random) -> None:
        """Two of the helpdesk ask for the same person."""
        user, week = self._user(name), timedelta(days=7)

        async def one() -> None:
            await ask(self.world, user, week)

        self.runner.run(self.world.together(order, one(), one()))

    @rule(index=indexes, by=st.sampled_from(["approver-1", "helpdesk-1"]), broken=interruptions)
    def somebody_approves(self, index: int, by: str, broken: dict[int, How]) -> None:
        """An approver, or the one who asked, approves."""
        case_id = self._case(index)
        self.world.interruptions.plan = dict(broken)
        if case_id is not None:
            self.runner.run(approve(self.world, case_id, by))

    @rule(index=indexes, what=st.sampled_from(["end", "cancel", "replay"]), broken=interruptions)
    def somebody_ends(self, index: int, what: str, broken: dict[int, How]) -> None:
        """A case is ended, cancelled, or replayed where it was parked."""
        case_id, app = self._case(index), self.world.hosts[1]
        kept, _ = self.runner.run(self.world.parked.newest(None))
        self.world.interruptions.plan = dict(broken)
        if case_id is not None and what == "end":
            end = app.end_exemption(case_id, "helpdesk-2")
            self.runner.run(self.world.attempt("operator", end))
        elif case_id is not None and what == "cancel":
            cancel = app.cancel_case(case_id, "helpdesk-2")
            self.runner.run(self.world.attempt("operator", cancel))
        elif kept:
            replay = app.replay_parked(kept[index % len(kept)].parked_id, "admin")
            self.runner.run(self.world.attempt("operator", replay))

    @rule(name=people)
    def person_registers(self, name: str) -> None:
        """The person adds an authentication method."""
        self.world.tenant.register(self._user(name), MethodType.FIDO2)

    @rule(name=people, state=st.sampled_from(PerUserMfaState))
    def administrator_writes(self, name: str, state: PerUserMfaState) -> None:
        """Somebody else sets the person's state."""
        self.world.tenant.found_in(self._user(name), state)

    @rule(name=people)
    def person_leaves(self, name: str) -> None:
        """HR says that the person leaves, now."""
        told = leaver(f"evt-{next(self._numbers)}", name, at=self.world.clock.now())
        self.left.add(self._user(name))
        self.runner.run(self.world.post(told))

    @rule(mode=st.sampled_from([*Mode, Mode.ACT]))
    def mode_is_set(self, mode: Mode) -> None:
        """Operators set the mode."""
        self.runner.run(self.world.set_mode(mode))

    @rule(
        troubles=st.lists(st.sampled_from(TROUBLES), max_size=12),
        lost=st.lists(st.sampled_from(TROUBLES[1:3]), max_size=1),
        lag=st.sampled_from([0, 3, 120]),
    )
    def graph_misbehaves(
        self, troubles: list[Trouble], lost: list[LifecycleError], lag: int
    ) -> None:
        """Calls fail, a write's answer is lost, replicas lag."""
        tenant = self.world.tenant
        tenant.troubles, tenant.lost = list(troubles), list(lost)
        tenant.lag = timedelta(seconds=lag)

    @precondition(lambda self: self.world.broker.queue)
    @rule(order=st.randoms(use_true_random=False), broken=interruptions)
    def broker_delivers_to_two(self, order: Random, broken: dict[int, How]) -> None:
        """Two messages are worked on at once, by two hosts."""
        messages = self.world.broker.deliverable(self.world.clock.now())[:2]
        self.world.interruptions.plan = dict(broken)
        if messages:
            work = [self.world.deliver(one, host=host) for host, one in enumerate(messages)]
            self.runner.run(self.world.together(order, *work))

    @rule(broken=interruptions, jump=st.sampled_from(JUMPS))
    def all_goes_on(self, broken: dict[int, How], jump: timedelta) -> None:
        """Some time passes, the timers fire, and whatever is due is delivered."""
        self.world.clock.advance(jump)
        self.world.interruptions.plan = dict(broken)
        self.runner.run(self.world.timers())
        self.runner.run(deliver_all(self.world))

    @invariant()
    def nothing_is_broken(self) -> None:
        """The watch has seen nothing that must not be."""
        if hasattr(self, "world"):
            the_watch(self.world).one_at_a_time()
            assert self.world.watch.broken == []

    def teardown(self) -> None:
        """All trouble passes, and so does the time of every exemption."""
        try:
            if hasattr(self, "world"):
                self.world.clock.advance(timedelta(days=31))
                for user in self.left:
                    self.world.tenant.block(user)
                self.runner.run(self.world.settle(OVER | {CaseState.OVERDUE}))
                for user in self.left:
                    if not the_watch(self.world).has_left(user):
                        self.world.tenant.block(user, blocked=False)
                self.runner.run(self.world.settle(OVER))
                check_ends(self.world)
        finally:
            self.runner.close()


def check_ends(world: World) -> None:
    """Everybody is put back but leavers, and every case tells its end.

    Raises:
        AssertionError: an exemption has lasted.
    """
    assert world.watch.broken == []
    for case in the_watch(world).exemptions():
        case_id, stored = case.case_id, world.watch.cases[case.case_id]
        assert not case.unfinished
        assert not case.must_put_back
        assert isinstance(case.plan, ExemptionPlan)
        assert case.state in ENDED or case.state is CaseState.PARKED
        ended = int(case.state is CaseState.ENDED)
        assert world.published(case_id, EventType.EXEMPTION_ENDED) == ended
        if case.state is CaseState.ENDED and not case.observed:
            left_alone = the_watch(world).has_left(case.plan.user_id)
            assert left_alone or stored.steps[-1].after in {ENABLED, ENFORCED}


async def outlast(
    order: Random, trouble: LifecycleError, outage: timedelta, tick: timedelta
) -> None:
    """An exemption whose end falls into an outage, until it was made good."""
    world, user = await exempt_for_a_week(order)
    (case_id,) = world.watch.cases
    await goes_by(world, 7 * DAY - tick, TICK)

    world.tenant.troubles = [trouble] * 100_000
    await goes_by(world, tick + outage, tick)
    assert world.watch.cases[case_id].case.must_put_back
    world.tenant.troubles.clear()
    most = max(outage / 3, timedelta(minutes=15))
    await goes_by(world, most + 2 * tick + timedelta(minutes=6), tick)
    assert world.watch.cases[case_id].case.state is CaseState.ENDED
    assert world.tenant.people[user].state is ENABLED
    assert (await world.parked.newest(None))[0] == ()
    assert world.watch.broken == []


@settings(max_examples=30)
@given(
    order=st.randoms(use_true_random=False),
    trouble=st.sampled_from(
        [Throttled("429"), DirectoryUnavailable("503"), PermissionMissing("403")]
    ),
    minutes=st.integers(0, 3000),
    tick=st.sampled_from([timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=3)]),
)
def test_an_outage_at_the_end_is_made_good(
    order: Random, trouble: LifecycleError, minutes: int, tick: timedelta
) -> None:
    """Soon after Graph is back the person is: within a third of the outage, or fifteen minutes."""
    asyncio.run(outlast(order, trouble, timedelta(minutes=minutes), tick))


def test_exemption_machine() -> None:
    """No order of requests, approvals, crashes, faults and clock jumps breaks a rule."""
    run_state_machine_as_test(
        ExemptionMachine, settings=settings(max_examples=120, stateful_step_count=30)
    )


@pytest.mark.slow
def test_exemption_machine_at_length() -> None:
    """Nor does any of many more and longer orders."""
    run_state_machine_as_test(
        ExemptionMachine, settings=settings(max_examples=300, stateful_step_count=60)
    )
