"""What may be done about a person: allowed, after an approval, or not at all (safety rule S2)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from shared.domain.authentication import Unknown
from shared.domain.errors import LifecycleError
from shared.domain.errors.people import (
    AccountDisabled,
    ExcludedAccount,
    GuestAccount,
    ProtectedAccount,
    ServiceAccount,
)
from shared.domain.people.standing import Privilege, Standing


class Impact(StrEnum):
    """What a change comes to for the person."""

    STRENGTHEN = "strengthen"
    """Enable, enforce somebody who is registered, join a group that prepares."""
    PREPARE = "prepare"
    """Register contact data that HR told: who reads that mail and holds that phone is let in."""
    ENFORCE_UNREGISTERED = "enforce-unregistered"
    """Enforce somebody who has no method yet: it may lock them out."""
    WEAKEN = "weaken"
    """Remove methods, disable, exempt."""
    GIVE_PASS = "give-pass"  # noqa: S105  (what is done, not a password)
    """Let somebody sign in without a method of theirs."""
    CONTAIN = "contain"
    """Take methods, sessions and sign-in from somebody whose device is lost."""
    READMIT = "readmit"
    """Lift a block that a reset has put on the account."""
    OFFBOARD = "offboard"
    """Revoke the sessions, methods and groups of somebody who has left."""

    @property
    def depends_on_privilege(self) -> bool:
        """Whether privileged people need an approval for it. Nobody need ask where they don't."""
        return self is not Impact.STRENGTHEN

    @property
    def suits_disabled(self) -> bool:
        """Whether it is meant for accounts whose sign-in is blocked, too."""
        return self in {Impact.OFFBOARD, Impact.CONTAIN, Impact.READMIT}


@dataclass(frozen=True, slots=True)
class Allowed:
    """Nothing stands in the way."""


@dataclass(frozen=True, slots=True)
class NeedsApproval:
    """A second person has to agree first.

    Attributes:
        reason: why, for the one who decides.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It is not done, whoever agrees.

    Attributes:
        error: what to raise.
    """

    error: LifecycleError


Ruling = Allowed | NeedsApproval | Refused


def ruling(impact: Impact, standing: Standing) -> Ruling:
    """Whether a change of this impact on a person is allowed."""
    error = _refusal(impact, standing)
    if error is not None:
        return Refused(error)
    if not impact.depends_on_privilege:
        return Allowed()
    match standing.privilege:
        case Privilege.NONE:
            return Allowed()
        case Unknown(reason):
            return NeedsApproval(f"Nobody can tell whether the person is privileged: {reason}")
        case Privilege() as by:
            return NeedsApproval(f"The person is privileged ({by}).")
        case _:
            assert_never(standing.privilege)


def _refusal(impact: Impact, standing: Standing) -> LifecycleError | None:
    if standing.protected:
        return ProtectedAccount("A break-glass account is never changed.")
    if standing.excluded:
        return ExcludedAccount("The person is on the list of exclusions.")
    if standing.guest:
        return GuestAccount("The account is a guest.")
    if standing.service:
        return ServiceAccount("The account belongs to directory synchronisation.")
    if standing.disabled and not impact.suits_disabled:
        return AccountDisabled("The account is blocked.")
    return None
