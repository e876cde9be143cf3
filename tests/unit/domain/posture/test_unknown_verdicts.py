"""What can't be read makes a verdict unknown where it decides, and says which it was."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from shared.domain.authentication import PerUserMfaState
from shared.domain.posture.means import Means
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import ReasonCode as Code
from shared.domain.posture.reasons import Verdict
from shared.domain.posture.tenant import Settings
from tests.unit.domain.conditional_access.telling import told
from tests.unit.domain.posture.people import (
    DIM,
    KIM,
    NOTHING,
    RESISTANT,
    judged,
    person,
    registered,
    tenant,
)

DISABLED, ENABLED, ENFORCED = PerUserMfaState
UNKNOWN = Verdict.UNKNOWN
BARE, CA = tenant(), tenant(told())
PARTLY = tenant(told(platforms={"includePlatforms": ["windows"]}))
UNREAD_POLICIES = (Code.UNKNOWN_COVERAGE, Code.UNKNOWN_STRENGTH)
UNREAD = Settings(policies=DIM)
NEW = tenant(told(grant={"operator": "OR", "builtInControls": ["newControl"]}))
STAFF = tenant(told({"includeUsers": [], "includeGroups": ["staff"]}))
HIDDEN = replace(KIM, unread_groups=frozenset({"staff"}))
STRONG = told(grant={"operator": "OR", "authenticationStrength": {"id": "s-mfa"}})
PERHAPS_STRONG = tenant(told(), STRONG | {"conditions": STRONG["conditions"] | {"times": 5}})
PERHAPS_PARTLY = tenant(
    told(
        platforms={"includePlatforms": ["all"], "excludePlatforms": ["linux"]},
        grant={"operator": "OR", "builtInControls": ["newControl"]},
    )
)
STRANGE = registered(Means.UNRECOGNISED)


class Row(NamedTuple):
    """A tenant, somebody, the verdict and its reasons."""

    why: str
    settings: Settings
    person: Person
    verdict: Verdict
    codes: tuple[Code, ...]


ROWS = [
    Row("the state decides", BARE, person(DIM), UNKNOWN, (Code.UNKNOWN_STATE,)),
    Row(
        "a policy protects in any state",
        CA,
        person(DIM),
        Verdict.PROTECTED,
        (Code.CONDITIONAL_ACCESS,),
    ),
    Row(
        "the registration decides", CA, person(DISABLED, DIM), UNKNOWN, (Code.UNKNOWN_REGISTRATION,)
    ),
    Row(
        "and is told alone where the state decides nothing",
        CA,
        person(DIM, DIM),
        UNKNOWN,
        (Code.UNKNOWN_REGISTRATION,),
    ),
    Row(
        "not where nothing is required",
        BARE,
        person(DISABLED, DIM),
        Verdict.UNPROTECTED,
        (Code.NOT_REQUIRED,),
    ),
    Row(
        "nor where there is a gap anyway", PARTLY, person(DISABLED, DIM), Verdict.WEAK, (Code.GAP,)
    ),
    Row("the defaults decide", tenant(defaults=DIM), person(), UNKNOWN, (Code.UNKNOWN_DEFAULTS,)),
    Row(
        "not beside a policy",
        tenant(told(), defaults=DIM),
        person(),
        Verdict.PROTECTED,
        (Code.CONDITIONAL_ACCESS,),
    ),
    Row("the policies decide", UNREAD, person(), UNKNOWN, UNREAD_POLICIES),
    Row(
        "a passkey may fail a strength too",
        UNREAD,
        person(DISABLED, RESISTANT),
        UNKNOWN,
        UNREAD_POLICIES,
    ),
    Row(
        "unread policies may ask an enforced one for a strength",
        UNREAD,
        person(ENFORCED),
        UNKNOWN,
        (Code.UNKNOWN_STRENGTH,),
    ),
    Row(
        "an enforced one with nothing is weak",
        UNREAD,
        person(ENFORCED, NOTHING),
        Verdict.WEAK,
        (Code.NOT_REGISTERED,),
    ),
    Row(
        "an enabled one with nothing is weak",
        UNREAD,
        person(ENABLED, NOTHING),
        Verdict.WEAK,
        (Code.NOT_REGISTERED,),
    ),
    Row("a new control decides", NEW, person(), UNKNOWN, (Code.UNKNOWN_COVERAGE,)),
    Row(
        "not of who is enforced",
        NEW,
        person(ENFORCED),
        Verdict.PROTECTED,
        (Code.PER_USER_ENFORCED,),
    ),
    Row(
        "a hidden group decides", STAFF, person(belonging=HIDDEN), UNKNOWN, (Code.UNKNOWN_COVERAGE,)
    ),
    Row(
        "not of who is not asked",
        CA,
        person(belonging=HIDDEN),
        Verdict.PROTECTED,
        (Code.CONDITIONAL_ACCESS,),
    ),
    Row(
        "whether they are exempt decides",
        BARE,
        person(exempt=DIM),
        UNKNOWN,
        (Code.UNKNOWN_EXEMPTION,),
    ),
    Row(
        "where they do MFA decides",
        CA,
        person(DISABLED, NOTHING, elsewhere=DIM),
        UNKNOWN,
        (Code.UNKNOWN_ELSEWHERE,),
    ),
    Row(
        "not of who has both",
        CA,
        person(elsewhere=DIM),
        Verdict.PROTECTED,
        (Code.CONDITIONAL_ACCESS,),
    ),
    Row(
        "an unread registration matters to nobody who does it elsewhere",
        CA,
        person(DISABLED, DIM, elsewhere=True),
        Verdict.PROTECTED,
        (Code.CONDITIONAL_ACCESS, Code.REGISTERED_ELSEWHERE),
    ),
    Row(
        "which methods they use elsewhere can't be read",
        tenant(STRONG),
        person(elsewhere=True),
        UNKNOWN,
        (Code.UNKNOWN_STRENGTH,),
    ),
    Row(
        "nor whether they are any good, whatever is registered here",
        tenant(STRONG),
        person(DISABLED, DIM, elsewhere=True),
        UNKNOWN,
        (Code.UNKNOWN_STRENGTH,),
    ),
    Row(
        "a strength that may be asked for decides",
        PERHAPS_STRONG,
        person(),
        UNKNOWN,
        (Code.UNKNOWN_STRENGTH,),
    ),
    Row(
        "not of who reaches it",
        PERHAPS_STRONG,
        person(DISABLED, RESISTANT),
        Verdict.PROTECTED,
        (Code.CONDITIONAL_ACCESS, Code.PHISHING_RESISTANT),
    ),
    Row(
        "a new method may be anything",
        CA,
        person(DISABLED, STRANGE),
        UNKNOWN,
        (Code.UNKNOWN_REGISTRATION,),
    ),
    Row(
        "it takes nothing away from an authenticator",
        CA,
        person(DISABLED, registered(Means.AUTHENTICATOR_PUSH, Means.UNRECOGNISED)),
        Verdict.PROTECTED,
        (Code.CONDITIONAL_ACCESS,),
    ),
    Row(
        "nor from the passkey of break glass",
        CA,
        person(DISABLED, registered(Means.PASSKEY, Means.UNRECOGNISED), break_glass=True),
        Verdict.PROTECTED,
        (Code.CONDITIONAL_ACCESS, Code.PHISHING_RESISTANT),
    ),
    Row(
        "but may be resistant",
        CA,
        person(
            DISABLED, registered(Means.AUTHENTICATOR_PUSH, Means.UNRECOGNISED), break_glass=True
        ),
        UNKNOWN,
        (Code.UNKNOWN_REGISTRATION,),
    ),
    Row(
        "two unknowns that decide together are both told",
        tenant(defaults=DIM),
        person(DIM),
        UNKNOWN,
        (Code.UNKNOWN_STATE, Code.UNKNOWN_DEFAULTS),
    ),
    Row(
        "an unread state says nothing of who would be weak anyway",
        CA,
        person(DIM, NOTHING),
        Verdict.WEAK,
        (Code.NOT_REGISTERED,),
    ),
    Row(
        "a verdict that has another reason in each case has none but what is unread",
        PERHAPS_PARTLY,
        person(ENABLED, DIM),
        Verdict.WEAK,
        (Code.UNKNOWN_COVERAGE, Code.UNKNOWN_REGISTRATION),
    ),
    Row(
        "roles that can't be read decide nothing for defaults",
        tenant(defaults=True),
        person(belonging=replace(KIM, roles=DIM)),
        Verdict.PROTECTED,
        (Code.SECURITY_DEFAULTS_AT_RISK,),
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_unknown(row: Row) -> None:
    """Unknown is said where it decides, with what decides it; elsewhere the verdict stands."""
    posture = judged(row.settings, row.person)
    assert (posture.verdict, posture.codes) == (row.verdict, row.codes)
