"""What a verdict assumes of the MFA service settings, which no API tells."""

from typing import NamedTuple

import pytest

from shared.contracts.posture_view import EvidenceView, evidence_of
from shared.domain.authentication import PerUserMfaState
from shared.domain.conditional_access.locations import TRUSTED_IPS
from shared.domain.posture.explaining import summary
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import ReasonCode as Code
from shared.domain.posture.reasons import Verdict
from shared.domain.posture.tenant import Settings
from tests.unit.domain.conditional_access.telling import told
from tests.unit.domain.posture.people import DIM, NOTHING, judged, person, tenant

DISABLED, ENABLED, ENFORCED = PerUserMfaState
ASSUMED = Code.NO_TRUSTED_IPS_ASSUMED
LINUX = {"includePlatforms": ["all"], "excludePlatforms": ["linux"]}


def untold(*tellings: dict[str, object]) -> Settings:
    """A tenant of whose MFA service settings nobody has said anything."""
    return tenant(*tellings, trusted_ips=None)


def but_at(*locations: str) -> dict[str, object]:
    """A policy for everywhere but certain locations."""
    return told(locations={"includeLocations": ["All"], "excludeLocations": list(locations)})


class Row(NamedTuple):
    """A tenant, somebody, and the codes of the reasons."""

    why: str
    settings: Settings
    person: Person
    codes: tuple[Code, ...]


ROWS = [
    Row(
        "enforced, and nothing else", untold(), person(ENFORCED), (Code.PER_USER_ENFORCED, ASSUMED)
    ),
    Row(
        "beside a policy with a gap",
        untold(told(platforms=LINUX)),
        person(ENFORCED),
        (Code.PER_USER_ENFORCED, ASSUMED),
    ),
    Row(
        "that there is no gap besides rests on it, too",
        untold(),
        person(ENFORCED, NOTHING),
        (Code.NOT_REGISTERED, ASSUMED),
    ),
    Row(
        "a policy that leaves them out",
        untold(but_at(TRUSTED_IPS)),
        person(),
        (Code.CONDITIONAL_ACCESS, ASSUMED),
    ),
    Row(
        "or all that is trusted",
        untold(but_at("AllTrusted")),
        person(),
        (Code.CONDITIONAL_ACCESS, ASSUMED),
    ),
    Row(
        "somebody has said that there are none",
        tenant(),
        person(ENFORCED),
        (Code.PER_USER_ENFORCED,),
    ),
    Row("or some", tenant(trusted_ips=True), person(ENFORCED), (Code.GAP,)),
    Row(
        "a policy that leaves nothing out",
        untold(told()),
        person(ENFORCED),
        (Code.PER_USER_ENFORCED, Code.CONDITIONAL_ACCESS),
    ),
    Row("the policy alone", untold(told()), person(), (Code.CONDITIONAL_ACCESS,)),
    Row("not enforced", untold(), person(), (Code.NOT_REQUIRED,)),
    Row("enabled", untold(), person(ENABLED), (Code.ENABLED_NOT_ENFORCED,)),
    Row("exempt", untold(), person(ENFORCED, exempt=True), (Code.EXEMPT,)),
    Row("unknown anyway", untold(), person(ENFORCED, DIM), (Code.UNKNOWN_REGISTRATION,)),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_what_rests_on_it_says_so(row: Row) -> None:
    """And nothing else does."""
    posture = judged(row.settings, row.person)
    assert posture.codes == row.codes
    evidence = {one.fact: one.known for one in evidence_of(row.person, posture, enabled=True)}
    assert ("assumption" in evidence) is (ASSUMED in row.codes)
    assert "assumes" not in summary(posture.verdict, posture.reasons) or ASSUMED in row.codes


def test_a_gap_does_not_speak_of_what_is_assumed() -> None:
    """Only of what tells those sign-ins from others."""
    posture = judged(untold(told(platforms=LINUX)), person())
    assert [reason.detail for reason in posture.reasons] == ["on the platform linux"]


def test_the_sentence_and_the_evidence_say_it() -> None:
    """After everything else, in words."""
    posture = judged(untold(), person(ENFORCED))
    assert posture.verdict is Verdict.PROTECTED
    assert summary(posture.verdict, posture.reasons) == (
        "MFA is required at every sign-in because per-user MFA is enforced, and the person has"
        " what it takes; this assumes that the MFA service settings name no trusted IPs, which"
        " nobody attested."
    )
    *_, last = evidence_of(person(ENFORCED), posture, enabled=True)
    assert last == EvidenceView(
        "assumption",
        "An assumption beside the other reasons, which changes no verdict: the MFA service"
        " settings name no trusted IPs, from which nobody is asked for MFA. No API tells, and"
        " nobody has attested it.",
    )
