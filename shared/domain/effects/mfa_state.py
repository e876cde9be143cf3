"""Changing the per-user MFA state."""

from dataclasses import dataclass
from typing import ClassVar, Final

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.facts import Fact, Facts
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


@dataclass(frozen=True, slots=True)
class SetMfaState:
    """The person gets this per-user MFA state.

    Attributes:
        state: which.
        unregistered: True where they are enforced though they have no method yet.
    """

    proof: ClassVar = Fact.MFA_STATE

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

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        return facts.mfa_state

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value in _ACCEPTED[self.state]
