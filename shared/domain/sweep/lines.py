"""What a sweep keeps of everybody: the verdict, and the facts that it followed from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.alive import Alive
from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.ids import UserId
from shared.domain.posture.exposure import Exposure, exposure_of
from shared.domain.posture.judging import Door
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict


class Cause(StrEnum):
    """What made a verdict another one than the time before."""

    NEW_PERSON = "new-person"
    POLICIES = "policies-changed"
    """Conditional Access, security defaults, named locations or authentication strengths."""
    GROUPS = "groups-changed"
    ROLES = "roles-changed"
    STATE = "per-user-state-changed"
    METHODS = "methods-changed"
    EXEMPTION = "exemption-changed"
    GRACE = "grace-ended"
    LICENCE = "licence-lost"
    """The tenant has no registration report any more."""
    TRUST = "trust-changed"
    """MFA that somebody does elsewhere is trusted, or is not any more."""
    BREAK_GLASS = "break-glass-changed"
    READING = "reading"
    """Something could not be read, or can be read again: the person may be as they were."""
    GONE = "gone"
    """The account was deleted or blocked."""
    SEVERAL = "several"
    """None of these alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a run found about a person.

    Attributes:
        person: the facts.
        sign_in_name: their user principal name when they were read.
        department: where they work.
        guest: which kind of guest they are.
        licensed: whether any licence is assigned to them.
        numbered: whether they have an employee id.
        verdict: whether they are protected.
        reasons: why.
        since: since which run the verdict is the same.
        cause: what made it another one then; None in the first run.
        legacy: whether old clients get in with their password.
        app_passwords: whether they get in with an app password.
        alive: how many app passwords they have, by the ledger.
        sspr_registered: whether they have what a self-service password reset takes.
        sspr_enabled: whether they may reset their password themselves.
        sspr_capable: both.
        earlier: the last verdict before that said something, where this one says nothing.
    """

    person: Person
    sign_in_name: str
    department: str
    guest: GuestKind | None
    licensed: bool
    numbered: bool
    verdict: Verdict
    reasons: tuple[Reason, ...]
    since: datetime
    cause: Cause | None
    legacy: Door
    app_passwords: Door
    alive: Alive = Alive()  # noqa: RUF009  (it is frozen)
    sspr_registered: bool | None
    sspr_enabled: bool | None
    sspr_capable: bool | None
    earlier: Verdict | None = None

    @property
    def user_id(self) -> UserId:
        """Who."""
        return self.person.belonging.user_id

    @property
    def exposure(self) -> Exposure:
        """Whether their app passwords are a way in."""
        return exposure_of(self.app_passwords, self.alive.shown)

    @property
    def is_finding(self) -> bool:
        """Whether it is to be mended; nothing unknown is, nor a new hire in their grace."""
        return self.verdict in _TO_BE_MENDED and says_something(self.verdict, self.reasons)

    @property
    def known(self) -> Verdict | None:
        """The last verdict that said something; None where there was none yet."""
        return self.verdict if says_something(self.verdict, self.reasons) else self.earlier

    @property
    def privileged(self) -> bool:
        """Whether they are known to hold a directory role, or to be able to; or to be break-glass.

        It puts people in order and decides nothing else: of whom nobody can tell it is not so.
        """
        belonging = self.person.belonging
        roles = (belonging.roles, belonging.could_hold)
        return self.person.break_glass or any(isinstance(one, frozenset) and one for one in roles)


def says_something(verdict: Verdict, reasons: Iterable[Reason]) -> bool:
    """Whether a verdict says how it stands with somebody: not where it is unknown, nor in grace."""
    in_grace = any(reason.code is ReasonCode.IN_GRACE for reason in reasons)
    return verdict is not Verdict.UNKNOWN and not in_grace


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A verdict that is another one than in the run before, or that counts from now on.

    Attributes:
        user_id: who.
        at: when the run began.
        before: the verdict before; None for a person whom no run has seen.
        after: the verdict now; None for somebody who is gone.
        cause: what made it so.
        codes: the codes of the reasons now.
        known: the last verdict before that said something, however long ago; None where none did.
        privileged: whether they are known to hold a directory role, or to be break-glass.
    """

    user_id: UserId
    at: datetime
    before: Verdict | None
    after: Verdict | None
    cause: Cause
    codes: tuple[ReasonCode, ...] = ()
    known: Verdict | None = None
    privileged: bool = False

    @property
    def is_loss(self) -> bool:
        """Whether a person who was protected, or exempt, is so no more; grace is no loss.

        It is one as soon as it is known. So nothing is lost to an unknown verdict, and what was
        lost meanwhile is told after it.
        """
        was_fine = self.known in {Verdict.PROTECTED, Verdict.EXEMPT}
        in_grace = ReasonCode.IN_GRACE in self.codes
        return was_fine and self.after in _TO_BE_MENDED and not in_grace

    @property
    def weight(self) -> tuple[bool, bool, UserId]:
        """By which the gravest comes first: the privileged, then whom nothing protects any more."""
        return (not self.privileged, self.after is not Verdict.UNPROTECTED, self.user_id)


_TO_BE_MENDED: Final = frozenset({Verdict.WEAK, Verdict.UNPROTECTED})
