"""Counts of what a run found."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import NamedTuple

from shared.domain.alive import Shown
from shared.domain.authentication import Unknown
from shared.domain.posture.judging import Door
from shared.domain.posture.means import PORTABLE, TELEPHONY, Means
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.posture.registration import Registration
from shared.domain.sweep.lines import Cause, Change, Line
from shared.domain.sweep.mending import Mend, mend_for


class InDepartment(NamedTuple):
    """A verdict of people of a department, whose name may be empty."""

    department: str
    verdict: Verdict


class BehindDoor(NamedTuple):
    """What the ledger shows of people, and whether old clients get in with their app passwords."""

    shown: Shown
    door: Door


class Move(NamedTuple):
    """From one verdict to another; None for people whom no run had seen, or who are gone."""

    cause: Cause
    before: Verdict | None
    after: Verdict | None


class NoMeans(StrEnum):
    """What is counted of people of whom no method is known."""

    NONE = "none"
    """They have registered nothing."""
    UNKNOWN = "unknown"
    """Nobody can tell what they have registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many people there are of each kind, which adds up over the parts of a tenant.

    Attributes:
        verdicts: of each verdict.
        departments: of each verdict in each department.
        findings: to be mended.
        reasons: of whom a reason is true.
        mends: whom the sweep can have taken up again.
        legacy: behind whose passwords old clients get in, or not.
        app_passwords: behind whose app passwords they do, or not.
        ledger: of whom the ledger of app passwords shows something.
        methods: who have registered a method.
        telephony_only: who have SMS or voice calls only.
        sspr_registered: who have what a self-service password reset takes; None is unknown.
        sspr_enabled: who may reset their password themselves, likewise.
        sspr_capable: of whom both is true, likewise.
        moves: whose verdict is another one than before.
        lost: who lost protection.
        left_out: accounts that were not judged.
        uncompared: parts of the tenant of which nobody can tell what changed.
    """

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    departments: Counter[InDepartment] = field(default_factory=Counter)
    findings: int = 0
    reasons: Counter[ReasonCode] = field(default_factory=Counter)
    mends: Counter[Mend] = field(default_factory=Counter)
    legacy: Counter[Door] = field(default_factory=Counter)
    app_passwords: Counter[Door] = field(default_factory=Counter)
    ledger: Counter[BehindDoor] = field(default_factory=Counter)
    methods: Counter[Means | NoMeans] = field(default_factory=Counter)
    telephony_only: int = 0
    sspr_registered: Counter[bool | None] = field(default_factory=Counter)
    sspr_enabled: Counter[bool | None] = field(default_factory=Counter)
    sspr_capable: Counter[bool | None] = field(default_factory=Counter)
    moves: Counter[Move] = field(default_factory=Counter)
    lost: int = 0
    left_out: int = 0
    uncompared: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        """Those of two parts together."""
        names = [one.name for one in fields(self)]
        return Totals(**{name: getattr(self, name) + getattr(other, name) for name in names})


def totals_of(
    lines: Sequence[Line], changes: Sequence[Change], *, left_out: int, uncompared: bool = False
) -> Totals:
    """What there is to count of a part.

    Args:
        lines: everybody in it.
        changes: whose verdict is another one than before.
        left_out: how many accounts were not judged.
        uncompared: whether nobody can tell what changed, because the run before can't be read.
    """
    mends = map(mend_for, lines)
    registrations = [line.person.registration for line in lines]
    return Totals(
        verdicts=Counter(line.verdict for line in lines),
        departments=Counter(InDepartment(line.department, line.verdict) for line in lines),
        findings=sum(line.is_finding for line in lines),
        reasons=Counter(code for line in lines for code in {one.code for one in line.reasons}),
        mends=Counter(mend for mend in mends if mend is not None),
        legacy=Counter(line.legacy for line in lines),
        app_passwords=Counter(line.app_passwords for line in lines),
        ledger=Counter(
            BehindDoor(line.alive.shown, line.app_passwords)
            for line in lines
            if line.alive.shown is not Shown.UNKNOWN
        ),
        methods=Counter(means for one in registrations for means in _counted_as(one)),
        telephony_only=sum(map(_is_telephony_only, registrations)),
        sspr_registered=Counter(line.sspr_registered for line in lines),
        sspr_enabled=Counter(line.sspr_enabled for line in lines),
        sspr_capable=Counter(line.sspr_capable for line in lines),
        moves=Counter(Move(one.cause, one.before, one.after) for one in changes),
        lost=sum(one.is_loss for one in changes),
        left_out=left_out,
        uncompared=int(uncompared),
    )


def _counted_as(registration: Registration | Unknown) -> Iterable[Means | NoMeans]:
    if isinstance(registration, Unknown):
        return (NoMeans.UNKNOWN,)
    return registration.means or (NoMeans.NONE,)


def _is_telephony_only(registration: Registration | Unknown) -> bool:
    if isinstance(registration, Unknown):
        return False
    return bool(registration.means & TELEPHONY) and not registration.means & PORTABLE
