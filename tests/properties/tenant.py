"""A tenant that lags, and is watched."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from shared.application.ports.leases import Lease
from shared.domain.accounts import BlockedBy
from shared.domain.authentication import (
    AuthenticationMethod,
    MethodType,
    PerUserMfaState,
    Unknown,
    is_registered,
)
from shared.domain.budgets.flows import Spender
from shared.domain.control import Capability
from shared.domain.effects import Request
from shared.domain.effects.methods import RegisterContact
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sign_in import UnblockSignIn
from shared.domain.facts import Facts
from shared.domain.groups import Memberships
from shared.domain.ids import UserId
from shared.domain.strategies import ByGroup
from tests.fakes.directory import FakeDirectory
from tests.fakes.person import Person
from tests.properties.clock import WorldClock
from tests.properties.watch import Watch


class LaggingTenant(FakeDirectory):
    """A directory whose replicas take their time.

    For the time of the lag, readers see one or the other value; where it is longer than a minute,
    all of them see the older one.

    Attributes:
        lag: how long the replicas take.
        moves_by_itself: whether an enabled person who is registered becomes enforced at once.
            Entra does so, and nobody promises how soon.
        by_group: the strategy, where membership is it.
        prepared: what was true of people just before contact data was registered for them, and
            when that was.
    """

    def __init__(self, clock: WorldClock, watch: Watch, replicas: Random) -> None:
        super().__init__()
        self.lag = timedelta(0)
        self.moves_by_itself = True
        self.by_group: ByGroup | None = None
        self._clock = clock
        self._watch = watch
        self._replicas = replicas
        self.now = clock.now
        self.prepared: list[tuple[Person, RegisterContact, datetime]] = []
        self._joined: dict[UserId, tuple[Memberships, datetime]] = {}
        self._older: dict[UserId, tuple[PerUserMfaState, datetime]] = {}

    def add(
        self,
        name: str,
        *,
        enabled: bool = True,
        guest: bool = False,
        employee_id: str | None = None,
        display_name: str = "A. Person",
        manager: UserId | None = None,
        user_id: str | None = None,
    ) -> UserId:
        """Let a person appear; ids are counted, so that a story that failed fails again."""
        return super().add(
            name,
            enabled=enabled,
            guest=guest,
            employee_id=employee_id,
            display_name=display_name,
            manager=manager,
            user_id=user_id or f"a0000000-0000-4000-8000-{len(self.people):012d}",
        )

    def found_in(self, user: UserId, state: PerUserMfaState) -> None:
        """Somebody else has set the person's state."""
        self.people[user] = replace(self.people[user], state=state)

    async def mfa_state(self, user: UserId) -> PerUserMfaState | Unknown:
        """The person's state, on one of the replicas."""
        answer = await super().mfa_state(user)
        older, until = self._older.get(user, (answer, self._clock.now()))
        if isinstance(answer, PerUserMfaState) and self._clock.now() < until and self._lags():
            self._watch.state_read(user, older, stale=older is not answer)
            return older
        self._watch.state_read(user, answer, stale=False)
        return answer

    def _lags(self) -> bool:
        return self.lag > timedelta(minutes=1) or self._replicas.random() < 0.5

    def register(self, user: UserId, method_type: MethodType) -> None:
        """The person registers a method."""
        state = self.people[user].state
        super().register(user, method_type)
        self._maybe_stay(user, state)

    def _only_we_block(self, user: UserId) -> bool:
        """Whether nobody else has blocked the account since we last did."""
        blockers = [by for who, _, by in self.blocks if who == user]
        return blockers[-1:] == [BlockedBy.US]

    def _maybe_stay(self, user: UserId, state: PerUserMfaState) -> None:
        if not self.moves_by_itself:
            self.people[user] = replace(self.people[user], state=state)

    async def methods(self, user: UserId) -> tuple[AuthenticationMethod, ...]:
        """The person's methods."""
        answer = await super().methods(user)
        self._watch.methods_read(user)
        return answer

    async def memberships(self, user: UserId) -> Memberships:
        """Which groups the person belongs to, on one of the replicas."""
        answer = await super().memberships(user)
        older, until = self._joined.get(user, (answer, self._clock.now()))
        told = older if self._clock.now() < until and self._lags() else answer
        if self.by_group is not None:
            state = self.by_group.state(Facts(memberships=told)) or Unknown("Nobody looked.")
            self._watch.state_read(user, state, stale=told is not answer)
        return told

    async def write(
        self,
        user: UserId,
        effect: Request,
        *,
        capability: Capability,
        lease: Lease,
        spender: Spender,
        approved: bool = False,
    ) -> None:
        """Make it so; the replicas follow."""
        announced_by = self._watch.about_to_write(
            user, effect, lease, registered=is_registered(self.people[user].methods)
        )
        if isinstance(effect, UnblockSignIn):
            self._watch.expect(self._only_we_block(user), "a block that is not ours is lifted")
        person, done = self.people[user], len(self.writes)
        if isinstance(effect, RegisterContact):
            self.prepared.append((person, effect, self._clock.now()))
        groups = await FakeDirectory.memberships(self, user) if self.members else None
        try:
            await super().write(
                user,
                effect,
                capability=capability,
                lease=lease,
                spender=spender,
                approved=approved,
            )
        finally:
            if len(self.writes) > done:
                until = self._clock.now() + self.lag
                if isinstance(effect, SetMfaState):
                    self._maybe_stay(user, effect.state)
                    self._older[user] = (person.state, until)
                if groups is not None:
                    self._joined[user] = (groups, until)
                self._watch.written(user, announced_by, person.state, self.people[user].state)
