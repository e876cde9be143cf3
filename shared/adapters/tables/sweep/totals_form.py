"""How totals are written as bytes: by names such as `verdict:weak`, which only this module knows.

What was not met is not there. What other versions count that this one doesn't know is passed over.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import msgspec

from shared.adapters.tables.sweep.packing import Form
from shared.domain.alive import Shown
from shared.domain.posture.judging import Door
from shared.domain.posture.means import Means
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.lines import Cause
from shared.domain.sweep.mending import Mend
from shared.domain.sweep.totals import BehindDoor, InDepartment, Move, NoMeans, Totals


class KeptTotals(msgspec.Struct, frozen=True):
    """What stands in the bytes of totals, and of the totals in a run."""

    counts: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is counted by name.

    Attributes:
        field: where it stands in totals.
        write: what stands behind the colon.
        read: reads that; raises LookupError or ValueError where it is not what `write` makes.
    """

    field: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _department(name: str) -> InDepartment:
    department, _, verdict = name.rpartition(":")
    return InDepartment(department, _VERDICTS[verdict])


def _behind_door(name: str) -> BehindDoor:
    shown, _, door = name.partition(":")
    return BehindDoor(Shown(shown), Door(door))


def _move_name(move: Move) -> str:
    return f"{move.cause}:{move.before or _NONE}:{move.after or _NONE}"


def _move(name: str) -> Move:
    cause, before, after = name.split(":")
    return Move(Cause(cause), _verdict(before), _verdict(after))


def _verdict(name: str) -> Verdict | None:
    return None if name == _NONE else Verdict(name)


def _means(name: str) -> Means | NoMeans:
    return NoMeans(name) if name in set(NoMeans) else Means(name)


def _answer_name(answer: bool | None) -> str:  # noqa: FBT001  (it is what is counted)
    return "unknown" if answer is None else str(answer).lower()


_NONE: Final = "none"
_VERDICTS: Final = {verdict.value: verdict for verdict in Verdict}
_ANSWERS: Final = {_answer_name(one): one for one in (True, False, None)}
_KINDS: Final[Mapping[str, _Kind]] = {
    "verdict": _Kind("verdicts", str, Verdict),
    "department": _Kind("departments", ":".join, _department),
    "reason": _Kind("reasons", str, ReasonCode),
    "mend": _Kind("mends", str, Mend),
    "legacy": _Kind("legacy", str, Door),
    "app-passwords": _Kind("app_passwords", str, Door),
    "app-password-ledger": _Kind("ledger", ":".join, _behind_door),
    "methods": _Kind("methods", str, _means),
    "sspr-registered": _Kind("sspr_registered", _answer_name, _ANSWERS.__getitem__),
    "sspr-enabled": _Kind("sspr_enabled", _answer_name, _ANSWERS.__getitem__),
    "sspr-capable": _Kind("sspr_capable", _answer_name, _ANSWERS.__getitem__),
    "change": _Kind("moves", _move_name, _move),
}
_NUMBERS: Final[Mapping[str, str]] = {
    "finding:all": "findings",
    "telephony-only:all": "telephony_only",
    "lost:all": "lost",
    "left-out:all": "left_out",
    "uncompared:all": "uncompared",
}
"""What is one number, and where that stands in totals."""


def kept(totals: Totals) -> KeptTotals:
    """What stands in the bytes of totals."""
    return KeptTotals(dict(_named(totals)))


def _named(totals: Totals) -> Iterator[tuple[str, int]]:
    for start, kind in _KINDS.items():
        for key, count in getattr(totals, kind.field).items():
            yield f"{start}:{kind.write(key)}", count
    for name, field in _NUMBERS.items():
        if count := getattr(totals, field):
            yield name, count


def totals_in(told: KeptTotals) -> Totals:
    """The totals of what stands in their bytes.

    Raises:
        LookupError: a name is not what we write.
        ValueError: likewise.
    """
    found: dict[str, Counter[Any]] = {kind.field: Counter() for kind in _KINDS.values()}
    for name, count in told.counts.items():
        counted = _counted(name)
        if counted is not None:
            field, key = counted
            found[field][key] = count
    numbers = {field: told.counts.get(name, 0) for name, field in _NUMBERS.items()}
    return Totals(**found, **numbers)  # type: ignore[arg-type]


@lru_cache(maxsize=10_000)
def _counted(name: str) -> tuple[str, Any] | None:
    """Where a count stands in totals, and its key there; the parts of a tenant share the keys."""
    start, _, key = name.partition(":")
    kind = _KINDS.get(start)
    return None if kind is None else (kind.field, kind.read(key))


_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_DECODER: Final = msgspec.json.Decoder(KeptTotals)

TOTALS: Final[Form[Totals]] = Form(
    "totals-1",
    lambda totals: _ENCODER.encode(kept(totals)),
    lambda octets: totals_in(_DECODER.decode(octets)),
)
