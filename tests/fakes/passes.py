"""Temporary Access Passes in memory, on top of the directory in memory."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

from shared.application.ports.clock import Clock
from shared.application.ports.leases import Lease
from shared.domain.accounts import NoAccount
from shared.domain.authentication import AuthenticationMethod, MethodType, Unknown
from shared.domain.budgets.flows import Spender
from shared.domain.control import Capability
from shared.domain.errors import LifecycleError
from shared.domain.errors.control import BreakGlassMissing
from shared.domain.errors.directory import AccountNotVisible, RequestRejected
from shared.domain.errors.passes import TooManyPasses
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import CaseId, UserId
from shared.domain.passes.collecting import SignIn
from shared.domain.passes.given import Collection, GivenPass
from shared.domain.passes.methods_policy import (
    EVERYBODY,
    PASSES,
    MethodRule,
    MethodsPolicy,
    PassLimits,
    PassTerms,
)
from shared.domain.people.rulings import Impact
from shared.domain.secret import Secret
from tests.fakes.directory import FakeDirectory
from tests.fakes.person import Person
from tests.fakes.switch import Switch

ALLOWED = MethodRule(enabled=True, included=frozenset({EVERYBODY}), excluded=frozenset())
LIMITS = PassLimits(shortest=timedelta(hours=1), longest=timedelta(hours=8), once_only=False)


@dataclass
class FakePasses:
    """`Passes` in memory: one pass a person, and a new one takes the place of the old.

    Attributes:
        directory: the people.
        clock: says from when a pass counts.
        values: every pass that was ever made, by the id of its method.
        lost: what the next creations raise after they were done.
        unusable: why passes can't be used, where they can't.
        limits: within which passes are made.
    """

    directory: FakeDirectory
    clock: Clock
    values: dict[str, str] = field(default_factory=dict)
    lost: list[LifecycleError] = field(default_factory=list)
    unusable: str | None = None
    limits: PassLimits = LIMITS

    async def create(
        self,
        user: UserId,
        terms: PassTerms,
        *,
        impact: Impact,  # noqa: ARG002  (the port's guard rules by it)
        approved: bool,  # noqa: ARG002  (the port's guard judges it)
        capability: Capability,  # noqa: ARG002  (the port's guard reads it)
        lease: Lease,  # noqa: ARG002  (the port's guard confirms it)
        spender: Spender,  # noqa: ARG002  (budgets count by it)
    ) -> GivenPass:
        """Make one."""
        person = person_of(self.directory, user)
        if not self.limits.shortest <= terms.lifetime <= self.limits.longest:
            raise RequestRejected("The lifetime is outside the policy.")
        method = AuthenticationMethod(str(uuid4()), MethodType.TEMPORARY_ACCESS_PASS)
        value = secrets.token_urlsafe(12)
        self.values[method.method_id] = value
        self._set(user, (*_without_pass(person), method))
        if self.lost:
            raise self.lost.pop(0)
        now = self.clock.now()
        return GivenPass(
            value=Secret(value),
            starts_at=now,
            expires_at=now + terms.lifetime,
            usable_once=terms.usable_once,
            unusable=self.unusable,
        )

    async def delete(
        self,
        user: UserId,
        method_id: str,
        *,
        capability: Capability,  # noqa: ARG002  (the port's guard reads it)
        lease: Lease,  # noqa: ARG002  (the port's guard confirms it)
    ) -> None:
        """Remove one; one that is gone already is no error."""
        if user in self.directory.people:
            methods = self.directory.people[user].methods
            self._set(user, tuple(one for one in methods if one.method_id != method_id))

    def of(self, user: UserId) -> set[str]:
        """The passes with which a person could sign in."""
        return {
            self.values[method.method_id]
            for method in self.directory.people[user].methods
            if method.method_type is MethodType.TEMPORARY_ACCESS_PASS
        }

    def _set(self, user: UserId, methods: tuple[AuthenticationMethod, ...]) -> None:
        people = self.directory.people
        people[user] = replace(people[user], methods=methods)


def person_of(directory: FakeDirectory, user: UserId) -> Person:
    """What is true of a person whom the directory knows."""
    if user not in directory.people:
        raise AccountNotVisible("The fake has no such person.")
    return directory.people[user]


def _without_pass(person: Person) -> tuple[AuthenticationMethod, ...]:
    return tuple(
        method
        for method in person.methods
        if method.method_type is not MethodType.TEMPORARY_ACCESS_PASS
    )


@dataclass
class FakePassChecks:
    """`PassChecks` in memory.

    Attributes:
        directory: the people.
        rules: who may use which method.
        limits: of passes.
        elsewhere: people whom another identity provider signs in; `Unknown` where nobody can tell.
        members: people by group.
    """

    directory: FakeDirectory
    rules: dict[str, MethodRule] = field(default_factory=lambda: {PASSES: ALLOWED})
    limits: PassLimits = LIMITS
    elsewhere: dict[UserId, bool | Unknown] = field(default_factory=dict)
    members: dict[str, set[UserId]] = field(default_factory=dict)

    async def sign_in(self, user: UserId) -> SignIn | NoAccount:
        """How the person signs in."""
        account = await self.directory.find_account(user)
        if isinstance(account, NoAccount):
            return account
        return SignIn(
            enabled=account.enabled,
            guest=account.guest,
            federated=self.elsewhere.get(user, False),
        )

    async def policy(self) -> MethodsPolicy:
        """The policy."""
        return MethodsPolicy(rules=self.rules, limits=self.limits)

    async def groups_of(self, user: UserId, among: frozenset[str]) -> frozenset[str]:
        """Which of these groups the person is in."""
        person_of(self.directory, user)
        return frozenset(group for group in among if user in self.members.get(group, ()))


@dataclass
class FakeBreakGlass:
    """`BreakGlass` in memory.

    Attributes:
        missing: whether fewer than two entries resolve to accounts.
    """

    missing: bool = False

    async def check(self) -> None:
        """Return if two break-glass entries resolve to accounts."""
        if self.missing:
            raise BreakGlassMissing("The fake has none.")


class FakeCollections(Switch):
    """`Collections` in memory.

    Attributes:
        kept: the records.
        stuck: whether no record can be removed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stuck = False
        self.kept: dict[CaseId, Collection] = {}

    async def put(self, collection: Collection) -> None:
        """Keep a record, in place of the one there may be."""
        self.reach()
        self.kept[collection.case_id] = collection

    async def get(self, case_id: CaseId) -> Collection | None:
        """The record of a case."""
        self.reach()
        return self.kept.get(case_id)

    async def remove(self, case_id: CaseId) -> None:
        """Drop a record; one that is gone already is no error."""
        self.reach()
        if self.stuck:
            raise StoreUnavailable("The fake was told to remove nothing.")
        self.kept.pop(case_id, None)

    async def unfinished(self, most: int) -> tuple[Collection, ...]:
        """Up to `most` records."""
        self.reach()
        return tuple(self.kept.values())[:most]


class FakePassCounts(Switch):
    """`PassCounts` in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._taken: dict[str, list[datetime]] = {}

    async def take(self, by: str, now: datetime, most: int) -> None:
        """Count one more, unless the person has had so many in the hour before `now`."""
        self.reach()
        since = now - timedelta(hours=1)
        taken = [moment for moment in self._taken.get(by, []) if moment > since]
        if len(taken) >= most:
            raise TooManyPasses("That is the most.", retry_after=min(taken) - since)
        self._taken[by] = [*taken, now]
