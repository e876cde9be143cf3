"""A machine that redelivers, reorders, crashes and jumps in time while people are onboarded."""

import asyncio
from datetime import timedelta
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from shared.domain.authentication import MethodType, PerUserMfaState
from shared.domain.cases import ENDED, CaseState
from shared.domain.control import Mode
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import (
    AccountNotVisible,
    DirectoryUnavailable,
    MalformedAnswer,
    PermissionMissing,
    Throttled,
)
from shared.domain.plans import OnboardingPlan
from tests.builders import NOW
from tests.properties.ends import check_ends
from tests.properties.interrupting import How
from tests.properties.world import OVER, PROTECTED, World, joiner

NAMES = ("robin@contoso.example", "kim#EXT#@contoso.example", "root@contoso.example")
EVENTS = tuple(f"evt-{number}" for number in range(4))
STARTS = (None, NOW + timedelta(days=9), NOW - timedelta(days=3))
Trouble = LifecycleError | None
TROUBLES: tuple[Trouble, ...] = (
    None,
    Throttled("429", retry_after=timedelta(seconds=40)),
    Throttled("429"),
    DirectoryUnavailable("503"),
    MalformedAnswer("not JSON"),
    AccountNotVisible("404"),
    PermissionMissing("403"),
)
METHODS = (MethodType.FIDO2, MethodType.PHONE, MethodType.EMAIL, MethodType.WINDOWS_HELLO)
JUMPS = tuple(
    timedelta(seconds=seconds)
    for seconds in (1, 5, 31, 61, 301, 3601, 86400, 5 * 86400, 20 * 86400)
)
interruptions = st.dictionaries(st.integers(0, 25), st.sampled_from(How), max_size=2)
indexes = st.integers(0, 20)


