"""Which simulated sign-ins are of a kind that the engine names."""

from collections.abc import Callable
from typing import Any

from shared.domain.conditional_access import sign_ins as engine
from shared.domain.conditional_access.sign_ins import Kind
from tests.properties.sign_in_world import UNNAMED, App, Place

_PLAIN = {
    "client": engine.CLIENT,
    "platform": engine.PLATFORM,
    "signInRisk": engine.SIGN_IN_RISK,
    "userRisk": engine.USER_RISK,
    "insiderRisk": engine.INSIDER_RISK,
    "flow": engine.FLOW,
}


def inside(kind: Kind) -> dict[str, Callable[[Any], bool]]:
    """What tells the sign-ins of a kind from others, by dimension."""
    return {
        **{name: _is_plain(kind, told) for name, told in _PLAIN.items()},
        "app": lambda app: _is_app(kind, app),
        "place": lambda place: _is_place(kind, place),
        "device": lambda device: _all_true(kind, "device filter ", device),
    }


def _is_plain(kind: Kind, name: str) -> Callable[[Any], bool]:
    values = kind.values(name)

    def holds(value: str) -> bool:
        small = value.casefold()
        return (small if small in kind.space.values(name) else engine.OTHER) in values

    return holds


def _is_app(kind: Kind, app: App) -> bool:
    name = engine.OTHER if app.app_id == UNNAMED else app.app_id.casefold()
    named = kind.space.values(engine.APPLICATION)
    return (
        (name if name in named else engine.OTHER) in kind.values(engine.APPLICATION)
        and _all_true(kind, "application of ", frozenset(one.casefold() for one in app.suites))
        and _all_true(kind, "application filter ", app.filters)
    )


def _is_place(kind: Kind, place: Place) -> bool:
    return (
        _is_country(kind, engine.COUNTRY, place.country)
        and _is_country(kind, engine.GPS_COUNTRY, place.phone)
        and _all_true(kind, "location ", place.locations)
    )


def _is_country(kind: Kind, name: str, country: str) -> bool:
    small = country.casefold()
    return (small if small in kind.space.values(name) else engine.OTHER) in kind.values(name)


def _all_true(kind: Kind, prefix: str, told: frozenset[str]) -> bool:
    small = {one.casefold() for one in told}
    return all(
        (name.removeprefix(prefix).casefold() in small) == (values == engine.YES)
        for name, values in kind.said.items()
        if name.startswith(prefix)
    )
