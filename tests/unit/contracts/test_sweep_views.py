"""What people read of runs, findings and postures: the shapes that outsiders rely on."""

from collections import Counter
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from shared.contracts.finding_view import ChangeView, FindingView
from shared.contracts.posture_view import EvidenceView, PostureView, SsprView, evidence_of
from shared.contracts.run_line import RunLine
from shared.contracts.run_view import RunView
from shared.domain.alive import Alive, LedgerTime
from shared.domain.authentication import Unknown
from shared.domain.ids import CaseId, GroupId
from shared.domain.posture.judging import Door, Posture
from shared.domain.posture.means import Means
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.posture.registration import Registration
from shared.domain.sweep.lines import Cause, Change
from shared.domain.sweep.outcomes import Outcome
from shared.domain.sweep.reconciliation import Reconciliation
from shared.domain.sweep.rows import Link, RegistrationRow
from shared.domain.sweep.runs import Cursor, GroupToRead, Problem, Remediation, RunState, Stream
from shared.domain.sweep.totals import Totals, totals_of
from tests.results import BEGAN, a_line, a_run, a_user


def written(view: object) -> dict[str, Any]:
    """What the JSON says."""
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(view))
    return told


LINES = [
    a_line(1, Verdict.PROTECTED, means=frozenset({Means.PASSKEY})),
    a_line(2, Verdict.WEAK, means=frozenset({Means.MOBILE_PHONE}), department="R:D"),
    a_line(3, Verdict.UNKNOWN, department=""),
]
CHANGES = [
    Change(user_id=a_user(2), at=BEGAN, before=None, after=Verdict.WEAK, cause=Cause.NEW_PERSON),
    Change(user_id=a_user(9), at=BEGAN, before=Verdict.WEAK, after=None, cause=Cause.GONE),
    Change(user_id=a_user(8), at=BEGAN, before=Verdict.WEAK, after=None, cause=Cause.GONE),
]
NOBODY = {"protected": 0, "weak": 0, "exempt": 0, "unprotected": 0, "unknown": 0}


def test_a_run_that_has_ended() -> None:
    """All that it counted, with every verdict, door and answer, also those of nobody."""
    totals = totals_of(LINES, CHANGES, left_out=4)
    run = replace(
        a_run(state=RunState.PARTIAL, slices=2, totals=totals),
        problems=(Problem(what="registrations", reason="graph-throttled: 429"),),
        remediation=Remediation(case_id=CaseId("c" * 32), people=1, left=0, allowed=1),
        reconciliation=Reconciliation(since=BEGAN, until=BEGAN, changes=5, misuse=2, unknown=1),
    )
    assert written(RunView.of(run, totals, judged=2, outcome=Outcome.HELD)) == {
        "runId": "20261122T020000Z-4f9c01de",
        "state": "partial",
        "stage": "nothing",
        "startedAt": "2026-11-22T02:00:00Z",
        "finishedAt": "2026-11-22T02:04:00Z",
        "by": "timer",
        "progress": {
            "expected": 0,
            "peoplePages": 0,
            "registrationPages": 0,
            "groupsLeft": 0,
            "parts": 2,
            "judged": 2,
        },
        "verdicts": {**NOBODY, "protected": 1, "weak": 1, "unknown": 1},
        "findings": 1,
        "lost": 0,
        "leftOut": 4,
        "problems": [{"what": "registrations", "reason": "graph-throttled: 429"}],
        "reasons": {"conditional-access": 1, "sms-or-voice-only": 1, "unknown-registration": 1},
        "departments": [
            {"name": "", "verdicts": {**NOBODY, "unknown": 1}},
            {"name": "R:D", "verdicts": {**NOBODY, "weak": 1}},
            {"name": "Sales", "verdicts": {**NOBODY, "protected": 1}},
        ],
        "changes": [
            {"cause": "gone", "before": "weak", "after": None, "people": 2},
            {"cause": "new-person", "before": None, "after": "weak", "people": 1},
        ],
        "sspr": {
            "registered": {"true": 3, "false": 0, "unknown": 0},
            "enabled": {"true": 3, "false": 0, "unknown": 0},
            "capable": {"true": 3, "false": 0, "unknown": 0},
        },
        "methods": {"mobile-phone": 1, "none": 1, "passkey": 1},
        "telephonyOnly": 1,
        "legacyAuthentication": {"blocked": 1, "open": 2, "unknown": 0},
        "appPasswords": {"blocked": 1, "open": 1, "unknown": 1},
        "appPasswordLedger": {
            "knownSince": "2026-10-01T09:30:00Z",
            "knownUntil": "2026-11-22T01:00:00Z",
            "unknown": None,
            "people": {"none": 0, "alive": 2, "unknown": 1},
            "exposedSurely": 0,
        },
        "appPasswordExposure": {"none": 1, "exposed": 1, "unknown": 1},
        "remediation": {
            "caseId": "c" * 32,
            "people": 1,
            "left": 0,
            "allowed": 1,
            "state": "held",
        },
        "reconciliation": {
            "since": "2026-11-22T02:00:00Z",
            "until": "2026-11-22T02:00:00Z",
            "changes": 5,
            "misuse": 2,
            "unknown": 1,
        },
    }


