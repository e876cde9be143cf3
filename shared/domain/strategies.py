"""The two ways to require MFA of a person, behind one face.

Microsoft says not to run per-user MFA beside Conditional Access, so a tenant has one or the other:
https://learn.microsoft.com/entra/identity/authentication/howto-mfa-userstates
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.effects import Effect
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.facts import Fact, Facts
from shared.domain.ids import GroupId


class StrategyName(StrEnum):
    """The strategies, as the setting names them."""

    PER_USER = "per-user"
    GROUP = "group"


class Strategy(Protocol):
    """What enables, enforces and exempts a person, and what shows where they stand.

    Where a person stands is told in the words of per-user MFA, whichever the strategy.
    """

    @property
    def fact(self) -> Fact:
        """What has to be read to know where a person stands."""
        ...

    def state(self, facts: Facts) -> PerUserMfaState | Unknown | None:
        """Where the person stands; None where nobody looked yet."""
        ...

    @property
    def enable(self) -> Effect:
        """The person is asked to register."""
        ...

    @property
    def enforce(self) -> Effect:
        """MFA is required of the person."""
        ...

    @property
    def enforce_unregistered(self) -> Effect:
        """The same of a person who has no method yet, which the guards weigh as such."""
        ...

    @property
    def exempt(self) -> Effect:
        """MFA is no longer required of the person."""
        ...

    def put_back(self, *, registered: bool) -> Effect:
        """What ends an exemption of somebody who is registered now, or is not."""
        ...


@dataclass(frozen=True, slots=True)
class PerUser:
    """Per-user MFA: the account's own state."""

    @property
    def fact(self) -> Fact:
        """The account's state."""
        return Fact.MFA_STATE

    def state(self, facts: Facts) -> PerUserMfaState | Unknown | None:
        """As the account says."""
        return facts.mfa_state

    @property
    def enable(self) -> Effect:
        """`enabled`."""
        return SetMfaState(PerUserMfaState.ENABLED)

    @property
    def enforce(self) -> Effect:
        """`enforced`."""
        return SetMfaState(PerUserMfaState.ENFORCED)

    @property
    def enforce_unregistered(self) -> Effect:
        """`enforced`, at the next sign-in."""
        return SetMfaState(PerUserMfaState.ENFORCED, unregistered=True)

    @property
    def exempt(self) -> Effect:
        """`disabled`."""
        return SetMfaState(PerUserMfaState.DISABLED)

    def put_back(self, *, registered: bool) -> Effect:
        """`enforced`, or `enabled`: who is not registered is asked to register, not locked out."""
        return self.enforce if registered else self.enable


@dataclass(frozen=True, slots=True, kw_only=True)
class ByGroup:
    """Membership of groups that Conditional Access policies target; per-user MFA is left alone.

    Attributes:
        registration: its members are asked to register.
        enforcement: MFA is required of its members.
    """

    registration: GroupId
    enforcement: GroupId

    @property
    def fact(self) -> Fact:
        """Who belongs to what."""
        return Fact.MEMBERSHIPS

    def state(self, facts: Facts) -> PerUserMfaState | Unknown | None:
        """By the group that asks for most; unknown where a group that decides can't be read."""
        if facts.memberships is None:
            return None
        for group, state in (
            (self.enforcement, PerUserMfaState.ENFORCED),
            (self.registration, PerUserMfaState.ENABLED),
        ):
            match facts.memberships.of(group):
                case Unknown() as unknown:
                    return unknown
                case True:
                    return state
                case False:
                    pass
        return PerUserMfaState.DISABLED

    @property
    def enable(self) -> Effect:
        """Into the registration group."""
        return AddToGroup(self.registration)

    @property
    def enforce(self) -> Effect:
        """Into the enforcement group."""
        return AddToGroup(self.enforcement)

    @property
    def enforce_unregistered(self) -> Effect:
        """Into the enforcement group."""
        return AddToGroup(self.enforcement, unregistered=True)

    @property
    def exempt(self) -> Effect:
        """Out of the enforcement group: being asked to register is no requirement at sign-in."""
        return RemoveFromGroup(self.enforcement)

    def put_back(self, *, registered: bool) -> Effect:  # noqa: ARG002  (all come from one group)
        """Back into the enforcement group, which everybody who is exempt was taken out of."""
        return self.enforce


PER_USER: Final = PerUser()
