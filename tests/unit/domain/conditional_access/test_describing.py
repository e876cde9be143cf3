"""Gaps in words."""

from typing import Any

import pytest

from shared.domain.conditional_access.describing import describe
from shared.domain.conditional_access.locations import Locations, NamedLocation
from shared.domain.conditional_access.reading import Surroundings
from shared.domain.conditional_access.sign_ins import MODERN_CLIENTS, Kind
from tests.unit.domain.conditional_access.telling import ALL_APPS, required, told

PLACES = Locations(
    named={
        "hq": NamedLocation(name="Head office"),
        "de": NamedLocation(name="Germany", countries=frozenset({"de"})),
    }
)


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"clientAppTypes": ["browser"]}, "with an app for phones or desktops"),
        ({"applications": ALL_APPS | {"excludeApplications": ["app"]}}, "to the application app"),
        (
            {"applications": ALL_APPS | {"excludeApplications": ["Office365"]}},
            "to the applications of Office 365",
        ),
        (
            {"applications": {"includeApplications": ["a"]}},
            "to an application that no policy names",
        ),
        (
            {"locations": {"includeLocations": ["All"], "excludeLocations": ["hq"]}},
            "from 'Head office'",
        ),
        ({"locations": {"includeLocations": ["hq"]}}, "from outside 'Head office'"),
        ({"locations": {"includeLocations": ["gone"]}}, "from outside the location gone"),
        (
            {"locations": {"includeLocations": ["All"], "excludeLocations": ["de"]}},
            "from the country de",
        ),
        ({"userRiskLevels": ["none"]}, "with the user risk high or low or medium"),
        (
            {"insiderRiskLevels": "elevated"},
            "with the insider risk minor or moderate or none",
        ),
        (
            {"devices": {"deviceFilter": {"mode": "include", "rule": "r"}}},
            "on a device that does not match the filter 'r'",
        ),
        (
            {"applications": {"includeApplications": ["MicrosoftAdminPortals"]}},
            "outside Microsoft's admin portals",
        ),
        (
            {
                "applications": ALL_APPS
                | {"applicationFilter": {"mode": "exclude", "rule": "a filter of ours"}}
            },
            "to an application that matches the filter 'a filter of ours'",
        ),
        (
            {"locations": {"includeLocations": ["de"]}},
            "from a country that no policy names",
        ),
        (
            {
                "platforms": {
                    "includePlatforms": [
                        "windows",
                        "iOS",
                        "macOS",
                        "linux",
                        "android",
                        "windowsPhone",
                    ]
                }
            },
            "on a platform that Entra ID does not recognise",
        ),
    ],
)
def test_gap_in_words(conditions: dict[str, Any], words: str) -> None:
    """What tells the sign-ins of a gap from others, and nothing that goes without saying."""
    gap = required(told(**conditions), around=Surroundings(locations=PLACES)).gap
    assert isinstance(gap, Kind)
    assert describe(gap, PLACES, MODERN_CLIENTS) == words
