"""Counts of what a run found."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from shared.domain.alive import Shown
from shared.domain.posture.means import PORTABLE, TELEPHONY
from shared.domain.posture.registration import Registration
from shared.domain.sweep.lines import Change, Line
from shared.domain.sweep.mending import mend_for

LEDGER: Final = "app-password-ledger"
"""Counts people of whom the ledger shows something, behind each door: `alive:open`."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts, which add up over the parts of a tenant.

    Attributes:
        counts: by what is counted, `verdict:weak` or `reason:gap`; what was not met is not there.
    """

    counts: dict[str, int] = field(default_factory=dict, hash=False)

    def __add__(self, other: "Totals") -> "Totals":
        """Those of two parts together."""
        return Totals(dict(Counter(self.counts) + Counter(other.counts)))

    def of(self, what: str, name: str) -> int:
        """How many there are of a thing by this name."""
        return self.counts.get(f"{what}:{name}", 0)

    def by(self, what: str) -> dict[str, int]:
        """How many there are of each thing of a kind, by name."""
        start = f"{what}:"
        return {
            name.removeprefix(start): count
            for name, count in sorted(self.counts.items())
            if name.startswith(start)
        }


def totals_of(
    lines: Iterable[Line], changes: Iterable[Change], *, left_out: int, uncompared: bool = False
) -> Totals:
    """What there is to count of a part.

    Args:
        lines: everybody in it.
        changes: whose verdict is another one than before.
        left_out: how many accounts were not judged.
        uncompared: whether nobody can tell what changed, because the run before can't be read.
    """
    counts: Counter[str] = Counter()
    for line in lines:
        counts[f"verdict:{line.verdict}"] += 1
        counts[f"department:{line.department}:{line.verdict}"] += 1
        counts[f"legacy:{line.legacy}"] += 1
        counts[f"app-passwords:{line.app_passwords}"] += 1
        if line.alive.shown is not Shown.UNKNOWN:
            counts[f"{LEDGER}:{line.alive.shown}:{line.app_passwords}"] += 1
        for code in {reason.code for reason in line.reasons}:
            counts[f"reason:{code}"] += 1
        if line.is_finding:
            counts["finding:all"] += 1
        mend = mend_for(line)
        if mend is not None:
            counts[f"mend:{mend}"] += 1
        _count_registration(counts, line)
    for change in changes:
        if change.is_loss:
            counts["lost:all"] += 1
        counts[f"change:{change.cause}:{change.before or 'none'}:{change.after or 'none'}"] += 1
    if left_out:
        counts["left-out:all"] = left_out
    if uncompared:
        counts["uncompared:all"] = 1
    return Totals(dict(counts))


def _count_registration(counts: Counter[str], line: Line) -> None:
    for name in ("registered", "enabled", "capable"):
        told = getattr(line, f"sspr_{name}")
        counts[f"sspr-{name}:{'unknown' if told is None else str(told).lower()}"] += 1
    registration = line.person.registration
    if not isinstance(registration, Registration):
        counts["methods:unknown"] += 1
        return
    for means in registration.means:
        counts[f"methods:{means}"] += 1
    if not registration.means:
        counts["methods:none"] += 1
    if registration.means & TELEPHONY and not registration.means & PORTABLE:
        counts["telephony-only:all"] += 1