def test_a_run_that_goes_on() -> None:
    """How far it is; what it has not counted yet is nobody."""
    run = replace(
        a_run(state=RunState.RUNNING, slices=4),
        people=9_000,
        cursors={Stream.PEOPLE: Cursor(pages=10, done=True), Stream.REGISTRATIONS: Cursor(pages=3)},
        groups=(GroupToRead(GroupId("g"), Link.MEMBER),),
    )
    told = written(RunView.of(run, Totals(), judged=1))
    assert told["progress"] == {
        "expected": 9_000,
        "peoplePages": 10,
        "registrationPages": 3,
        "groupsLeft": 1,
        "parts": 4,
        "judged": 1,
    }
    assert (told["state"], told["finishedAt"], told["verdicts"]) == ("running", None, NOBODY)
    assert told["remediation"] == {}


def test_a_run_in_a_list_says_the_same_in_less() -> None:
    """Each of its fields is one of the run's own."""
    totals = totals_of(LINES, CHANGES, left_out=4)
    line = written(RunLine.of(a_run(totals=totals), totals, judged=1))
    whole = written(RunView.of(a_run(totals=totals), totals, judged=1))
    assert line.items() <= whole.items()
    assert "departments" not in line


def test_a_finding() -> None:
    """Who, the verdict, why, since when, by what, and whether it counts."""
    grace = (Reason(ReasonCode.IN_GRACE), Reason(ReasonCode.NOT_REGISTERED))
    told = written(FindingView.of(a_line(2, Verdict.WEAK, reasons=grace, cause=Cause.GROUPS)))
    assert told == {
        "userId": "02000000-0000-0000-0000-000000000002",
        "userPrincipalName": "kim.2@contoso.example",
        "department": "Sales",
        "verdict": "weak",
        "reasons": [
            {"code": "in-grace", "detail": ""},
            {"code": "not-registered", "detail": ""},
        ],
        "cause": "groups-changed",
        "since": "2026-11-20T02:00:00Z",
        "counts": False,
        "appPasswords": "unknown",
        "appPasswordLedger": {
            "shown": "alive",
            "alive": 2,
            "doubt": "The account is older than what the ledger knows.",
            "summary": "At least 2 app passwords are alive, and whether old clients get in with"
            " one, nobody can tell either.",
        },
        "appPasswordExposure": "unknown",
    }
    assert written(FindingView.of(a_line(2)))["counts"] is True


@pytest.mark.parametrize(
    ("number", "shown", "alive", "exposure"),
    [(4, "none", 0, "none"), (1, "unknown", None, "exposed"), (7, "alive", 1, "exposed")],
)
def test_app_passwords_of_a_finding(
    number: int, shown: str, alive: int | None, exposure: str
) -> None:
    """What is unknown has no number, least of all 0."""
    told = written(FindingView.of(a_line(number)))
    ledger = told["appPasswordLedger"]
    assert (ledger["shown"], ledger["alive"]) == (shown, alive)
    assert (told["appPasswords"], told["appPasswordExposure"]) == ("open", exposure)


def test_a_run_of_which_the_ledger_does_not_count() -> None:
    """Why, and no moment; people of whom nothing was counted are unknown, as before the ledger."""
    totals = replace(totals_of(LINES, (), left_out=0), ledger=Counter())
    run = a_run(ledger=LedgerTime(unknown="The ledger of app passwords was never kept."))
    told = written(RunView.of(run, totals, judged=1))
    assert told["appPasswordLedger"] == {
        "knownSince": None,
        "knownUntil": None,
        "unknown": "The ledger of app passwords was never kept.",
        "people": {"none": 0, "alive": 0, "unknown": 3},
        "exposedSurely": 0,
    }
    assert told["appPasswordExposure"] == {"none": 1, "exposed": 1, "unknown": 1}


