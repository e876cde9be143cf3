"""Draws curves side by side into one SVG that needs nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

_WIDTH: Final = 350
"""Of a panel, in which the curves have their own space."""
_LEFT, _TOP, _PLOT_WIDTH, _PLOT_HEIGHT, _HEIGHT = 52, 44, 250, 200, 380
_LEGEND, _LINE = 284, 16
_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_INK, _FAINT, _MARK = "#24292f", "#d8dee4", "#b35900"


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A curve.

    Attributes:
        name: what it shows.
        colour: of its line and its points.
        points: where it goes, from left to right.
        dashed: whether its line is.
    """

    name: str
    colour: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Curves over the same axes. From left to right each step is ten times as much.

    Attributes:
        title: what goes up.
        curves: the curves.
        most: what is marked as a limit; the axis that goes up then begins at 0 and ends there,
            and goes up by ten times with each step else.
    """

    title: str
    curves: Sequence[Curve]
    most: float | None = None


def draw(title: str, panels: Sequence[Panel]) -> str:
    """The picture.

    Args:
        title: what it shows, for whoever can't see it, too.
        panels: from left to right.
    """
    width = _WIDTH * len(panels)
    picture = Element("svg", xmlns=_NAMESPACE, viewBox=f"0 0 {width} {_HEIGHT}", role="img")
    picture.attrib |= {"width": f"{width}", "font-family": "sans-serif", "font-size": "11"}
    SubElement(picture, "title").text = title
    SubElement(picture, "rect", width="100%", height="100%", fill="white")
    for number, panel in enumerate(panels):
        _draw_panel(SubElement(picture, "g", transform=f"translate({number * _WIDTH})"), panel)
    ET.indent(picture)
    return f"{ET.tostring(picture, encoding='unicode')}\n"


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where a number stands between the two ends of an axis, as a share of its length."""

    first: float
    last: float
    is_log: bool

    def share(self, number: float) -> float:
        if not self.is_log:
            return (number - self.first) / (self.last - self.first)
        return (log10(number) - log10(self.first)) / (log10(self.last) - log10(self.first))

    def ticks(self) -> Iterator[float]:
        if not self.is_log:
            yield from (self.last * tick / 3 for tick in range(4))
            return
        number = self.first
        while number <= self.last:
            yield number
            number *= 10


def _decades(numbers: Sequence[float]) -> _Axis:
    first, last = floor(log10(min(numbers))), ceil(log10(max(numbers)))
    return _Axis(10.0**first, 10.0 ** max(last, first + 1), is_log=True)


def _draw_panel(group: Element, panel: Panel) -> None:
    points = [point for curve in panel.curves for point in curve.points]
    across = _decades([x for x, _ in points])
    up = _decades([y for _, y in points])
    if panel.most is not None:
        up = _Axis(0, panel.most, is_log=False)
    _text(group, panel.title, x=_LEFT, y=20, weight="bold")
    for number in across.ticks():
        _grid(group, x=_x(across, number))
        _text(
            group, _told(number), x=_x(across, number), y=_TOP + _PLOT_HEIGHT + 15, anchor="middle"
        )
    for number in up.ticks():
        _grid(group, y=_y(up, number))
        _text(group, _told(number), x=_LEFT - 6, y=_y(up, number) + 4, anchor="end")
    if panel.most is not None:
        _grid(group, y=_y(up, panel.most), colour=_MARK)
    for number, curve in enumerate(panel.curves):
        _draw_curve(group, curve, across, up)
        _draw_legend(group, curve, _LEGEND + number * _LINE)


def _draw_curve(group: Element, curve: Curve, across: _Axis, up: _Axis) -> None:
    places = [(_x(across, x), _y(up, y)) for x, y in curve.points]
    line = SubElement(group, "polyline", fill="none", stroke=curve.colour)
    line.set("points", " ".join(f"{x:.1f},{y:.1f}" for x, y in places))
    _dash(line, curve)
    for (x, y), (number, value) in zip(places, curve.points, strict=True):
        dot = SubElement(group, "circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="3", fill=curve.colour)
        SubElement(dot, "title").text = f"{curve.name}: {value:,.1f} at {number:,.0f}"


def _draw_legend(group: Element, curve: Curve, y: int) -> None:
    line = SubElement(group, "line", x1=f"{_LEFT}", x2=f"{_LEFT + 22}", stroke=curve.colour)
    line.attrib |= {"y1": f"{y - 4}", "y2": f"{y - 4}"}
    _dash(line, curve)
    _text(group, curve.name, x=_LEFT + 28, y=y)


def _dash(line: Element, curve: Curve) -> None:
    line.set("stroke-width", "2")
    if curve.dashed:
        line.set("stroke-dasharray", "5 4")


def _grid(
    group: Element, *, x: float | None = None, y: float | None = None, colour: str = _FAINT
) -> None:
    ends = (_LEFT, _LEFT + _PLOT_WIDTH) if x is None else (x, x)
    sides = (_TOP, _TOP + _PLOT_HEIGHT) if y is None else (y, y)
    line = SubElement(group, "line", stroke=colour)
    line.attrib |= {"x1": f"{ends[0]:.1f}", "x2": f"{ends[1]:.1f}"}
    line.attrib |= {"y1": f"{sides[0]:.1f}", "y2": f"{sides[1]:.1f}"}


def _text(
    group: Element, told: str, *, x: float, y: float, anchor: str = "", weight: str = ""
) -> None:
    text = SubElement(group, "text", x=f"{x:.1f}", y=f"{y:.1f}", fill=_INK)
    text.text = told
    if anchor:
        text.set("text-anchor", anchor)
    if weight:
        text.set("font-weight", weight)


def _x(across: _Axis, number: float) -> float:
    return _LEFT + across.share(number) * _PLOT_WIDTH


def _y(up: _Axis, number: float) -> float:
    return _TOP + (1 - up.share(number)) * _PLOT_HEIGHT


def _told(number: float) -> str:
    return f"{number:,.0f}" if number >= 1 else f"{number:g}"
