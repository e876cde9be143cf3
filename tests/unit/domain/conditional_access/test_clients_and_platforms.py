"""With which clients and on which platforms policies apply, and what they leave."""

from typing import Any, NamedTuple

import pytest

from shared.domain.conditional_access.requirement import Extent
from tests.unit.domain.conditional_access.telling import EVERYWHERE, NOWHERE, PARTLY, extents, told

SIX = ["android", "iOS", "windows", "windowsPhone", "macOS", "linux"]
MODERN = ["browser", "mobileAppsAndDesktopClients"]
LEGACY = ["exchangeActiveSync", "other"]


class Row(NamedTuple):
    """The conditions of some policies, and how far they require MFA."""

    why: str
    conditions: list[dict[str, Any]]
    least: Extent
    most: Extent | None = None


def client(*named: str) -> dict[str, Any]:
    """A condition about clients."""
    return {"clientAppTypes": list(named)}


def platform(*included: str, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """A condition about platforms."""
    return {"platforms": {"includePlatforms": list(included), "excludePlatforms": list(but)}}


STRANGE = platform("all", but=tuple(SIX))
ROWS = [
    Row("all clients", [client("all")], EVERYWHERE),
    Row("modern clients", [client(*MODERN)], EVERYWHERE),
    Row("a policy for old clients protects nobody", [client(*LEGACY)], NOWHERE),
    Row("browsers alone", [client("browser")], NOWHERE),
    Row("apps alone", [client("mobileAppsAndDesktopClients", "other")], NOWHERE),
    Row("each in a policy of its own", [client("browser"), client(MODERN[1])], EVERYWHERE),
    Row("a new kind of client", [client("browser", "newClient")], NOWHERE, EVERYWHERE),
    Row("none is told", [client()], NOWHERE, EVERYWHERE),
    Row("all and one is nothing that Graph tells", [client("all", "x")], NOWHERE, EVERYWHERE),
    Row("no condition about platforms", [{"platforms": None}], EVERYWHERE),
    Row("an empty one", [platform()], EVERYWHERE),
    Row("all platforms, also unrecognised ones", [platform("all")], EVERYWHERE),
    Row("one platform", [platform("windows")], PARTLY),
    Row("the six leave those that nobody recognises", [platform(*SIX)], PARTLY),
    Row("all but one", [platform("all", but=("linux",))], PARTLY),
    Row("all but the six: a strange one is no ordinary one", [STRANGE], NOWHERE),
    Row("which together leave nothing", [STRANGE, platform(*SIX)], EVERYWHERE),
    Row("a platform that nobody has any more", [platform("windowsPhone")], NOWHERE),
    Row("which another takes", [platform("all", but=("iOS",)), platform("IOS")], EVERYWHERE),
    Row("or doesn't", [platform("all", but=("iOS",)), platform("macOS")], PARTLY),
    Row("an excluded one beats an included", [platform("windows", but=("windows",))], NOWHERE),
    Row("a new platform", [platform("all", but=("newPhone",))], NOWHERE, EVERYWHERE),
    Row("all but all", [platform("all", but=("all",))], NOWHERE, EVERYWHERE),
    Row(
        "a new way to name platforms",
        [{"platforms": {"includePlatforms": ["all"], "x": ["y"]}}],
        NOWHERE,
        EVERYWHERE,
    ),
    Row(
        "apps everywhere, browsers on one platform",
        [client(MODERN[1]), client("browser") | platform("windows")],
        PARTLY,
    ),
    Row(
        "apps on one platform, browsers on another: no platform has both",
        [client(MODERN[1]) | platform("iOS"), client("browser") | platform("windows")],
        NOWHERE,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_clients_and_platforms(row: Row) -> None:
    """Browsers and modern clients count; a platform that nobody recognises matches no list."""
    tellings = [told(name=str(at), **one) for at, one in enumerate(row.conditions)]
    assert extents(*tellings) == (row.least, row.most or row.least)
