"""What people decide in the machine of lives: they leave, approve, collect, list and promote."""

from datetime import timedelta
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from shared.domain.approvals import plan_hash
from shared.domain.authentication import MethodType, PerUserMfaState, Unknown
from shared.domain.cases import CaseState
from shared.domain.control import Mode
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import DirectoryUnavailable, PrivilegesUnreadable
from shared.domain.ids import CaseId, GroupId
from shared.domain.passes.given import GivenPass
from shared.domain.people.standing import Privilege
from shared.domain.registries import Entry, Registry
from shared.settings import Settings
from tests.properties.case_machine import (
    JUMPS,
    NAMES,
    CaseMachine,
    indexes,
    interruptions,
)
from tests.properties.interrupting import Crash, How
from tests.properties.world import ENVIRONMENT, World, leaver

GROUPS = {
    "MFA_REGISTRATION_GROUP_ID": "c0000000-0000-4000-8000-000000000002",
    "MFA_ENFORCEMENT_GROUP_ID": "c0000000-0000-4000-8000-000000000003",
}
BY_GROUP = Settings.from_environment({**ENVIRONMENT, **GROUPS, "MFA_STRATEGY": "group"})
PER_USER = Settings.from_environment(ENVIRONMENT)
PEOPLE = ("approver-1", "helpdesk-1", "admin")
PRIVILEGES = (*[Privilege.NONE] * len(Privilege), *Privilege, Unknown("No permission."))
MOST_MESSAGES = 30
WAITING = {CaseState.WAITING_REGISTRATION, CaseState.OVERDUE}
LOOK_UPS = (DirectoryUnavailable("503"), PrivilegesUnreadable("403"))


