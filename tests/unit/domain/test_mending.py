"""Whom a run has taken up again, and how many of them without anybody's word."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.sweep.lines import Line
from shared.domain.sweep.mending import BlastRadius, Mend, mend_for
from shared.domain.sweep.totals import totals_of
from tests.results import a_line

DISABLED, ENABLED, ENFORCED = (
    PerUserMfaState.DISABLED,
    PerUserMfaState.ENABLED,
    PerUserMfaState.ENFORCED,
)
UNPROTECTED, WEAK = Verdict.UNPROTECTED, Verdict.WEAK
OPEN: Final = (ReasonCode.NOT_REQUIRED,)
HALF_WAY: Final = (ReasonCode.ENABLED_NOT_ENFORCED,)


def found(
    verdict: Verdict,
    state: PerUserMfaState | Unknown,
    codes: tuple[ReasonCode, ...],
    **facts: Any,  # noqa: ANN401  (any fact about a person)
) -> Line:
    """A member with a licence and an employee id, of whom this was found."""
    line = a_line(1, verdict, reasons=tuple(map(Reason, codes)))
    return replace(line, person=replace(line.person, state=state, **facts))


@pytest.mark.parametrize(
    ("verdict", "state", "codes", "expected"),
    [
        (UNPROTECTED, DISABLED, OPEN, Mend.REOPEN),
        # Enabled asks at the sign-in already; what is left is to enforce it.
        (UNPROTECTED, ENABLED, OPEN, None),
        (UNPROTECTED, ENFORCED, OPEN, None),
        (UNPROTECTED, Unknown("no answer"), OPEN, None),
        (WEAK, ENABLED, HALF_WAY, Mend.PROMOTE),
        # Who is enforced with too little registered can't sign in any more.
        (WEAK, ENABLED, (*HALF_WAY, ReasonCode.NOT_REGISTERED), None),
        (WEAK, ENABLED, (*HALF_WAY, ReasonCode.TELEPHONY_ONLY), None),
        (WEAK, ENABLED, (ReasonCode.GAP,), None),
        (WEAK, DISABLED, HALF_WAY, None),
        (WEAK, ENFORCED, HALF_WAY, None),
        (WEAK, Unknown("no answer"), HALF_WAY, None),
        # A gap in what requires it is mended by whoever writes the policies.
        (WEAK, DISABLED, (ReasonCode.GAP,), None),
        (WEAK, DISABLED, (ReasonCode.NOT_REGISTERED,), None),
        (Verdict.PROTECTED, DISABLED, (ReasonCode.CONDITIONAL_ACCESS,), None),
        (Verdict.PROTECTED, ENABLED, (ReasonCode.CONDITIONAL_ACCESS,), None),
        (Verdict.EXEMPT, DISABLED, (ReasonCode.EXEMPT,), None),
        (Verdict.UNKNOWN, DISABLED, (ReasonCode.UNKNOWN_COVERAGE,), None),
        (Verdict.UNKNOWN, ENABLED, HALF_WAY, None),
        (WEAK, ENABLED, (*HALF_WAY, ReasonCode.NO_TRUSTED_IPS_ASSUMED), Mend.PROMOTE),
        (UNPROTECTED, DISABLED, (*OPEN, ReasonCode.IN_GRACE), None),
        # The case of their exemption puts them back, and nobody else's.
        (UNPROTECTED, DISABLED, (*OPEN, ReasonCode.EXEMPTION_OVERDUE), None),
        (WEAK, ENABLED, (*HALF_WAY, ReasonCode.EXEMPTION_OVERDUE), None),
        (WEAK, ENABLED, (*HALF_WAY, ReasonCode.IN_GRACE), None),
    ],
)
def test_what_is_mended(
    verdict: Verdict,
    state: PerUserMfaState | Unknown,
    codes: tuple[ReasonCode, ...],
    expected: Mend | None,
) -> None:
    """Who is enabled and registered is enforced; of whom nothing requires MFA is asked anew."""
    assert mend_for(found(verdict, state, codes)) == expected


TO_MEND: Final = (found(UNPROTECTED, DISABLED, OPEN), found(WEAK, ENABLED, HALF_WAY))
ALONE: Final[dict[str, dict[str, Any]]] = {
    "no licence": {"licensed": False},
    "no employee id": {"numbered": False},
    **{kind.value: {"guest": kind} for kind in GuestKind},
}
PERSON_ALONE: Final[dict[str, dict[str, Any]]] = {
    "break-glass": {"break_glass": True},
    "exempt": {"exempt": True},
    "nobody knows whether exempt": {"exempt": Unknown("The store is away.")},
}


@pytest.mark.parametrize("line", TO_MEND)
@pytest.mark.parametrize("facts", ALONE.values(), ids=ALONE.keys())
def test_who_is_no_employee_is_left_alone(line: Line, facts: dict[str, Any]) -> None:
    """Whoever has no licence, no employee id, or an account of elsewhere."""
    assert mend_for(line) is not None
    assert mend_for(replace(line, **facts)) is None


@pytest.mark.parametrize("line", TO_MEND)
@pytest.mark.parametrize("facts", PERSON_ALONE.values(), ids=PERSON_ALONE.keys())
def test_who_is_kept_out_is_left_alone(line: Line, facts: dict[str, Any]) -> None:
    """An account for emergencies, an exemption, and one that nobody can rule out."""
    assert mend_for(replace(line, person=replace(line.person, **facts))) is None


def test_the_totals_count_whom_there_is_to_mend() -> None:
    """By what is mended; who is left alone is not among them."""
    promoted = [found(WEAK, ENABLED, HALF_WAY)] * 3
    nobody = [replace(TO_MEND[0], licensed=False), a_line(9, Verdict.PROTECTED)]
    totals = totals_of([*promoted, TO_MEND[0], *nobody], (), left_out=0)
    assert totals.mends == {Mend.PROMOTE: 3, Mend.REOPEN: 1}


@pytest.mark.parametrize(
    ("most", "share", "people", "allowed"),
    [
        (50, 0.01, 100_000, 50),
        (50, 0.01, 1_000, 10),
        (50, 0.01, 199, 1),
        (50, 0.01, 12, 1),
        (50, 0.01, 0, 1),
        (50, 0.0, 100_000, 1),
        (50, 1.0, 20, 20),
        (0, 1.0, 100_000, 0),
    ],
)
def test_the_radius_is_a_number_and_a_share(
    most: int, share: float, people: int, allowed: int
) -> None:
    """Whichever is less; in the smallest tenant one, unless nobody at all may be."""
    assert BlastRadius(most=most, share=share).allows(people) == allowed


@given(most=st.integers(0, 10_000), share=st.floats(0, 1), people=st.integers(0, 1_000_000))
def test_nobody_goes_beyond_the_radius(most: int, share: float, people: int) -> None:
    """Never more than the number, nor than one and the share, and no fewer in a larger tenant."""
    radius = BlastRadius(most=most, share=share)
    allowed = radius.allows(people)
    assert 0 <= allowed <= most
    assert allowed <= max(1, share * people)
    assert allowed <= radius.allows(people + 1)
