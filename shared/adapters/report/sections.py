"""What stands in the sections of the report, in numbers and bars."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.adapters.report.bars import Bar, Part, bar
from shared.adapters.report.words import DOOR_KINDS, DOORS, EXPOSURES, LEDGER, METHODS, VERDICTS
from shared.domain.posture.judging import Door
from shared.domain.posture.meanings import MEANINGS, Meaning
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.breakdowns import (
    departments_of,
    exposures_of,
    ledger_of,
    moved_in,
    reasons_of,
)
from shared.domain.sweep.explaining import CAUSES
from shared.domain.sweep.totals import Totals

DEPARTMENTS_SHOWN: Final = 40
CHANGES_SHOWN: Final = 25
MENDABLE: Final = (
    ReasonCode.NOT_REQUIRED,
    ReasonCode.ENABLED_NOT_ENFORCED,
    ReasonCode.GAP,
    ReasonCode.NOT_REGISTERED,
    ReasonCode.NOT_CAPABLE,
    ReasonCode.ONE_MACHINE_ONLY,
    ReasonCode.PASS_ONLY,
    ReasonCode.TELEPHONY_ONLY,
    ReasonCode.STRENGTH_NOT_MET,
    ReasonCode.BREAK_GLASS_NOT_RESISTANT,
    ReasonCode.EXEMPTION_OVERDUE,
)
"""What somebody can mend; who may, the meaning of each says."""
DOUBTS: Final = tuple(
    code for code in ReasonCode if code is ReasonCode.UNSEEN or code.value.startswith("unknown-")
)
"""Why nobody can tell."""
_ANSWERS: Final = {
    True: (Verdict.PROTECTED, "Yes"),
    False: (Verdict.UNPROTECTED, "No"),
    None: (Verdict.UNKNOWN, "Unknown"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A thing, with how many people it is true of.

    Attributes:
        code: its code.
        meaning: what it means, and what mends it.
        people: how many.
        bar: how many that is of all.
    """

    code: str
    meaning: Meaning
    people: int
    bar: Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """People whose verdict is another one than before, for the same cause.

    Attributes:
        direction: `lost` or `gained` protection, or neither.
        text: the cause in words.
        remedy: what to do about it.
        before: the verdict before; None where no run had seen them.
        after: the verdict now; None where they are gone.
        people: how many.
    """

    direction: str
    text: str
    remedy: str
    before: Verdict | None
    after: Verdict | None
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A department, a method, or another thing with a bar.

    Attributes:
        name: what it is called.
        bar: its bar.
        people: how many people are in it.
        amiss: how many of them are weak or unprotected.
    """

    name: str
    bar: Bar
    people: int
    amiss: int = 0


def by_verdict(counts: Mapping[Verdict, int]) -> Bar:
    """A bar of verdicts."""
    return bar(Part(kind=one, label=label, count=counts[one]) for one, label in VERDICTS.items())


def reasons(totals: Totals, codes: Iterable[ReasonCode], people: int) -> tuple[Counted, ...]:
    """The reasons among these that are true of anybody, of the most people first."""
    found = reasons_of(totals)
    counted = sorted((-found[code], code) for code in codes if code in found)
    return tuple(
        Counted(
            code=code,
            meaning=MEANINGS[code],
            people=-count,
            bar=bar([Part(kind="plain", label="People", count=-count)], of=people),
        )
        for count, code in counted
    )


def shifts(totals: Totals) -> tuple[Shift, ...]:
    """What changed: protection that was lost first, then the most people."""
    found = [
        Shift(
            direction=_direction(one.before, one.after),
            text=CAUSES[one.cause].text,
            remedy=CAUSES[one.cause].remedy,
            before=one.before,
            after=one.after,
            people=one.people,
        )
        for one in moved_in(totals)
    ]
    order = ("lost", "gained", "other")
    return tuple(sorted(found, key=lambda one: (order.index(one.direction), -one.people)))


def _direction(before: Verdict | None, after: Verdict | None) -> str:
    if before is Verdict.PROTECTED and after in {Verdict.WEAK, Verdict.UNPROTECTED}:
        return "lost"
    return "gained" if after is Verdict.PROTECTED and before is not None else "other"


def departments(totals: Totals) -> tuple[Group, ...]:
    """The departments, the one with the most people to be mended first; the others as one."""
    found = departments_of(totals)
    worst = sorted(found, key=lambda name: (-_amiss(found[name]), name))
    shown, others = worst[:DEPARTMENTS_SHOWN], worst[DEPARTMENTS_SHOWN:]
    groups = [_department(name or "No department", found[name]) for name in shown]
    if others:
        together = {one: sum(found[name][one] for name in others) for one in Verdict}
        groups.append(_department(f"{len(others)} more departments", together))
    return tuple(groups)


def _department(name: str, counts: Mapping[Verdict, int]) -> Group:
    return Group(
        name=name, bar=by_verdict(counts), people=sum(counts.values()), amiss=_amiss(counts)
    )


def _amiss(counts: Mapping[Verdict, int]) -> int:
    return counts[Verdict.WEAK] + counts[Verdict.UNPROTECTED]


def methods(totals: Totals, people: int) -> tuple[Group, ...]:
    """How many people have each method; what nobody has is left out."""
    return tuple(
        Group(
            name=label,
            bar=bar([Part(kind="plain", label="People", count=count)], of=people),
            people=count,
        )
        for means, label in METHODS.items()
        if (count := totals.methods[means])
    )


def sspr(totals: Totals) -> tuple[Group, ...]:
    """Self-service password reset: who is ready for it."""
    return (
        _answers("Have registered what it takes", totals.sspr_registered),
        _answers("May reset their password themselves", totals.sspr_enabled),
        _answers("Can do so now: both", totals.sspr_capable),
    )


def _answers(name: str, counts: Counter[bool | None]) -> Group:
    parts = [
        Part(kind=kind, label=label, count=counts[answer])
        for answer, (kind, label) in _ANSWERS.items()
    ]
    return Group(name=name, bar=bar(parts), people=counts[True])


def doors(totals: Totals) -> tuple[Group, ...]:
    """Whether old clients get in."""
    return (
        _door("Old clients, with the password", totals.legacy),
        _door("With an app password", totals.app_passwords),
    )


def _door(name: str, counts: Counter[Door]) -> Group:
    parts = [
        Part(kind=DOOR_KINDS[door], label=label, count=counts[door])
        for door, label in DOORS.items()
    ]
    return Group(name=name, bar=bar(parts), people=counts.total())


def app_passwords(totals: Totals) -> tuple[Group, ...]:
    """How many people have app passwords that are alive, and of how many they are a way in."""
    ledger, exposures = ledger_of(totals), exposures_of(totals)
    return (
        _answered("Are alive, by the ledger", {LEDGER[one]: ledger[one] for one in LEDGER}),
        _answered("Are a way in", {EXPOSURES[one]: exposures[one] for one in EXPOSURES}),
    )


def _answered(name: str, counts: Mapping[tuple[Verdict, str], int]) -> Group:
    parts = [Part(kind=kind, label=label, count=count) for (kind, label), count in counts.items()]
    return Group(name=name, bar=bar(parts), people=sum(counts.values()))


def verdicts(totals: Totals) -> Bar:
    """The bar of everybody."""
    return by_verdict(totals.verdicts)