class DecidingMachine(CaseMachine):
    """The case machine with everybody else who has a say in a case."""

    @initialize(
        chance=st.randoms(use_true_random=False),
        settings=st.sampled_from([PER_USER, BY_GROUP]),
        privilege=st.sampled_from(PRIVILEGES),
        posted=st.lists(st.sampled_from([0, 1, 3]), min_size=1, max_size=2, unique=True),
        underway=st.sampled_from([True, True, False]),
    )
    def begin(
        self,
        chance: Random,
        settings: Settings,
        privilege: Privilege | Unknown,
        posted: list[int],
        *,
        underway: bool,
    ) -> None:
        """A deployment of either strategy that acts, with some people, and the first events."""
        self.world = World(chance, settings)
        self.left: dict[str, int] = {}
        self.handed_out: set[str] = set()
        for group in GROUPS.values():
            self.world.tenant.add_group(group)
        self.runner.run(self.world.set_mode(Mode.ACT))
        for name in NAMES[:2]:
            self.account_appears(name, enabled=True)
            self.privilege_changes(name, privilege)
        for number in posted:
            self.hr_posts(number, {})
        if underway:
            self.runner.run(self.world.settle(frozenset(CaseState) - {CaseState.ACCEPTED}))

    @rule(what=st.sampled_from(["cancel", "replay", "replay", Mode.ACT, Mode.STOP]), index=indexes)
    def operators_act(self, what: str, index: int) -> None:
        """Rarely a case is cancelled or all is stopped; what is parked is replayed."""
        super().operators_act(what, index, {})

    @rule(broken=st.just({}) | interruptions, jump=st.sampled_from(JUMPS))
    def all_is_worked_off(self, broken: dict[int, How], jump: timedelta) -> None:
        """Time passes, and whatever becomes due is delivered until nothing is left to do."""
        world = self.world
        world.clock.advance(jump)
        world.interruptions.plan = dict(broken)
        self.runner.run(world.timers())
        for _ in range(MOST_MESSAGES):
            messages = world.broker.deliverable(world.clock.now())
            if not messages:
                return
            self.runner.run(world.deliver(messages[0]))

    @rule(
        number=st.integers(0, 2),
        days=st.sampled_from([-2, 0, 0, 3]),
        name=st.sampled_from(NAMES),
        broken=interruptions,
    )
    def hr_says_that_somebody_leaves(
        self, number: int, days: int, name: str, broken: dict[int, How]
    ) -> None:
        """A leaver's event, for the first time or again."""
        event = f"left-{number}"
        if event in self.left:
            return
        self.left[event] = days
        self.world.interruptions.plan = dict(broken)
        moment = self.world.clock.now() + timedelta(days=days)
        self.runner.run(self.world.post(leaver(event, name, at=moment)))

    @rule(name=st.sampled_from(NAMES), blocked=st.sampled_from([True, False, False]))
    def sign_in_is_blocked(self, name: str, *, blocked: bool) -> None:
        """Somebody else blocks the account, or lets it in again."""
        user = self.world.user(name)
        if user is not None:
            self.world.tenant.block(user, blocked=blocked)

    @rule(name=st.sampled_from(NAMES), privilege=st.sampled_from(PRIVILEGES))
    def privilege_changes(self, name: str, privilege: Privilege | Unknown) -> None:
        """The person gets a role, loses it, or nobody can tell."""
        user = self.world.user(name)
        if user is not None:
            self.world.privileges.held[user] = privilege

    @rule(troubles=st.lists(st.sampled_from(LOOK_UPS), min_size=1, max_size=8))
    def roles_can_not_be_read(self, troubles: list[LifecycleError]) -> None:
        """The next look-ups of roles fail."""
        self.world.privileges.troubles = [*troubles]

    @rule(
        name=st.sampled_from(NAMES),
        registry=st.sampled_from(Registry),
        on=st.sampled_from([0, 0, 0, 1]),
    )
    def lists_change(self, name: str, registry: Registry, on: int) -> None:
        """The person is put on a list for good, or two people have taken them off."""
        user = self.world.user(name)
        if user is not None:
            self.runner.run(self._list(name, registry, on=bool(on)))

    async def _list(self, name: str, registry: Registry, *, on: bool) -> None:
        world = self.world
        user = world.user(name)
        assert user is not None
        old, entries = await world.registries.entry(registry, user), world.registries
        if on and old is None:
            entry = Entry(
                user_id=user,
                owner="o",
                reason="r",
                expires_at=None,
                added_by="admin",
                added_at=world.clock.now(),
            )
            await entries.replace(registry, None, entry)
        elif not on and old is not None:
            await entries.remove(registry, old)
        lists = [await entries.entry(one, user) for one in Registry]
        world.watch.people.listed(user, on=any(lists))

    @rule(
        index=indexes,
        who=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2),
        stale=st.sampled_from([False, False, True]),
        order=st.randoms(use_true_random=False),
        broken=st.just({}) | interruptions,
    )
    def people_approve(
        self,
        index: int,
        who: list[str],
        order: Random,
        broken: dict[int, How],
        *,
        stale: bool,
    ) -> None:
        """One or two people at once agree to a case, or to what they think it is."""
        cases = [*self.world.watch.cases.values()]
        asking = [one for one in cases if one.case.state is CaseState.AWAITING_APPROVAL]
        among = asking or cases
        if not among:
            return
        case = among[index % len(among)].case
        seen = "0" * 64 if stale else plan_hash(case)
        self.world.interruptions.plan = dict(broken)
        agreed: list[str] = []

        async def approve(by: str, host: int) -> None:
            use_case = self.world.hosts[host].approve_case
            answer = await self.world.attempt(by, use_case(case.case_id, seen, by))
            if not isinstance(answer, BaseException):
                agreed.append(by)

        work = [approve(by, host) for host, by in enumerate(who)]
        self.runner.run(self.world.together(order, *work))
        self.world.watch.expect(len(agreed) <= 1, f"all of them were told yes: {agreed}")
        self.world.watch.expect(
            not (stale and agreed), "another plan than the one read is approved"
        )

    @rule(index=indexes, by=st.sampled_from(PEOPLE), broken=st.just({}) | interruptions)
    def somebody_collects(self, index: int, by: str, broken: dict[int, How]) -> None:
        """Somebody collects a pass for a case."""
        world, cases = self.world, self.world.watch.cases
        waiting = [case_id for case_id, one in cases.items() if one.case.state in WAITING]
        among: list[CaseId] = waiting or [*cases]
        if not among:
            return
        case_id = among[index % len(among)]
        world.interruptions.plan = dict(broken)
        answer = self.runner.run(world.attempt(by, world.hosts[0].collect_pass(case_id, by)))
        if isinstance(answer, GivenPass):
            self.handed_out.add(answer.value.reveal())
        elif isinstance(answer, Crash) and case_id not in world.collections.kept:
            # All was done but the answer: the case calls it collected.
            user = world.watch.cases[case_id].case.user_id
            self.handed_out |= set() if user is None else world.passes.of(user)

    @rule(jump=st.sampled_from(JUMPS), broken=interruptions)
    def minutes_pass(self, jump: timedelta, broken: dict[int, How]) -> None:
        """Passes that nobody was given are withdrawn."""
        self.world.clock.advance(jump)
        self.world.interruptions.plan = dict(broken)
        self.runner.run(self.world.attempt("timer", self.world.hosts[1].withdraw_passes()))

    # --- How it ends -----------------------------------------------------------------------------

    def teardown(self) -> None:
        """All trouble passes, everybody does their part, and every case is over."""
        try:
            if hasattr(self, "world"):
                self.runner.run(self._come_to_an_end())
        finally:
            self.runner.close()

    async def _come_to_an_end(self) -> None:
        world = self.world
        world.privileges.troubles.clear()
        waiting = frozenset(CaseState)
        await world.settle(waiting)
        for _ in range(3):
            world.clock.advance(timedelta(minutes=2))
            await world.attempt("timer", world.hosts[0].withdraw_passes())
        await world.settle(waiting)
        await self._check()
        for turn in range(4):
            for name in NAMES:
                self._does_their_part(name, registers=turn > 1)
            for stored in [*world.watch.cases.values()]:
                if stored.case.state is CaseState.AWAITING_APPROVAL:
                    agree = world.hosts[1].approve_case(
                        stored.case.case_id, plan_hash(stored.case), "approver-at-last"
                    )
                    await world.attempt("approver", agree)
            await self._what_is_parked_is_taken_up()
            world.clock.advance(timedelta(days=1))
            await world.settle(waiting)
        await self._check()

    def _does_their_part(self, name: str, *, registers: bool) -> None:
        world = self.world
        user = world.user(name)
        leaving = any(
            stored.case.user_id == user and str(stored.case.kind) == "leaver"
            for stored in world.watch.cases.values()
        )
        if user is not None:
            world.tenant.block(user, blocked=leaving)
            if registers and not leaving:
                world.tenant.register(user, MethodType.FIDO2)

    async def _check(self) -> None:
        """Nothing is broken; who was completed is enforced; no pass is left that nobody has."""
        world = self.world
        assert world.watch.broken == []
        assert world.collections.kept == {}
        for user in world.tenant.people:
            assert world.passes.usable(user) <= self.handed_out, (
                "a pass that nobody was given is left"
            )
        for case_id, stored in world.watch.cases.items():
            found = await world.cases.load(case_id)
            assert found is not None
            assert all(event.published for event in found.events), "an event stays unpublished"
            case = stored.case
            joined = str(case.kind) == "onboarding" and case.state is CaseState.COMPLETED
            if joined and not case.observed and case.user_id is not None:
                enforced = world.tenant.people[case.user_id].state is PerUserMfaState.ENFORCED
                if world.tenant.by_group is not None:
                    members = world.tenant.members[GroupId(GROUPS["MFA_ENFORCEMENT_GROUP_ID"])]
                    enforced = case.user_id in members
                assert enforced, "completed, and not enforced"
