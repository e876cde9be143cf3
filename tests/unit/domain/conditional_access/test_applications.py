"""To which applications policies apply, and what they leave."""

from typing import Any, NamedTuple

import pytest

from shared.domain.conditional_access.requirement import Extent
from tests.unit.domain.conditional_access.telling import (
    EVERYWHERE,
    NOWHERE,
    PARTLY,
    extents,
    told,
)

EXCHANGE = "00000002-0000-0FF1-CE00-000000000000"
RULE = 'CustomSecurityAttribute.Set.Kind -eq "old"'
ALL = ["All"]


def chosen(mode: str, rule: str = RULE) -> dict[str, str]:
    """A filter of applications."""
    return {"mode": mode, "rule": rule}


class Row(NamedTuple):
    """The applications of some policies, and how far they require MFA."""

    why: str
    applications: list[dict[str, Any]]
    least: Extent
    most: Extent | None = None


ROWS = [
    Row("all applications", [{"includeApplications": ALL}], EVERYWHERE),
    Row("no application", [{"includeApplications": ["None"]}], NOWHERE),
    Row("one application is not the ordinary one", [{"includeApplications": ["app"]}], NOWHERE),
    Row("a suite is not all", [{"includeApplications": ["Office365"]}], NOWHERE),
    Row("portals are not all", [{"includeApplications": ["MicrosoftAdminPortals"]}], NOWHERE),
    Row(
        "all but one leaves that one",
        [{"includeApplications": ALL, "excludeApplications": ["app"]}],
        PARTLY,
    ),
    Row(
        "which another policy takes",
        [
            {"includeApplications": ALL, "excludeApplications": ["App"]},
            {"includeApplications": ["aPP"]},
        ],
        EVERYWHERE,
    ),
    Row(
        "or does not take",
        [
            {"includeApplications": ALL, "excludeApplications": ["app"]},
            {"includeApplications": ["another"]},
        ],
        PARTLY,
    ),
    Row(
        "all but a suite, and the suite",
        [
            {"includeApplications": ALL, "excludeApplications": ["Office365"]},
            {"includeApplications": ["office365"]},
        ],
        EVERYWHERE,
    ),
    Row(
        "Exchange is in the suite that another policy takes",
        [
            {"includeApplications": ALL, "excludeApplications": [EXCHANGE]},
            {"includeApplications": ["Office365"]},
        ],
        EVERYWHERE,
    ),
    Row(
        "Exchange is not the whole suite",
        [
            {"includeApplications": ALL, "excludeApplications": ["Office365"]},
            {"includeApplications": [EXCHANGE]},
        ],
        PARTLY,
    ),
    Row(
        "of another application nobody knows the suite",
        [
            {"includeApplications": ALL, "excludeApplications": ["app"]},
            {"includeApplications": ["Office365"]},
        ],
        PARTLY,
    ),
    Row(
        "user actions are no applications",
        [{"includeUserActions": ["urn:user:registersecurityinfo"]}],
        NOWHERE,
    ),
    Row("joining a device is none", [{"includeUserActions": ["urn:user:registerdevice"]}], NOWHERE),
    Row("contexts are none", [{"includeAuthenticationContextClassReferences": ["c1"]}], NOWHERE),
    Row(
        "a new user action may be anything",
        [{"includeUserActions": ["urn:new"]}],
        NOWHERE,
        EVERYWHERE,
    ),
    Row("what a filter takes is not all", [{"applicationFilter": chosen("include")}], NOWHERE),
    Row(
        "all but what a filter leaves out",
        [{"includeApplications": ALL, "applicationFilter": chosen("exclude")}],
        PARTLY,
    ),
    Row(
        "what one filter leaves out, the same one takes",
        [
            {"includeApplications": ALL, "applicationFilter": chosen("exclude")},
            {"includeApplications": [], "applicationFilter": chosen("Include")},
        ],
        EVERYWHERE,
    ),
    Row(
        "another filter takes something else",
        [
            {"includeApplications": ALL, "applicationFilter": chosen("exclude")},
            {"applicationFilter": chosen("include", "another")},
        ],
        PARTLY,
    ),
    Row(
        "all of them, of a filter: nobody knows which of the two",
        [{"includeApplications": ALL, "applicationFilter": chosen("include")}],
        NOWHERE,
        EVERYWHERE,
    ),
    Row(
        "a filter in a mode that nobody knows",
        [{"includeApplications": ALL, "applicationFilter": chosen("maybe")}],
        NOWHERE,
        EVERYWHERE,
    ),
    Row(
        "all but all",
        [{"includeApplications": ALL, "excludeApplications": ALL}],
        NOWHERE,
        EVERYWHERE,
    ),
    Row("a new way to name them", [{"includeApplications": ALL, "x": ["y"]}], NOWHERE, EVERYWHERE),
    Row("nothing is said of them", [{}], NOWHERE, EVERYWHERE),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_applications(row: Row) -> None:
    """Only all applications are all; what one policy leaves, another may take."""
    tellings = [told(applications=one, name=str(at)) for at, one in enumerate(row.applications)]
    assert extents(*tellings) == (row.least, row.most or row.least)
