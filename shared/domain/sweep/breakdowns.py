"""What the totals of a run tell: each kind by name, in order, and what follows from several."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from shared.domain.alive import Shown
from shared.domain.posture.exposure import Exposure, exposure_of
from shared.domain.posture.judging import Door
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.lines import Cause
from shared.domain.sweep.totals import BehindDoor, Totals

Kind = TypeVar("Kind", bound=Enum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How many people went from one verdict to another for the same cause.

    Attributes:
        cause: what made it so.
        before: the verdict before; None for people whom no run had seen.
        after: the verdict now; None for people who are gone.
        people: how many.
    """

    cause: Cause
    before: Verdict | None
    after: Verdict | None
    people: int


def of_each(kind: type[Kind], counts: Counter[Kind]) -> dict[Kind, int]:
    """How many there are of each member of an enumeration, be it none."""
    return {one: counts[one] for one in kind}


def reasons_of(totals: Totals) -> dict[ReasonCode, int]:
    """Of how many people each reason is true; what is true of nobody is left out."""
    return {code: count for code, count in of_each(ReasonCode, totals.reasons).items() if count}


def departments_of(totals: Totals) -> dict[str, Mapping[Verdict, int]]:
    """How many people of each department have each verdict; by name, which may be empty."""
    found: defaultdict[str, dict[Verdict, int]] = defaultdict(lambda: dict.fromkeys(Verdict, 0))
    for (department, verdict), count in totals.departments.items():
        found[department][verdict] = count
    return dict(sorted(found.items()))


def moved_in(totals: Totals) -> tuple[Moved, ...]:
    """What changed since the run before, the most people first."""
    found = [
        Moved(cause=cause, before=before, after=after, people=people)
        for (cause, before, after), people in totals.moves.items()
    ]
    return tuple(sorted(found, key=_most_first))


def _most_first(one: Moved) -> tuple[int, Cause, str, str]:
    return -one.people, one.cause, one.before or "none", one.after or "none"


def ledger_of(totals: Totals) -> dict[Shown, int]:
    """Of how many people the ledger of app passwords shows what."""
    return {one: sum(_behind(totals, door)[one] for door in Door) for one in Shown}


def exposures_of(totals: Totals) -> dict[Exposure, int]:
    """Of how many people app passwords are a way in."""
    found = dict.fromkeys(Exposure, 0)
    for door in Door:
        for shown, people in _behind(totals, door).items():
            found[exposure_of(door, shown)] += people
    return found


def exposed_surely(totals: Totals) -> int:
    """How many people are exposed of whom some app passwords are known to be alive."""
    return _behind(totals, Door.OPEN)[Shown.ALIVE]


def _behind(totals: Totals, door: Door) -> dict[Shown, int]:
    """What the ledger shows of the people behind a door; of whom nothing was counted, nothing."""
    known = {one: totals.ledger[BehindDoor(one, door)] for one in (Shown.ALIVE, Shown.NONE)}
    return {**known, Shown.UNKNOWN: totals.app_passwords[door] - sum(known.values())}
