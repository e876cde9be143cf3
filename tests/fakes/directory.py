"""A directory in memory."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import assert_never
from uuid import uuid4

from shared.application.ports.leases import Lease
from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import (
    AuthenticationMethod,
    MethodType,
    PerUserMfaState,
    Unknown,
    is_registered,
)
from shared.domain.control import Capability
from shared.domain.effects import Effect, SetMfaState
from shared.domain.errors import AccountNotVisible, LifecycleError
from shared.domain.ids import EmployeeId, UserId, UserPrincipalName
from shared.domain.people.standing import is_synchronisation_account

BORN = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""When everybody's account was made."""

PASSWORD = AuthenticationMethod("28c10230-6103-485e-b985-444c60001490", MethodType.PASSWORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is true of a person."""

    account: Account
    name: UserPrincipalName
    state: PerUserMfaState = PerUserMfaState.DISABLED
    methods: tuple[AuthenticationMethod, ...] = (PASSWORD,)


@dataclass
class FakeDirectory:
    """`Directory`, `EmployeeNumbers` and `DirectoryWrites` in memory, with Entra's habits.

    Attributes:
        people: what is true, by object id.
        writes: every write that was asked for and done, in order.
        troubles: what the next calls raise, in order; None lets a call through.
        lost: what the next writes raise after they were done.
        unknown: people whose state the directory does not tell.
    """

    people: dict[UserId, Person] = field(default_factory=dict)
    writes: list[tuple[UserId, Effect]] = field(default_factory=list)
    troubles: list[LifecycleError | None] = field(default_factory=list)
    lost: list[LifecycleError] = field(default_factory=list)
    unknown: set[UserId] = field(default_factory=set)

    def add(
        self,
        name: str,
        *,
        enabled: bool = True,
        guest: bool = False,
        employee_id: str | None = None,
        display_name: str = "A. Person",
        user_id: str | None = None,
    ) -> UserId:
        """Let a person appear; returns the object id."""
        user = UserId(user_id or str(uuid4()))
        self.people[user] = Person(
            account=Account(
                user_id=user,
                enabled=enabled,
                guest=guest,
                employee_id=None if employee_id is None else EmployeeId(employee_id),
                created_at=BORN,
                service=is_synchronisation_account(name, display_name),
            ),
            name=UserPrincipalName(name),
        )
        return user

    def remove(self, user: UserId) -> None:
        """Let a person disappear."""
        del self.people[user]

    def register(self, user: UserId, method_type: MethodType) -> None:
        """The person registers a method; whoever is enabled is then enforced, as in Entra."""
        person = self.people[user]
        method = AuthenticationMethod(str(uuid4()), method_type)
        self.people[user] = _settled(replace(person, methods=(*person.methods, method)))

    async def find_account(self, who: UserId | UserPrincipalName) -> Account | NoAccount:
        """The account with this object id or sign-in name, in any case."""
        self._trouble()
        for user, person in self.people.items():
            if who.casefold() in (user.casefold(), person.name.casefold()):
                return person.account
        return NoAccount()

    async def accounts_of(self, employee: EmployeeId) -> tuple[Account, ...]:
        """The accounts with this employee id, in any case."""
        self._trouble()
        accounts = (person.account for person in self.people.values())
        wanted = employee.casefold()
        return tuple(one for one in accounts if (one.employee_id or "").casefold() == wanted)

    async def mfa_state(self, user: UserId) -> PerUserMfaState | Unknown:
        """The person's per-user MFA state."""
        self._trouble()
        person = self._person(user)
        if user in self.unknown:
            return Unknown("The fake was told not to tell.")
        return person.state

    async def methods(self, user: UserId) -> tuple[AuthenticationMethod, ...]:
        """The person's methods."""
        self._trouble()
        return self._person(user).methods

    async def write(
        self,
        user: UserId,
        effect: Effect,
        *,
        capability: Capability,  # noqa: ARG002  (the port's guard reads it)
        lease: Lease,  # noqa: ARG002  (the port's guard confirms it)
        approved: bool = False,  # noqa: ARG002  (the port's guard rules)
    ) -> None:
        """Make it so; whoever is registered goes on to enforced at once, as in Entra."""
        self._trouble()
        match effect:
            case SetMfaState(state=state):
                self.people[user] = _settled(replace(self._person(user), state=state))
            case _:
                assert_never(effect)
        self.writes.append((user, effect))
        if self.lost:
            raise self.lost.pop(0)

    def _person(self, user: UserId) -> Person:
        if user not in self.people:
            raise AccountNotVisible("The fake has no such person.")
        return self.people[user]

    def _trouble(self) -> None:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None:
            raise trouble


def _settled(person: Person) -> Person:
    if person.state is PerUserMfaState.ENABLED and is_registered(person.methods):
        return replace(person, state=PerUserMfaState.ENFORCED)
    return person
