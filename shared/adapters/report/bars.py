"""Bars that are cut into parts, and the numbers that say the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_THINNEST: Final = 0.5
"""Per cent of the width; what is there can be seen."""
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of a bar.

    Attributes:
        kind: what it stands for, as the style sheet knows it.
        label: the same for people.
        count: how many.
        share: which part of all that is, in words.
        start: where it begins, in per cent of the width.
        width: how wide it is.
    """

    kind: str
    label: str
    count: int
    share: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar.

    Attributes:
        segments: its parts, in their order, those of nobody too.
    """

    segments: tuple[Segment, ...]

    @property
    def seen(self) -> tuple[Segment, ...]:
        """The parts that there is something to be seen of."""
        return tuple(segment for segment in self.segments if segment.count)

    @property
    def text(self) -> str:
        """The bar in words, for whoever can't see it."""
        told = (f"{one.label}: {number(one.count)} ({one.share})" for one in self.seen)
        return ", ".join(told) or "Nobody."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is to become a part of a bar."""

    kind: str
    label: str
    count: int


def bar(parts: Iterable[Part], *, of: int | None = None) -> Bar:
    """A bar of these parts.

    Args:
        parts: the parts, in their order.
        of: how many the whole width stands for; all of the parts by default.
    """
    found = tuple(parts)
    whole = max(sum(part.count for part in found) if of is None else of, 0)
    widths = _widths([part.count for part in found], whole)
    segments: list[Segment] = []
    start = 0.0
    for part, width in zip(found, widths, strict=True):
        segments.append(
            Segment(
                kind=part.kind,
                label=part.label,
                count=part.count,
                share=share(part.count, whole),
                start=round(start, 3),
                width=round(width, 3),
            )
        )
        start += width
    return Bar(tuple(segments))


def number(count: int) -> str:
    """A count for people."""
    return f"{count:,}"


def share(count: int, whole: int) -> str:
    """How much of a whole that is: never all of it, nor nothing, unless it is."""
    if not whole or not count:
        return "0%"
    if count == whole:
        return "100%"
    tenths = count * _WHOLE * 10 // whole
    return f"{tenths // 10}.{tenths % 10}%" if tenths else "under 0.1%"


def _widths(counts: Sequence[int], whole: int) -> list[float]:
    """The widths of parts; who is few takes a little from who is many."""
    if not whole:
        return [0.0] * len(counts)
    wide = [max(count * _WHOLE / whole, _THINNEST) if count else 0.0 for count in counts]
    used, meant = sum(wide), sum(counts) * _WHOLE / whole
    return [width * meant / used for width in wide] if used > meant else wide
