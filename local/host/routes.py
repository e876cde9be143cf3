"""Which function answers a path: ASP.NET route templates, as the Functions host reads them.

Routes are tried in the alphabetical order of function names and the first match wins, however
specific another one is: Azure does so (azure-functions-host issues 3153 and 9876). A method that a
function does not list is part of the match, so it ends in 404 and never in 405
(`WebScriptHostHttpRoutesManager.cs` adds it as an `HttpMethodRouteConstraint`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

_INT32 = 2**31
_INT64 = 2**63
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_GUID = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII
)
_PARAMETER = re.compile(
    r"\{(?P<stars>\*{0,2})(?P<name>\w+)(?P<constraints>(:[^{}:?]+)*)(?P<optional>\??)\}"
)
_CONSTRAINT = re.compile(r"(?P<name>[a-z]+)(\((?P<arguments>[0-9, -]+)\))?")

_Check = Callable[[str], bool]


class RouteError(ValueError):
    """The template is not one that this host can serve."""


def _integer_within(text: str, low: int, high: int) -> bool:
    return _INTEGER.fullmatch(text) is not None and low <= int(text) <= high


_PLAIN: dict[str, _Check] = {
    "int": lambda text: _integer_within(text, -_INT32, _INT32 - 1),
    "long": lambda text: _integer_within(text, -_INT64, _INT64 - 1),
    "bool": lambda text: text.lower() in {"true", "false"},
    "guid": lambda text: _GUID.fullmatch(text.strip("{}()")) is not None,
    "alpha": lambda text: text.isascii() and (text.isalpha() or not text),
}
_MEASURED: dict[tuple[str, int], Callable[..., bool]] = {
    ("min", 1): lambda text, low: _integer_within(text, low, _INT64 - 1),
    ("max", 1): lambda text, high: _integer_within(text, -_INT64, high),
    ("range", 2): _integer_within,
    ("length", 1): lambda text, size: len(text) == size,
    ("length", 2): lambda text, low, high: low <= len(text) <= high,
    ("minlength", 1): lambda text, low: len(text) >= low,
    ("maxlength", 1): lambda text, high: len(text) <= high,
}


def _check(text: str) -> _Check:
    match = _CONSTRAINT.fullmatch(text)
    if match is None:
        raise RouteError(f"constraint {text!r} is not understood")
    name = match["name"]
    if match["arguments"] is None:
        if name in _PLAIN:
            return _PLAIN[name]
    else:
        numbers = [int(number) for number in match["arguments"].split(",")]
        if (measured := _MEASURED.get((name, len(numbers)))) is not None:
            return lambda value: measured(value, *numbers)
    raise RouteError(f"constraint {text!r} is not supported")


@dataclass(frozen=True)
class _Segment:
    literal: str = ""
    parameter: str = ""
    optional: bool = False
    rest: bool = False
    checks: tuple[_Check, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        if "{" not in text and "}" not in text:
            return cls(literal=text.casefold())
        match = _PARAMETER.fullmatch(text)
        if match is None:
            raise RouteError(f"segment {text!r} is not understood")
        return cls(
            parameter=match["name"],
            optional=bool(match["optional"]),
            rest=bool(match["stars"]),
            checks=tuple(_check(part) for part in match["constraints"].split(":")[1:]),
        )


@dataclass(frozen=True)
class Template:
    """A parsed route template, prefix included."""

    segments: tuple[_Segment, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a template such as `cases/{caseId:guid}/{*rest}`.

        Raises:
            RouteError: it can't be read, or asks for what this host does not offer (several
                parts in one segment, defaults, `regex`).
        """
        parts = text.strip("/").split("/") if text.strip("/") else []
        segments = tuple(_Segment.parse(part) for part in parts)
        if any(segment.optional or segment.rest for segment in segments[:-1]):
            raise RouteError(f"{text!r}: only the last segment may be optional or catch all")
        names = [segment.parameter.casefold() for segment in segments if segment.parameter]
        if len(names) != len(set(names)):
            raise RouteError(f"{text!r} names a parameter twice")
        return cls(segments)

    def match(self, path: Sequence[str]) -> dict[str, str] | None:
        """The route parameters of these path segments, or None where they do not match."""
        found: dict[str, str] = {}
        for index, segment in enumerate(self.segments):
            value = "/".join(path[index:]) if segment.rest else "".join(path[index : index + 1])
            if segment.literal:
                if value.casefold() != segment.literal:
                    return None
            elif value:
                if not all(check(value) for check in segment.checks):
                    return None
                found[segment.parameter] = value
            elif index < len(path) or not (segment.optional or segment.rest):
                return None
        caught_all = bool(self.segments) and self.segments[-1].rest
        return found if caught_all or len(path) <= len(self.segments) else None


@dataclass(frozen=True)
class Route:
    """One function's way in.

    Args:
        function: its name.
        template: the path that it answers.
        methods: upper case; empty means any.
    """

    function: str
    template: Template
    methods: frozenset[str]


class RouteTable:
    """All routes of an app, in the order in which Azure tries them."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = sorted(routes, key=lambda route: route.function.casefold())

    def find(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        """The function for this request and its route parameters, or None.

        Args:
            method: the HTTP method, upper case.
            path: decoded but for `%2F`, with its leading slash.
        """
        segments = path.removeprefix("/").removesuffix("/").split("/")
        if segments[0].casefold() in {"admin", "runtime"}:
            return None
        for route in self._routes:
            if route.methods and method not in route.methods:
                continue
            if (parameters := route.template.match(segments)) is not None:
                return route.function, parameters
        return None
