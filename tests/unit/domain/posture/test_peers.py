"""What other systems get wrong about who is protected, each as a case of its own."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from shared.domain.authentication import PerUserMfaState
from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.posture.means import Means
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import Verdict
from shared.domain.posture.tenant import Settings
from tests.unit.domain.conditional_access.telling import told
from tests.unit.domain.posture.people import (
    DIM,
    KIM,
    NOTHING,
    READY,
    RESISTANT,
    judged,
    person,
    registered,
    tenant,
)

DISABLED, ENABLED, ENFORCED = PerUserMfaState
PROTECTED, WEAK, UNPROTECTED, UNKNOWN = (
    Verdict.PROTECTED,
    Verdict.WEAK,
    Verdict.UNPROTECTED,
    Verdict.UNKNOWN,
)
STAFF = {"includeUsers": [], "includeGroups": ["staff"]}
BUT_STAFF = {"includeUsers": ["All"], "excludeGroups": ["staff"]}
IN_STAFF = replace(KIM, groups=frozenset({"staff"}))
UNREAD_STAFF = replace(KIM, unread_groups=frozenset({"staff"}))
ADMIN_POLICY = {"includeUsers": [], "includeRoles": ["admin"]}
THROUGH_GROUP = replace(KIM, roles=frozenset({"admin"}), could_hold=frozenset({"admin"}))
ELIGIBLE = replace(KIM, could_hold=frozenset({"admin"}))
EXTERNAL = replace(KIM, guest=GuestKind.OTHER_EXTERNAL)
STRONG = {"operator": "OR", "authenticationStrength": {"id": "s-mfa"}}
OR_DEVICE = {"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]}
DUO = {"operator": "OR", "customAuthenticationFactors": ["duo"]}
REGISTERING = {"includeUserActions": ["urn:user:registersecurityinfo"]}
BUT_APP = {"includeApplications": ["All"], "excludeApplications": ["app"]}
HOME = {"includeLocations": ["All"], "excludeLocations": ["home"]}
WINDOWS = {"includePlatforms": ["windows"]}


class Row(NamedTuple):
    """A tenant, somebody, and the verdict that others miss."""

    why: str
    settings: Settings
    person: Person
    expected: Verdict


ROWS = [
    Row(
        "CIPP: MFA or a compliant device counts as MFA",
        tenant(told(grant=OR_DEVICE)),
        person(),
        UNPROTECTED,
    ),
    Row(
        "CIPP: the risk is not looked at",
        tenant(told(signInRiskLevels=["high"])),
        person(),
        UNPROTECTED,
    ),
    Row(
        "Maester: nor was the person's",
        tenant(told(userRiskLevels=["high"])),
        person(),
        UNPROTECTED,
    ),
    Row("CIPP: platforms are not looked at", tenant(told(platforms=WINDOWS)), person(), WEAK),
    Row("CIPP: nor locations", tenant(told(locations=HOME)), person(), WEAK),
    Row("CIPP: nor clients", tenant(told(clientAppTypes=["other"])), person(), UNPROTECTED),
    Row(
        "CIPP: nor flows",
        tenant(told(authenticationFlows={"transferMethods": "deviceCodeFlow"})),
        person(),
        UNPROTECTED,
    ),
    Row("CIPP: nor excluded applications", tenant(told(applications=BUT_APP)), person(), WEAK),
    Row(
        "CIPP: registering counts as an application",
        tenant(told(applications=REGISTERING)),
        person(),
        UNPROTECTED,
    ),
    Row(
        "CIPP: members of members are missed",
        tenant(told(STAFF)),
        person(belonging=IN_STAFF),
        PROTECTED,
    ),
    Row(
        "CIPP: also where they are excluded",
        tenant(told(BUT_STAFF)),
        person(belonging=IN_STAFF),
        UNPROTECTED,
    ),
    Row(
        "CIPP: an unread exclusion covers everybody",
        tenant(told(BUT_STAFF)),
        person(belonging=UNREAD_STAFF),
        UNKNOWN,
    ),
    Row(
        "CIPP: roles through groups are missed",
        tenant(told(ADMIN_POLICY)),
        person(belonging=THROUGH_GROUP),
        PROTECTED,
    ),
    Row(
        "who could activate a role is not covered yet",
        tenant(told(ADMIN_POLICY)),
        person(belonging=ELIGIBLE),
        UNPROTECTED,
    ),
    Row(
        "CIPP: the old word for guests matches nobody",
        tenant(told({"includeUsers": ["GuestsOrExternalUsers"]})),
        person(belonging=EXTERNAL),
        PROTECTED,
    ),
    Row(
        "CIPP: a custom control counts in one place", tenant(told(grant=DUO)), person(), UNPROTECTED
    ),
    Row(
        "CIPP: security defaults are listed as missing", tenant(defaults=True), person(), PROTECTED
    ),
    Row("CIPP: enabled counts as protected", tenant(), person(ENABLED), WEAK),
    Row("CIPP: without the report nothing is judged", tenant(), person(DISABLED, DIM), UNPROTECTED),
    Row(
        "Prowler: a missing permission fails everybody",
        tenant(told()),
        person(DISABLED, DIM),
        UNKNOWN,
    ),
    Row(
        "Prowler: capable is taken for required", tenant(), person(DISABLED, RESISTANT), UNPROTECTED
    ),
    Row(
        "Guardrails: a strength is not recognised",
        tenant(told(grant=STRONG)),
        person(DISABLED, RESISTANT),
        PROTECTED,
    ),
    Row(
        "all but AdminDroid: a strength is taken for reached",
        tenant(told(grant=STRONG)),
        person(DISABLED, READY),
        WEAK,
    ),
    Row("AdminDroid: enforced alone counts", tenant(told()), person(DISABLED), PROTECTED),
    Row(
        "ScubaGear: an exclusion of others fails everybody",
        tenant(told({"includeUsers": ["All"], "excludeUsers": ["lee"]})),
        person(),
        PROTECTED,
    ),
    Row(
        "MSIdentityTools: MFA of a federated domain is invisible",
        tenant(told()),
        person(DISABLED, NOTHING, elsewhere=True),
        PROTECTED,
    ),
    Row(
        "c7n: a method that is there is taken for protection",
        tenant(),
        person(DISABLED, READY),
        UNPROTECTED,
    ),
    Row(
        "c7n: a method that is not allowed is taken for one",
        tenant(told()),
        person(DISABLED, registered(Means.HARDWARE_OATH, capable=False)),
        WEAK,
    ),
    Row("DSC: the state alone says disabled", tenant(told()), person(DISABLED), PROTECTED),
    Row(
        "break glass is left out",
        tenant(told({"includeUsers": ["All"], "excludeUsers": ["kim"]})),
        person(DISABLED, RESISTANT, break_glass=True),
        UNPROTECTED,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_what_others_get_wrong(row: Row) -> None:
    """Each defect of a peer that was found by reading it is none of ours."""
    assert judged(row.settings, row.person).verdict is row.expected
