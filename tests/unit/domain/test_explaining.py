"""What verdicts, reasons and causes are in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.posture.explaining import CLAUSES, summary
from shared.domain.posture.meanings import MEANINGS, VERDICTS
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.sweep.explaining import CAUSES, OUTCOMES
from shared.domain.sweep.lines import Cause
from shared.domain.sweep.outcomes import Outcome

SENTENCES = [
    (
        Verdict.PROTECTED,
        [
            Reason(ReasonCode.CONDITIONAL_ACCESS, "'MFA for all'"),
            Reason(ReasonCode.PHISHING_RESISTANT),
        ],
        (
            "MFA is required at every sign-in by the policy 'MFA for all', and the person has a"
            " phishing-resistant method."
        ),
    ),
    (
        Verdict.PROTECTED,
        [Reason(ReasonCode.CONDITIONAL_ACCESS, "'A', 'B', 'C' and 2 more")],
        (
            "MFA is required at every sign-in by the policies 'A', 'B', 'C' and 2 more, and the"
            " person has what it takes."
        ),
    ),
    (
        Verdict.PROTECTED,
        [Reason(ReasonCode.PER_USER_ENFORCED), Reason(ReasonCode.REGISTERED_ELSEWHERE)],
        (
            "MFA is required at every sign-in because per-user MFA is enforced, and the person does"
            " MFA elsewhere, which is trusted here."
        ),
    ),
    (
        Verdict.PROTECTED,
        [
            Reason(ReasonCode.PER_USER_ENFORCED),
            Reason(ReasonCode.CONDITIONAL_ACCESS, "'At the trusted IPs'"),
        ],
        (
            "MFA is required at every sign-in because per-user MFA is enforced and by the policy"
            " 'At the trusted IPs', and the person has what it takes."
        ),
    ),
    (
        Verdict.WEAK,
        [Reason(ReasonCode.UNKNOWN_COVERAGE), Reason(ReasonCode.UNKNOWN_REGISTRATION)],
        (
            "MFA can be got around in any case, but how nobody can tell: what the person has"
            " registered could not be read; whether the policies cover the person could not be"
            " read."
        ),
    ),
    (
        Verdict.PROTECTED,
        [Reason(ReasonCode.SECURITY_DEFAULTS_AT_RISK)],
        (
            "Security defaults ask for MFA when Microsoft sees a risk, and the person has what it"
            " takes."
        ),
    ),
    (
        Verdict.WEAK,
        [Reason(ReasonCode.GAP, "from 'Offices'"), Reason(ReasonCode.TELEPHONY_ONLY)],
        (
            "MFA is required, but not of sign-ins from 'Offices'; the person has SMS or voice calls"
            " only, which Microsoft retires on 1 February 2027."
        ),
    ),
    (
        Verdict.WEAK,
        [Reason(ReasonCode.STRENGTH_NOT_MET, "'Phishing-resistant MFA'")],
        (
            "MFA is required, but the person's methods do not reach the strength"
            " 'Phishing-resistant MFA'."
        ),
    ),
    (
        Verdict.WEAK,
        [Reason(ReasonCode.IN_GRACE), Reason(ReasonCode.NOT_REQUIRED)],
        "The person still has time to register; nothing asks for MFA at an ordinary sign-in.",
    ),
    (
        Verdict.WEAK,
        [Reason(ReasonCode.ENABLED_NOT_ENFORCED)],
        "Per-user MFA is enabled but not enforced.",
    ),
    (
        Verdict.EXEMPT,
        [Reason(ReasonCode.EXEMPT)],
        "An exemption is in force, so nobody counts on MFA for now.",
    ),
    (
        Verdict.UNPROTECTED,
        [Reason(ReasonCode.NOT_REQUIRED)],
        "Nothing asks for MFA at an ordinary sign-in.",
    ),
    (
        Verdict.UNPROTECTED,
        [Reason(ReasonCode.NOT_REQUIRED, "'Payroll'")],
        "Nothing asks for MFA at an ordinary sign-in; elsewhere the policy 'Payroll' may.",
    ),
    (
        Verdict.UNKNOWN,
        [Reason(ReasonCode.UNKNOWN_COVERAGE, "The group Sales can't be read.")],
        (
            "Nobody can tell: whether the policies cover the person could not be read (The group"
            " Sales can't be read)."
        ),
    ),
    (Verdict.UNKNOWN, [], "Nobody can tell: no reason was kept."),
]
ANY_REASONS = st.lists(st.builds(Reason, st.sampled_from(ReasonCode), st.text(max_size=40)))


def test_every_code_has_a_meaning_and_a_clause() -> None:
    """No verdict, reason or cause is without words."""
    assert set(MEANINGS) == set(CLAUSES) == set(ReasonCode)
    assert set(VERDICTS) == set(Verdict)
    assert set(CAUSES) == set(Cause)
    assert set(OUTCOMES) == set(Outcome)


def test_meanings_and_remedies_are_sentences() -> None:
    """Each begins with a capital letter and ends with a full stop."""
    told = [*MEANINGS.values(), *CAUSES.values(), *OUTCOMES.values()]
    for text in [*VERDICTS.values(), *(one for m in told for one in (m.text, m.remedy))]:
        assert text[0].isupper(), text
        assert text.endswith("."), text
        assert "|" not in text, text


@pytest.mark.parametrize(("verdict", "reasons", "sentence"), SENTENCES)
def test_a_verdict_in_one_sentence(verdict: Verdict, reasons: list[Reason], sentence: str) -> None:
    """It says what is required, by what, and what the person has or lacks."""
    assert summary(verdict, reasons) == sentence


@given(verdict=st.sampled_from(Verdict), reasons=ANY_REASONS)
def test_there_is_a_sentence_for_everything(verdict: Verdict, reasons: list[Reason]) -> None:
    """Whatever the reasons and their details are, it is one line with one full stop at its end."""
    told = summary(verdict, reasons)
    assert told.splitlines() == [told]
    assert told.endswith(".")
    assert not told.endswith("..")
    assert told[0].isupper()


@given(verdict=st.sampled_from(Verdict), reasons=ANY_REASONS)
def test_the_sentence_does_not_hang_on_the_order(verdict: Verdict, reasons: list[Reason]) -> None:
    """The same reasons in another order are the same sentence."""
    once = {reason.code: reason for reason in reasons}.values()
    assert summary(verdict, once) == summary(verdict, reversed(list(once)))