def test_a_change() -> None:
    """From what to what, why, and when."""
    change = replace(CHANGES[0], codes=(ReasonCode.TELEPHONY_ONLY,))
    assert written(ChangeView.of(change)) == {
        "at": "2026-11-22T02:00:00Z",
        "before": None,
        "after": "weak",
        "cause": "new-person",
        "codes": ["sms-or-voice-only"],
    }


def test_a_posture_with_its_proof() -> None:
    """The verdict in codes and in one sentence, and the facts; what is unknown says why."""
    person = replace(a_line(1).person, registration=Unknown("No licence."), exempt=True)
    row = RegistrationRow(user_id=a_user(1), sspr_enabled=True)
    posture = Posture(
        verdict=Verdict.EXEMPT, reasons=(Reason(ReasonCode.EXEMPT),), legacy=Door.UNKNOWN
    )
    view = PostureView.of(
        a_user(1),
        posture,
        evidence=evidence_of(person, posture, enabled=True),
        alive=Alive(1, None),
        sspr=SsprView.of(row),
        as_of=BEGAN,
    )
    assert written(view) == {
        "userId": "01000000-0000-0000-0000-000000000001",
        "verdict": "exempt",
        "summary": "An exemption is in force, so nobody counts on MFA for now.",
        "reasons": [{"code": "exempt", "detail": ""}],
        "evidence": [
            {"fact": "sign-in", "known": "open"},
            {"fact": "per-user-state", "known": "disabled"},
            {"fact": "methods", "known": "unknown: No licence."},
            {"fact": "mfa-elsewhere", "known": "no"},
            {"fact": "exempt", "known": "yes"},
            {"fact": "break-glass", "known": "no"},
            {"fact": "in-grace", "known": "no"},
        ],
        "legacyAuthentication": "unknown",
        "appPasswords": "open",
        "appPasswordLedger": {
            "shown": "alive",
            "alive": 1,
            "doubt": None,
            "summary": "1 app password is alive, and nothing keeps old clients from getting in"
            " with one, without MFA.",
        },
        "appPasswordExposure": "exposed",
        "sspr": {"registered": False, "enabled": True, "capable": False},
        "asOf": "2026-11-22T02:00:00Z",
    }
    assert written(SsprView.of(Unknown("Not told."))) == {
        "registered": None,
        "enabled": None,
        "capable": None,
    }


def test_nobody_tells_whether_methods_of_the_live_list_are_allowed() -> None:
    """Without the report that is taken for granted, which the evidence says."""
    listed = Registration(means=frozenset({Means.PASSKEY}), capable=None)
    person = replace(a_line(1).person, registration=listed)
    told = evidence_of(person, Posture(verdict=Verdict.UNKNOWN, reasons=()), enabled=True)
    (known,) = (one.known for one in told if one.fact == "methods-allowed")
    assert known == (
        "unknown: The live list does not tell, and the verdict takes it that they are."
    )


def test_evidence_names_the_methods_and_what_could_not_be_read() -> None:
    """In the words of the report, sorted."""
    person = a_line(1, means=frozenset({Means.PASSKEY, Means.EMAIL})).person
    unread = replace(
        person.belonging, unread_groups=frozenset({"b"}), unread_joins=frozenset({"a", "b"})
    )
    posture = Posture(verdict=Verdict.UNKNOWN, reasons=())
    told = set(evidence_of(replace(person, belonging=unread), posture, enabled=False))
    assert {
        EvidenceView("sign-in", "blocked"),
        EvidenceView("methods", "email, passkey"),
        EvidenceView("methods-allowed", "yes"),
        EvidenceView("unread-groups", "a, b"),
    } <= told


def test_of_no_methods_none_is_allowed_or_not() -> None:
    """The report's word on somebody with nothing registered is none on the tenant's policy."""
    person = replace(a_line(1).person, registration=Registration(means=frozenset(), capable=False))
    told = evidence_of(person, Posture(verdict=Verdict.UNPROTECTED, reasons=()), enabled=True)
    facts = {one.fact: one.known for one in told}
    assert facts["methods"] == "none"
    assert "methods-allowed" not in facts
