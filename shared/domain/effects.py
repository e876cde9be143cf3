"""What can be changed in the directory: each effect with what proves it.

An effect is announced in its case, written through one guarded port, and believed only when the
fact that shows it was read back (safety rule S3).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.domain.accounts import NoAccount
from shared.domain.authentication import MethodType, PerUserMfaState, Unknown
from shared.domain.contacts import ContactKind
from shared.domain.facts import Fact, Facts
from shared.domain.ids import CaseId, GroupId
from shared.domain.people.rulings import Impact

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

_ABSENT: Final = "absent"


@dataclass(frozen=True, slots=True)
class SetMfaState:
    """The person gets this per-user MFA state.

    Attributes:
        state: which.
        unregistered: True where they are enforced though they have no method yet.
    """

    state: PerUserMfaState
    unregistered: bool = False

    @property
    def action(self) -> str:
        """What audit entries call it."""
        return _VERBS[self.state]

    @property
    def target(self) -> str:
        """The value that it aims at, for audit entries."""
        return self.state

    @property
    def impact(self) -> Impact:
        """What it comes to for the person."""
        if self.state is PerUserMfaState.DISABLED:
            return Impact.WEAKEN
        return Impact.ENFORCE_UNREGISTERED if self.unregistered else Impact.STRENGTHEN

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
class RevokeSessions:
    """Every session and refresh token that was begun before a moment is worth nothing any more.

    Attributes:
        since: that moment, in whole seconds as Graph tells it.
    """

    since: datetime

    @property
    def action(self) -> str:
        """What audit entries call it."""
        return "revoke-sessions"

    @property
    def impact(self) -> Impact:
        """What it comes to for the person."""
        return Impact.OFFBOARD

    @property
    def target(self) -> str:
        """The value that it aims at, for audit entries."""
        return f"valid from {self.since.isoformat()}"

    @property
    def proof(self) -> Fact:
        """What shows whether it holds."""
        return Fact.SESSIONS

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        read = facts.sessions
        return read.isoformat() if isinstance(read, datetime) else read

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return datetime.fromisoformat(value) >= self.since


@dataclass(frozen=True, slots=True)
class RemoveMethod:
    """The person loses an authentication method.

    Attributes:
        method_type: its kind, which decides how it is removed.
        method_id: Graph's id of it.
    """

    method_type: MethodType
    method_id: str

    @property
    def action(self) -> str:
        """What audit entries call it."""
        return "remove-method"

    @property
    def impact(self) -> Impact:
        """What it comes to for the person."""
        return Impact.OFFBOARD

    @property
    def target(self) -> str:
        """The value that it aims at, for audit entries."""
        return _ABSENT

    @property
    def proof(self) -> Fact:
        """What shows whether it holds."""
        return Fact.METHODS

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        if facts.methods is None:
            return None
        if isinstance(facts.methods, NoAccount):
            return Unknown(
                "The directory does not show the person, so it shows no method of theirs."
            )
        there = any(method.method_id == self.method_id for method in facts.methods)
        return self.method_type if there else _ABSENT

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == _ABSENT


@dataclass(frozen=True, slots=True)
class AddToGroup:
    """The person becomes a member of a group.

    Attributes:
        group: which.
        unregistered: True where they are enforced by it though they have no method yet.
    """

    group: GroupId
    unregistered: bool = False

    @property
    def action(self) -> str:
        """What audit entries call it."""
        return "join-group"

    @property
    def target(self) -> str:
        """The value that it aims at, for audit entries."""
        return _member(self.group)

    @property
    def impact(self) -> Impact:
        """What it comes to for the person."""
        return Impact.ENFORCE_UNREGISTERED if self.unregistered else Impact.STRENGTHEN

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
    def impact(self) -> Impact:
        """What it comes to for the person."""
        return Impact.WEAKEN

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
    def impact(self) -> Impact:
        """What it comes to for the person."""
        return Impact.STRENGTHEN

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


Effect = (
    SetMfaState | RevokeSessions | RemoveMethod | AddToGroup | RemoveFromGroup | RegisterContact
)
"""Any effect."""

EFFECTS: Final[dict[str, type[Effect]]] = {
    "set-mfa-state": SetMfaState,
    "revoke-sessions": RevokeSessions,
    "remove-method": RemoveMethod,
    "add-to-group": AddToGroup,
    "remove-from-group": RemoveFromGroup,
    "register-contact": RegisterContact,
}
"""The effects by the names under which changes are stored."""
