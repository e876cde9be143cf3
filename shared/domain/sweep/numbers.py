"""The counts of a run, by what they count."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.domain.alive import Shown
from shared.domain.posture.exposure import Exposure, exposure_of
from shared.domain.posture.judging import Door
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.lines import Cause
from shared.domain.sweep.totals import LEDGER, Totals


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


def verdicts_of(totals: Totals) -> dict[Verdict, int]:
    """How many people have each verdict."""
    return {verdict: totals.of("verdict", verdict) for verdict in Verdict}


def reasons_of(totals: Totals) -> dict[ReasonCode, int]:
    """Of how many people each reason is true; what is true of nobody is left out."""
    counts = {code: totals.of("reason", code) for code in ReasonCode}
    return {code: count for code, count in counts.items() if count}


def departments_of(totals: Totals) -> dict[str, Mapping[Verdict, int]]:
    """How many people of each department have each verdict; by name, which may be empty."""
    found: defaultdict[str, dict[Verdict, int]] = defaultdict(lambda: dict.fromkeys(Verdict, 0))
    for name, count in totals.by("department").items():
        department, _, verdict = name.rpartition(":")
        found[department][Verdict(verdict)] += count
    return dict(sorted(found.items()))


def moved_in(totals: Totals) -> tuple[Moved, ...]:
    """What changed since the run before, the most people first."""
    return tuple(sorted(_moved(totals), key=lambda one: (-one.people, one.cause)))


def _moved(totals: Totals) -> Iterator[Moved]:
    for name, count in totals.by("change").items():
        cause, before, after = name.split(":")
        yield Moved(
            cause=Cause(cause), before=_verdict(before), after=_verdict(after), people=count
        )


def _verdict(name: str) -> Verdict | None:
    return None if name == "none" else Verdict(name)


def doors_of(totals: Totals, what: str) -> dict[Door, int]:
    """Behind how many people a door is open: `legacy` or `app-passwords`."""
    return {door: totals.of(what, door) for door in Door}


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
    known = {one: totals.of(LEDGER, f"{one}:{door}") for one in (Shown.ALIVE, Shown.NONE)}
    return {**known, Shown.UNKNOWN: totals.of("app-passwords", door) - sum(known.values())}


def told_of(totals: Totals, what: str) -> dict[str, int]:
    """Of how many people something is true, false or unknown: `sspr-capable`, for one."""
    return {answer: totals.of(what, answer) for answer in ("true", "false", "unknown")}
