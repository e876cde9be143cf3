"""Whether what a person has registered is good for the MFA that is required of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.strengths import Strength
from shared.domain.posture.means import (
    ONE_MACHINE,
    PHISHING_RESISTANT,
    PORTABLE,
    TELEPHONY,
    Means,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a person has registered.

    Attributes:
        means: what it is.
        capable: whether the tenant's policy lets them use it for MFA; None where only the live list
            was read, which does not tell: it is taken for allowed then.
        keys: the models (AAGUIDs, in small letters) of their passkeys; None where they are not
            told, as in the report.
    """

    means: frozenset[Means] = frozenset()
    capable: bool | None = True
    keys: frozenset[str] | None = None


class Readiness(Enum):
    """What a person can do who is asked for MFA."""

    NOTHING = "nothing"
    """Register first: so can whoever holds the password."""
    PASS = "pass"  # noqa: S105  (no password)
    """Use a Temporary Access Pass, as long as it lasts, and nothing else."""
    NOT_ALLOWED = "not-allowed"
    """They registered something that the tenant does not let them use."""
    ONE_MACHINE = "one-machine"
    """Sign in on one machine."""
    TELEPHONY = "telephony"
    """Be texted or called, which Microsoft retires."""
    UNMET = "unmet"
    """Do MFA, but not in the strength that a policy asks for."""
    READY = "ready"
    """Do MFA wherever it is asked for."""
    RESISTANT = "phishing-resistant"
    """The same, also in a way that nobody can phish."""


_ABLE: Final = frozenset({Readiness.READY, Readiness.RESISTANT})
_BETTER: Final = {Readiness.RESISTANT: frozenset[Readiness](), Readiness.READY: _ABLE}
"""What something unrecognised may add for who can do MFA without it."""


def readiness(
    registration: Registration | Unknown,
    asked: Iterable[Strength],
    perhaps: Iterable[Strength] | Unknown,
) -> frozenset[Readiness]:
    """What a person can do, or all that it may be where that is not known.

    Args:
        registration: what they have registered.
        asked: the strengths that are surely asked of them.
        perhaps: those that may be asked of them as well.
    """
    if isinstance(registration, Unknown):
        return frozenset(Readiness)
    found = {_plainly(registration)}
    if Means.UNRECOGNISED in registration.means:
        # It may be better than what else there is, and takes nothing away from that.
        found |= _BETTER.get(_plainly(registration), {Readiness.TELEPHONY, *_ABLE})
    if found.isdisjoint(_ABLE):
        return frozenset(found)
    sure = [reaches(registration, strength) for strength in asked]
    if any(answers == {False} for answers in sure):
        return frozenset({*found, Readiness.UNMET} - _ABLE)
    if isinstance(perhaps, Unknown):
        return frozenset({*found, Readiness.UNMET})
    possible = [*sure, *(reaches(registration, strength) for strength in perhaps)]
    if any(False in answers for answers in possible):
        found.add(Readiness.UNMET)
    return frozenset(found)


def reaches(registration: Registration, strength: Strength) -> frozenset[bool]:
    """Whether what is registered reaches a strength: yes, no, or both where nobody can tell."""
    reached = {
        combination
        for means in registration.means
        for combination in means.combinations
        if combination in strength.combinations
    }
    passkey, sure = frozenset({"fido2"}), reached - strength.doubtful
    if sure - {passkey} or (sure and strength.keys is None):
        return frozenset({True})
    if Means.UNRECOGNISED in registration.means:
        return frozenset({True, False})
    if not reached:
        return frozenset({False})
    if sure and registration.keys is None:
        return frozenset({True, False})
    if sure and not (registration.keys or frozenset()).isdisjoint(strength.keys or frozenset()):
        return frozenset({True})
    return frozenset({True, False} if reached != sure else {False})


def _plainly(registration: Registration) -> Readiness:
    means = registration.means
    if registration.capable is False and means & (PORTABLE | TELEPHONY | ONE_MACHINE):
        return Readiness.NOT_ALLOWED
    if means & PORTABLE:
        return Readiness.RESISTANT if means & PHISHING_RESISTANT & PORTABLE else Readiness.READY
    if means & TELEPHONY:
        return Readiness.TELEPHONY
    if means & ONE_MACHINE:
        return Readiness.ONE_MACHINE
    return Readiness.PASS if Means.PASS in means else Readiness.NOTHING
