"""What in particular a reason is about."""

import pytest

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.locations import TRUSTED_IPS
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import Reason
from shared.domain.posture.reasons import ReasonCode as Code
from shared.domain.posture.tenant import Settings
from tests.unit.domain.conditional_access.telling import told
from tests.unit.domain.posture.people import DIM, NOTHING, judged, person, tenant

DISABLED, ENABLED, ENFORCED = PerUserMfaState
WHY = DIM.reason
STRONG = {"operator": "OR", "authenticationStrength": {"id": "s-mfa"}}
NEW = {"operator": "OR", "builtInControls": ["new"]}
LINUX = {"includePlatforms": ["all"], "excludePlatforms": ["linux"]}
BUT_TWO = {"includeApplications": ["All"], "excludeApplications": ["a", "b"]}
RISK = ["none", "low"]


@pytest.mark.parametrize(
    ("settings", "who", "expected"),
    [
        (
            tenant(told(name="B"), told(name="A")),
            person(),
            Reason(Code.CONDITIONAL_ACCESS, "'A', 'B'"),
        ),
        (
            tenant(*(told(name=name) for name in "EDCBA")),
            person(),
            Reason(Code.CONDITIONAL_ACCESS, "'A', 'B', 'C' and 2 more"),
        ),
        (tenant(), person(), Reason(Code.NOT_REQUIRED, "")),
        (tenant(told(platforms=LINUX)), person(), Reason(Code.GAP, "on the platform linux")),
        (
            tenant(told(signInRiskLevels=RISK)),
            person(),
            Reason(Code.GAP, "with the sign-in risk high or medium"),
        ),
        (
            tenant(
                told(applications=BUT_TWO),
                told(name="perhaps", grant=NEW, applications={"includeApplications": ["a"]}),
            ),
            person(),
            Reason(Code.GAP, "to the application b"),
        ),
        (tenant(told(grant=STRONG)), person(), Reason(Code.STRENGTH_NOT_MET, "'MFA'")),
        (tenant(told(name="A", grant=NEW)), person(), Reason(Code.UNKNOWN_COVERAGE, "'A'")),
        (Settings(policies=DIM), person(), Reason(Code.UNKNOWN_COVERAGE, WHY)),
        (tenant(), person(DIM), Reason(Code.UNKNOWN_STATE, WHY)),
        (tenant(told()), person(DISABLED, DIM), Reason(Code.UNKNOWN_REGISTRATION, WHY)),
        (tenant(defaults=DIM), person(), Reason(Code.UNKNOWN_DEFAULTS, WHY)),
        (tenant(), person(exempt=DIM), Reason(Code.UNKNOWN_EXEMPTION, WHY)),
        (
            tenant(told()),
            person(DISABLED, NOTHING, elsewhere=DIM),
            Reason(Code.UNKNOWN_ELSEWHERE, WHY),
        ),
        (
            tenant(trusted_ips=True),
            person(ENFORCED),
            Reason(Code.GAP, "from the trusted IPs of the MFA service settings"),
        ),
    ],
)
def test_particulars(settings: Settings, who: Person, expected: Reason) -> None:
    """Policies, gaps and causes are named, at most three of a kind."""
    assert judged(settings, who).reasons[0] == expected


def test_the_policies_beside_per_user_mfa_are_named() -> None:
    """It is none of them itself."""
    policy = told(name="A", locations={"includeLocations": [TRUSTED_IPS]})
    reasons = judged(tenant(policy, trusted_ips=True), person(ENFORCED)).reasons
    assert reasons == (Reason(Code.PER_USER_ENFORCED), Reason(Code.CONDITIONAL_ACCESS, "'A'"))


def test_causes_are_told_as_they_came() -> None:
    """Two people with the same trouble from different causes are told their own."""
    other = Unknown("Another cause.")
    found = [judged(tenant(), person(cause)).reasons[0].detail for cause in (DIM, other)]
    assert found == [WHY, "Another cause."]
