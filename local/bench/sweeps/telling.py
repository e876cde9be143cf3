"""Tells the points of a cost curve, in a table and in a picture."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from local.bench.sweeps.chart import Curve, Panel, draw
from local.bench.sweeps.point import Point, Store, Way
from local.stack.layout import ROOT

_PAGE: Final = ROOT / "docs" / "performance.md"
_PICTURE: Final = ROOT / "docs" / "sweep-cost.svg"
_BEGIN, _END = "<!-- ./dev bench --curve -->", "<!-- the end of what it wrote -->"
_MIB: Final = 1024 * 1024
_MOST_MIB: Final = 300
_HEAD: Final = (
    (
        "| read by | people | parts | floor | first run | second run | ratio | requests (floor) "
        "| CPU a person | memory |"
    ),
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
)
_COLOURS: Final = {
    (Store.AZURITE, True): "#1a7f37",
    (Store.AZURITE, False): "#0969da",
    (Store.MEMORY, False): "#bc4c00",
}


def publish(points: Sequence[Point]) -> None:
    """Put the table into the page about performance, and the picture beside it."""
    page = _PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    _PAGE.write_text(f"{before}{_BEGIN}\n\n{table(points)}\n{_END}{after}", encoding="utf-8")
    _PICTURE.write_text(picture(points), encoding="utf-8")


def table(points: Sequence[Point]) -> str:
    """A table in Markdown, and what else the machine did.

    Args:
        points: at least one.
    """
    ordered = sorted(points, key=lambda one: (one.setup.how, one.setup.people))
    loads = [point.conditions.load for point in points]
    cores = " or ".join(sorted({str(point.conditions.cores) for point in points}))
    around = (
        f"Measured on {cores} cores; in the minute before each measurement other work wanted "
        f"{min(loads):.1f} to {max(loads):.1f} of them."
    )
    return "".join(f"{line}\n" for line in (*_HEAD, *map(_row, ordered), "", around))


def picture(points: Sequence[Point]) -> str:
    """Time, CPU and memory of the second run by people, as SVG.

    Args:
        points: at least one of whom lists tell.
    """
    return draw(
        "What a sweep costs, by the number of people: time, CPU and memory of the second run",
        (
            Panel(
                title="seconds",
                curves=(
                    *_curves(points, "", lambda point: point.second.seconds),
                    *_curves(points, "bare script: ", lambda point: point.floor.seconds),
                ),
            ),
            Panel(
                title="seconds of one processor",
                curves=tuple(_curves(points, "", lambda point: point.second.cpu)),
            ),
            Panel(
                title=f"MiB at the most; {_MOST_MIB} are allowed",
                curves=tuple(_curves(points, "", lambda point: point.second.memory / _MIB)),
                most=_MOST_MIB,
            ),
        ),
    )


def _curves(
    points: Sequence[Point], prefix: str, height: Callable[[Point], float]
) -> Iterator[Curve]:
    for (store, within_limits), colour in _COLOURS.items():
        found = sorted(
            (point.setup.people, height(point))
            for point in points
            if (point.setup.store, point.setup.within_limits) == (store, within_limits)
            and point.setup.way is Way.LISTS
            and not point.setup.finest
        )
        if found:
            words = f"{store}, {'published limits' if within_limits else 'no limits'}"
            yield Curve(name=f"{prefix}{words}", colour=colour, points=found, dashed=bool(prefix))


def _row(point: Point) -> str:
    setup, floor, first, second = point.setup, point.floor, point.first, point.second
    return (
        f"| {setup.how} | {setup.people:,} | {point.parts} | {floor.seconds:.1f} s "
        f"| {first.seconds:.1f} s | {second.seconds:.1f} s "
        f"| {second.seconds / floor.seconds:.2f} | {second.requests:,} ({floor.requests:,}) "
        f"| {second.cpu / setup.people * 1e6:.0f} µs | {second.memory / _MIB:.0f} MiB |"
    )
