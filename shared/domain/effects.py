"""What can be changed in the directory: each effect with what proves it.

An effect is announced in its case, written through one guarded port, and believed only when the
fact that shows it was read back (safety rule S3).
"""

from dataclasses import dataclass
from typing import Final

from shared.domain.accounts import NoAccount
from shared.domain.authentication import MethodType, PerUserMfaState, Unknown
from shared.domain.contacts import ContactKind
from shared.domain.facts import Fact, Facts
from shared.domain.ids import CaseId, GroupId

_VERBS: Final = {
    PerUserMfaState.DISABLED: "disable",
    PerUserMfaState.ENABLED: "enable",
    PerUserMfaState.ENFORCED: "enforce",
}

_ACCEPTED: Final = {
    PerUserMfaState.DISABLED: {PerUserMfaState.DISABLED},
    # An account that has a method moves on to `enforced` by itself as soon as it is enabled:
    # https://learn.microsoft.com/graph/api/authentication-update
    PerUserMfaState.ENABLED: {PerUserMfaState.ENABLED, PerUserMfaState.ENFORCED},
    PerUserMfaState.ENFORCED: {PerUserMfaState.ENFORCED},
}


@dataclass(frozen=True, slots=True)
class SetMfaState:
    """The person gets this per-user MFA state."""

    state: PerUserMfaState

    @property
    def action(self) -> str:
        """What audit entries call it."""
        return _VERBS[self.state]

    @property
    def target(self) -> str:
        """The value that it aims at, for audit entries."""
        return self.state

    @property
    def proof(self) -> Fact:
        """What shows whether it holds."""
        return Fact.MFA_STATE

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        return facts.mfa_state

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value in _ACCEPTED[self.state]


@dataclass(frozen=True, slots=True)
class AddToGroup:
    """The person becomes a member of a group."""

    group: GroupId

    @property
    def action(self) -> str:
        """What audit entries call it."""
        return "join-group"

    @property
    def target(self) -> str:
        """The value that it aims at, for audit entries."""
        return _member(self.group)

    @property
    def proof(self) -> Fact:
        """What shows whether it holds."""
        return Fact.MEMBERSHIPS

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        return _membership(self.group, facts)

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == self.target


@dataclass(frozen=True, slots=True)
class RemoveFromGroup:
    """The person is no member of a group any more."""

    group: GroupId

    @property
    def action(self) -> str:
        """What audit entries call it."""
        return "leave-group"

    @property
    def target(self) -> str:
        """The value that it aims at, for audit entries."""
        return _no_member(self.group)

    @property
    def proof(self) -> Fact:
        """What shows whether it holds."""
        return Fact.MEMBERSHIPS

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        return _membership(self.group, facts)

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == self.target


@dataclass(frozen=True, slots=True)
class RegisterContact:
    """The person gets an authentication method, made of contact data that HR told.

    It names the case that the data is kept for and not the data, because effects are stored.
    """

    contact: ContactKind
    case_id: CaseId

    @property
    def action(self) -> str:
        """What audit entries call it."""
        return f"prepare-{self.contact}"

    @property
    def target(self) -> str:
        """The value that it aims at, for audit entries."""
        return "registered"

    @property
    def proof(self) -> Fact:
        """What shows whether it holds."""
        return Fact.METHODS

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        if facts.methods is None:
            return None
        if isinstance(facts.methods, NoAccount):
            return Unknown("The directory does not know the person.")
        wanted = METHOD_OF[self.contact]
        found = any(method.method_type is wanted for method in facts.methods)
        return self.target if found else "not registered"

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == self.target


METHOD_OF: Final = {
    ContactKind.EMAIL: MethodType.EMAIL,
    ContactKind.MOBILE: MethodType.PHONE,
}
"""The authentication method that contact data becomes."""


def _member(group: GroupId) -> str:
    return f"member of {group}"


def _no_member(group: GroupId) -> str:
    return f"not a member of {group}"


def _membership(group: GroupId, facts: Facts) -> str | Unknown | None:
    if facts.memberships is None:
        return None
    match facts.memberships.of(group):
        case Unknown() as unknown:
            return unknown
        case True:
            return _member(group)
        case False:
            return _no_member(group)


Effect = SetMfaState | AddToGroup | RemoveFromGroup | RegisterContact
"""Any effect."""

EFFECTS: Final[dict[str, type[Effect]]] = {
    "set-mfa-state": SetMfaState,
    "add-to-group": AddToGroup,
    "remove-from-group": RemoveFromGroup,
    "register-contact": RegisterContact,
}
"""The effects by the names under which changes are stored."""