class CaseMachine(RuleBasedStateMachine):
    """HR, the broker, Graph, the person, the operators and bad luck, each at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()

    @initialize(
        chance=st.randoms(use_true_random=False),
        mode=st.sampled_from([Mode.ACT, Mode.ACT, Mode.ACT, Mode.OBSERVE, Mode.STOP]),
        present=st.sets(st.sampled_from(NAMES)),
        posted=st.lists(st.sampled_from(range(len(EVENTS))), min_size=1, max_size=2),
        moves=st.booleans(),
    )
    def begin(
        self, chance: Random, mode: Mode, present: set[str], posted: list[int], *, moves: bool
    ) -> None:
        """A deployment with some people, and the first events."""
        self.world = World(chance)
        self.world.tenant.moves_by_itself = moves
        self.runner.run(self.world.set_mode(mode))
        for name in sorted(present):
            self.account_appears(name, enabled=True)
        for number in posted:
            self.hr_posts(number, {})

    # --- Others act ------------------------------------------------------------------------------

    @rule(number=st.sampled_from(range(len(EVENTS))), broken=interruptions)
    def hr_posts(self, number: int, broken: dict[int, How]) -> None:
        """The HR system sends an event, for the first time or again."""
        self.world.interruptions.plan = dict(broken)
        self.runner.run(self.world.post(the_event(number)))

    @rule(
        name=st.sampled_from(NAMES),
        enabled=st.sampled_from([True, True, True, False]),
        state=st.sampled_from(PerUserMfaState),
    )
    def account_appears(
        self, name: str, *, enabled: bool, state: PerUserMfaState = PerUserMfaState.DISABLED
    ) -> None:
        """The account is provisioned; blocked or not, and in any state."""
        if self.world.user(name) is None:
            protected = PROTECTED if name == NAMES[-1] else None
            user = self.world.tenant.add(name, enabled=enabled, user_id=protected)
            self.world.tenant.found_in(user, state)

    @rule(name=st.sampled_from(NAMES), method=st.sampled_from(METHODS))
    def person_registers(self, name: str, method: MethodType) -> None:
        """The person adds an authentication method."""
        user = self.world.user(name)
        if user is not None:
            self.world.tenant.register(user, method)

    @rule(what=st.sampled_from([*Mode, "cancel", "replay"]), index=indexes, broken=interruptions)
    def operators_act(self, what: str, index: int, broken: dict[int, How]) -> None:
        """The mode is set, a case is cancelled, something parked is replayed."""
        cases, (kept, _) = (
            [*self.world.watch.cases],
            self.runner.run(self.world.parked.newest(None)),
        )
        self.world.interruptions.plan = dict(broken)
        app = self.world.hosts[1]
        if isinstance(what, Mode):
            self.runner.run(self.world.set_mode(what))
        elif what == "cancel" and cases:
            cancel = app.cancel_case(cases[index % len(cases)], "helpdesk")
            self.runner.run(self.world.attempt("operator", cancel))
        elif what == "replay" and kept:
            replay = app.replay_parked(kept[index % len(kept)].parked_id, "admin")
            self.runner.run(self.world.attempt("operator", replay))

    # --- Trouble ---------------------------------------------------------------------------------

    @rule(
        troubles=st.lists(st.sampled_from(TROUBLES), max_size=6),
        lost=st.lists(st.sampled_from(TROUBLES[1:4]), max_size=1),
        hidden=st.sets(st.sampled_from(NAMES), max_size=1),
        lag=st.sampled_from([0, 3, 20, 120]),
    )
    def graph_misbehaves(
        self, troubles: list[Trouble], lost: list[LifecycleError], hidden: set[str], lag: int
    ) -> None:
        """Calls fail, a write's answer is lost, a state can't be told, replicas lag."""
        tenant = self.world.tenant
        tenant.troubles, tenant.lost = list(troubles), list(lost)
        tenant.lag = timedelta(seconds=lag)
        tenant.unknown = {user for name in hidden if (user := self.world.user(name))}

    @rule(jump=st.sampled_from(JUMPS))
    def time_passes(self, jump: timedelta) -> None:
        """The clock jumps."""
        self.world.clock.advance(jump)

    # --- The system works ------------------------------------------------------------------------

    @precondition(lambda self: self.world.broker.queue)
    @rule(index=indexes, broken=interruptions, lost=st.booleans())
    def broker_delivers(self, index: int, broken: dict[int, How], *, lost: bool) -> None:
        """Any message that is due is delivered, and perhaps not settled."""
        self.world.interruptions.plan = dict(broken)
        messages = self.world.broker.deliverable(self.world.clock.now())
        if messages:
            message = messages[index % len(messages)]
            self.runner.run(self.world.deliver(message, settlement_lost=lost))

    @precondition(lambda self: self.world.broker.queue)
    @rule(order=st.randoms(use_true_random=False), broken=interruptions)
    def broker_delivers_to_two(self, order: Random, broken: dict[int, How]) -> None:
        """Two messages are worked on at once, by two hosts."""
        messages = self.world.broker.deliverable(self.world.clock.now())[:2]
        self.world.interruptions.plan = dict(broken)
        if messages:
            work = [self.world.deliver(one, host=host) for host, one in enumerate(messages)]
            self.runner.run(self.world.together(order, *work))

    @rule(broken=interruptions, jump=st.sampled_from(JUMPS[:6]))
    def all_goes_on(self, broken: dict[int, How], jump: timedelta) -> None:
        """Some time passes, the timers fire, and whatever is due is delivered."""
        self.world.clock.advance(jump)
        self.world.interruptions.plan = dict(broken)
        self.runner.run(self.world.timers())
        for message in self.world.broker.deliverable(self.world.clock.now()):
            self.runner.run(self.world.deliver(message))

    # --- What holds ------------------------------------------------------------------------------

    @invariant()
    def nothing_is_broken(self) -> None:
        """The watch has seen nothing that must not be."""
        if hasattr(self, "world"):
            assert self.world.watch.broken == []

    def teardown(self) -> None:
        """All trouble passes, and everything comes to a good end."""
        try:
            if hasattr(self, "world"):
                self.runner.run(self.world.settle())
                self.runner.run(check_ends(self.world))
                self.runner.run(self._everybody_does_their_part())
                self.runner.run(self.world.settle(OVER))
                self.runner.run(self._what_is_parked_is_taken_up())
                self.runner.run(self.world.settle(OVER))
                self.runner.run(check_ends(self.world))
                self._every_case_is_over()
        finally:
            self.runner.close()

    async def _everybody_does_their_part(self) -> None:
        """HR posts what was never acknowledged, accounts appear, people register."""
        for number in range(len(EVENTS)):
            await self.world.post(the_event(number))
        for name in NAMES:
            self.account_appears(name, enabled=True)
            self.person_registers(name, MethodType.FIDO2)
        await self._what_is_parked_is_taken_up()

    async def _what_is_parked_is_taken_up(self) -> None:
        """An operator looks at every parked case, a start date long past among the reasons."""
        for kept in (await self.world.parked.newest(None))[0]:
            replay = self.world.hosts[1].replay_parked(kept.parked_id, "admin")
            await self.world.attempt("operator", replay)

    def _every_case_is_over(self) -> None:
        assert len(self.world.watch.cases) == len(EVENTS)
        assert len({ack.case_id for ack in self.world.acknowledged}) == len(EVENTS)
        for stored in self.world.watch.cases.values():
            assert isinstance(stored.case.plan, OnboardingPlan)
            name = stored.case.plan.user_principal_name or ""
            user = self.world.user(name)
            assert user is not None
            blocked = not self.world.tenant.people[user].account.enabled
            refused = name == NAMES[-1] or blocked
            assert stored.case.state in ENDED - {
                CaseState.COMPLETED if refused else CaseState.REFUSED
            }


def the_event(number: int) -> dict[str, str]:
    """An HR event: there are more events than people."""
    return joiner(EVENTS[number], NAMES[number % len(NAMES)], start=STARTS[number % len(STARTS)])
