"""Several policies add up, and blocks count for what they cover."""

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from shared.domain.conditional_access.requirement import BLOCK as BLOCKED
from shared.domain.conditional_access.requirement import Extent, Requirements
from tests.unit.domain.conditional_access.telling import (
    BLOCK,
    EVERYWHERE,
    KIM,
    NOWHERE,
    PARTLY,
    STRENGTHS,
    extents,
    policies,
    required,
    told,
)

OR_DEVICE = {"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]}
NEW = {"operator": "OR", "builtInControls": ["newControl"]}
BUT_APP = {"includeApplications": ["All"], "excludeApplications": ["app"]}
APP = {"includeApplications": ["app"]}
BUT_LINUX = {"includePlatforms": ["all"], "excludePlatforms": ["linux"]}
LINUX = {"includePlatforms": ["linux"]}
CALM, RISKY = ["none", "low"], ["medium", "high"]
STAFF = {"includeUsers": [], "includeGroups": ["staff"]}
BUT_STAFF = {"includeUsers": ["All"], "excludeGroups": ["staff"]}


class Row(NamedTuple):
    """Some policies, and how far they require MFA."""

    why: str
    tellings: list[dict[str, Any]]
    least: Extent
    most: Extent | None = None


ROWS = [
    Row("no policy", [], NOWHERE),
    Row("a block of everything lets nobody in without MFA", [told(grant=BLOCK)], EVERYWHERE),
    Row(
        "a block of what is left",
        [told(applications=BUT_APP), told(grant=BLOCK, applications=APP)],
        EVERYWHERE,
    ),
    Row(
        "what lets in without MFA adds nothing",
        [told(applications=BUT_APP), told(grant=OR_DEVICE)],
        PARTLY,
    ),
    Row("nor takes anything away", [told(), told(grant=OR_DEVICE), told(grant=None)], EVERYWHERE),
    Row(
        "three dimensions: a chain that leaves nothing",
        [
            told(applications=BUT_APP),
            told(applications=APP, platforms=BUT_LINUX),
            told(applications=APP, platforms=LINUX, signInRiskLevels=CALM),
            told(applications=APP, platforms=LINUX, signInRiskLevels=RISKY),
        ],
        EVERYWHERE,
    ),
    Row(
        "three dimensions: a chain that leaves one corner",
        [
            told(applications=BUT_APP),
            told(applications=APP, platforms=BUT_LINUX),
            told(applications=APP, platforms=LINUX, signInRiskLevels=CALM),
            told(applications=APP, platforms=LINUX, signInRiskLevels=["medium"]),
        ],
        PARTLY,
    ),
    Row(
        "three dimensions: each leaves another",
        [told(applications=BUT_APP), told(platforms=BUT_LINUX), told(signInRiskLevels=CALM)],
        PARTLY,
    ),
    Row(
        "three dimensions: the corner of all three is blocked",
        [
            told(applications=BUT_APP),
            told(platforms=BUT_LINUX),
            told(signInRiskLevels=CALM),
            told(grant=BLOCK, applications=APP, platforms=LINUX, signInRiskLevels=RISKY),
        ],
        EVERYWHERE,
    ),
    Row("one for a group, one for all others", [told(STAFF), told(BUT_STAFF)], EVERYWHERE),
    Row(
        "what may be MFA may close the gap",
        [told(applications=BUT_APP), told(grant=NEW)],
        PARTLY,
        EVERYWHERE,
    ),
    Row(
        "what may be MFA can't close another gap",
        [told(applications=BUT_APP), told(grant=NEW, platforms=LINUX)],
        PARTLY,
    ),
    Row(
        "what may be MFA decides nothing where all is covered",
        [told(), told(grant=NEW)],
        EVERYWHERE,
    ),
    Row(
        "policies may lack an id",
        [told(name="", applications=BUT_APP), told(name="", platforms=BUT_LINUX)],
        PARTLY,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_policies_add_up(row: Row) -> None:
    """What matters is that no combination of conditions is left without MFA or a block."""
    assert extents(*row.tellings) == (row.least, row.most or row.least)


def test_each_person_has_their_own_policies() -> None:
    """Who is treated alike is looked at once, and nobody else with them."""
    required_of = Requirements(policies(told(STAFF), told(BUT_STAFF, applications=BUT_APP)))
    staff = replace(KIM, groups=frozenset({"staff"}))
    unread = replace(KIM, unread_groups=frozenset({"staff"}))
    found = [required_of.of(one) for one in (KIM, staff, unread, KIM)]
    assert [(one.least, one.most) for one in found] == [
        (PARTLY, PARTLY),
        (EVERYWHERE, EVERYWHERE),
        (NOWHERE, EVERYWHERE),
        (PARTLY, PARTLY),
    ]


def test_policies_for_workloads_are_about_no_person() -> None:
    """Neither with what they name, nor with their risk."""
    workload = told(
        clientApplications={"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}
    )
    risky = told(servicePrincipalRiskLevels=["high"])
    nobody = told(clientApplications={"includeServicePrincipals": []})
    assert policies(workload, risky) == ()
    assert extents(nobody) == (EVERYWHERE, EVERYWHERE)


def test_policies_by_which_it_is_required() -> None:
    """Those that cover the person, and those of which nobody can tell."""
    found = required(
        told(name="sure"),
        told({"includeUsers": ["lee"]}, name="not theirs"),
        told(grant=NEW, name="doubtful"),
        told(grant=OR_DEVICE, name="no MFA"),
        told(clientAppTypes=["other"], name="old clients"),
    )
    assert [one.name for one in found.by] == ["sure"]
    assert [one.name for one in found.doubtful] == ["doubtful"]


def test_strengths_that_are_asked_for() -> None:
    """By policies that apply where there is no risk: surely, or perhaps."""
    strong = {"operator": "OR", "authenticationStrength": {"id": "s-mfa"}}
    found = required(told(grant=strong), told(grant=strong, times=5))
    assert (found.strengths, found.perhaps) == ((STRENGTHS["s-mfa"],), (STRENGTHS["s-mfa"],))
    assert required(told(grant=strong, signInRiskLevels=["high"])).strengths == ()


def test_what_is_asked_of_old_clients_and_blocks() -> None:
    """Another question about sign-ins or demands has its own answer."""
    found = policies(told(), told(grant=BLOCK, applications=APP))
    assert Requirements(found, demands=BLOCKED).of(KIM).least is NOWHERE
    assert Requirements(found).of(KIM).least is EVERYWHERE
