"""The verdict where all is known, with its reasons."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from shared.domain.authentication import PerUserMfaState
from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.conditional_access.locations import TRUSTED_IPS
from shared.domain.posture.means import Means
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import ReasonCode as Code
from shared.domain.posture.reasons import Verdict
from shared.domain.posture.tenant import Settings
from tests.unit.domain.conditional_access.telling import told
from tests.unit.domain.posture.people import (
    KIM,
    NOTHING,
    READY,
    RESISTANT,
    TEXTED,
    judged,
    person,
    registered,
    tenant,
)

DISABLED, ENABLED, ENFORCED = PerUserMfaState
PROTECTED, WEAK, UNPROTECTED = Verdict.PROTECTED, Verdict.WEAK, Verdict.UNPROTECTED
BARE = tenant()
CA = tenant(told())
PARTLY = tenant(told(platforms={"includePlatforms": ["all"], "excludePlatforms": ["linux"]}))
ONE_APP = tenant(told(applications={"includeApplications": ["app"]}))
DEFAULTS = tenant(defaults=True)
STRONG = tenant(
    told(grant={"operator": "OR", "authenticationStrength": {"id": "s-mfa"}}),
)
ADMIN = replace(KIM, roles=frozenset({"62e90394-69f5-4237-9190-012177145e10"}))
READER = replace(KIM, roles=frozenset({"88d8e3e3-8f55-4a1e-953a-9b9898b8876b"}))
CONNECT = replace(KIM, roles=frozenset({"d29b2b05-8046-44ba-8758-1e26182fcf32"}))
GUEST = replace(KIM, guest=GuestKind.COLLABORATION_GUEST)


class Row(NamedTuple):
    """A tenant, somebody, the verdict and its reasons."""

    why: str
    settings: Settings
    person: Person
    verdict: Verdict
    codes: tuple[Code, ...]


ROWS = [
    Row("nothing requires it", BARE, person(), UNPROTECTED, (Code.NOT_REQUIRED,)),
    Row(
        "nor of who is resistant",
        BARE,
        person(DISABLED, RESISTANT),
        UNPROTECTED,
        (Code.NOT_REQUIRED,),
    ),
    Row("a policy does", CA, person(), PROTECTED, (Code.CONDITIONAL_ACCESS,)),
    Row(
        "a passkey is told apart",
        CA,
        person(DISABLED, RESISTANT),
        PROTECTED,
        (Code.CONDITIONAL_ACCESS, Code.PHISHING_RESISTANT),
    ),
    Row("a policy with a gap", PARTLY, person(), WEAK, (Code.GAP,)),
    Row("a policy for an application", ONE_APP, person(), UNPROTECTED, (Code.NOT_REQUIRED,)),
    Row("enforced", BARE, person(ENFORCED), PROTECTED, (Code.PER_USER_ENFORCED,)),
    Row(
        "enforced beside a policy with a gap",
        PARTLY,
        person(ENFORCED),
        PROTECTED,
        (Code.PER_USER_ENFORCED,),
    ),
    Row(
        "enforced but at trusted IPs", tenant(trusted_ips=True), person(ENFORCED), WEAK, (Code.GAP,)
    ),
    Row(
        "enforced, and policies at the trusted IPs",
        tenant(told(locations={"includeLocations": [TRUSTED_IPS]}), trusted_ips=True),
        person(ENFORCED),
        PROTECTED,
        (Code.PER_USER_ENFORCED, Code.CONDITIONAL_ACCESS),
    ),
    Row(
        "enforced where a policy protects, too",
        CA,
        person(ENFORCED),
        PROTECTED,
        (Code.PER_USER_ENFORCED, Code.CONDITIONAL_ACCESS),
    ),
    Row("enabled and registered", BARE, person(ENABLED), WEAK, (Code.ENABLED_NOT_ENFORCED,)),
    Row(
        "enabled and not registered",
        BARE,
        person(ENABLED, NOTHING),
        WEAK,
        (Code.ENABLED_NOT_ENFORCED, Code.NOT_REGISTERED),
    ),
    Row(
        "enabled where a policy protects",
        CA,
        person(ENABLED),
        PROTECTED,
        (Code.CONDITIONAL_ACCESS,),
    ),
    Row("enabled where a policy has a gap", PARTLY, person(ENABLED), WEAK, (Code.GAP,)),
    Row(
        "enabled where a policy is for an application",
        ONE_APP,
        person(ENABLED),
        WEAK,
        (Code.ENABLED_NOT_ENFORCED,),
    ),
    Row(
        "security defaults, of an administrator",
        DEFAULTS,
        person(belonging=ADMIN),
        PROTECTED,
        (Code.SECURITY_DEFAULTS,),
    ),
    Row(
        "security defaults, of others only at a risk",
        DEFAULTS,
        person(),
        PROTECTED,
        (Code.SECURITY_DEFAULTS_AT_RISK,),
    ),
    Row(
        "security defaults, of who holds a role that they don't name",
        DEFAULTS,
        person(belonging=READER),
        PROTECTED,
        (Code.SECURITY_DEFAULTS_AT_RISK,),
    ),
    Row(
        "security defaults ask nothing of Entra Connect's account",
        DEFAULTS,
        person(DISABLED, NOTHING, belonging=CONNECT),
        UNPROTECTED,
        (Code.NOT_REQUIRED,),
    ),
    Row(
        "but a policy does",
        tenant(told(), defaults=True),
        person(DISABLED, NOTHING, belonging=CONNECT),
        WEAK,
        (Code.NOT_REGISTERED,),
    ),
    Row(
        "security defaults of who has nothing",
        DEFAULTS,
        person(DISABLED, NOTHING),
        WEAK,
        (Code.NOT_REGISTERED,),
    ),
    Row("required but not registered", CA, person(DISABLED, NOTHING), WEAK, (Code.NOT_REGISTERED,)),
    Row("text messages alone", CA, person(DISABLED, TEXTED), WEAK, (Code.TELEPHONY_ONLY,)),
    Row("a pass alone", CA, person(DISABLED, registered(Means.PASS)), WEAK, (Code.PASS_ONLY,)),
    Row(
        "Windows Hello alone",
        CA,
        person(DISABLED, registered(Means.WINDOWS_HELLO)),
        WEAK,
        (Code.ONE_MACHINE_ONLY,),
    ),
    Row(
        "what the tenant forbids",
        CA,
        person(DISABLED, registered(Means.SOFTWARE_OATH, capable=False)),
        WEAK,
        (Code.NOT_CAPABLE,),
    ),
    Row(
        "a gap and nothing registered",
        PARTLY,
        person(DISABLED, NOTHING),
        WEAK,
        (Code.GAP, Code.NOT_REGISTERED),
    ),
    Row(
        "a strength that they reach",
        STRONG,
        person(DISABLED, RESISTANT),
        PROTECTED,
        (Code.CONDITIONAL_ACCESS, Code.PHISHING_RESISTANT),
    ),
    Row("a strength that they don't", STRONG, person(), WEAK, (Code.STRENGTH_NOT_MET,)),
    Row(
        "a guest whose home does it",
        CA,
        person(DISABLED, NOTHING, elsewhere=True, belonging=GUEST),
        PROTECTED,
        (Code.CONDITIONAL_ACCESS, Code.REGISTERED_ELSEWHERE),
    ),
    Row(
        "whose home does it, where nothing requires it",
        BARE,
        person(DISABLED, NOTHING, elsewhere=True),
        UNPROTECTED,
        (Code.NOT_REQUIRED,),
    ),
    Row("exempt", BARE, person(exempt=True), Verdict.EXEMPT, (Code.EXEMPT,)),
    Row("exempt, protected or not", CA, person(exempt=True), Verdict.EXEMPT, (Code.EXEMPT,)),
    Row(
        "exempt no more, and not put back",
        BARE,
        person(overdue=True),
        UNPROTECTED,
        (Code.NOT_REQUIRED, Code.EXEMPTION_OVERDUE),
    ),
    Row(
        "nor half-way",
        BARE,
        person(ENABLED, overdue=True),
        WEAK,
        (Code.ENABLED_NOT_ENFORCED, Code.EXEMPTION_OVERDUE),
    ),
    Row(
        "not put back, and protected otherwise",
        CA,
        person(overdue=True),
        PROTECTED,
        (Code.CONDITIONAL_ACCESS,),
    ),
    Row(
        "in grace with nothing",
        CA,
        person(DISABLED, NOTHING, in_grace=True),
        WEAK,
        (Code.IN_GRACE, Code.NOT_REGISTERED),
    ),
    Row(
        "in grace where nothing requires it",
        BARE,
        person(in_grace=True),
        WEAK,
        (Code.IN_GRACE, Code.NOT_REQUIRED),
    ),
    Row("in grace and protected", CA, person(in_grace=True), PROTECTED, (Code.CONDITIONAL_ACCESS,)),
    Row(
        "break glass with a passkey",
        CA,
        person(DISABLED, RESISTANT, break_glass=True),
        PROTECTED,
        (Code.CONDITIONAL_ACCESS, Code.PHISHING_RESISTANT),
    ),
    Row(
        "break glass without",
        CA,
        person(DISABLED, READY, break_glass=True),
        WEAK,
        (Code.BREAK_GLASS_NOT_RESISTANT,),
    ),
    Row(
        "break glass with nothing",
        CA,
        person(DISABLED, NOTHING, break_glass=True),
        WEAK,
        (Code.NOT_REGISTERED,),
    ),
    Row(
        "break glass of which nothing is required",
        BARE,
        person(DISABLED, RESISTANT, break_glass=True),
        UNPROTECTED,
        (Code.NOT_REQUIRED,),
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_verdict(row: Row) -> None:
    """What requires MFA of a person, and whether they have what it takes, decide."""
    posture = judged(row.settings, row.person)
    assert (posture.verdict, posture.codes) == (row.verdict, row.codes)
