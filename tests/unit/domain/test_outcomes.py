"""What became of whom a run had taken up is what the enrolment's case says by now."""

from dataclasses import replace
from typing import Final

import pytest

from shared.domain.cases import CaseState
from shared.domain.plans import CaseKind, EnrolmentPlan
from shared.domain.state_machines import LEGAL
from shared.domain.sweep.outcomes import Outcome, outcome_of
from tests.builders import NOW, a_case

EXPECTED: Final = {
    # Nobody can agree to a plan that is not there yet.
    CaseState.ACCEPTED: Outcome.PLANNING,
    CaseState.AWAITING_CONFIRMATION: Outcome.HELD,
    CaseState.ENROLLING: Outcome.ENROLLING,
    # Also where there was nobody to enrol.
    CaseState.COMPLETED: Outcome.DONE,
    # Nobody called it off: the time for the word was up.
    CaseState.CANCELLED: Outcome.LAPSED,
    CaseState.REFUSED: Outcome.CANCELLED,
    CaseState.SUPERSEDED: Outcome.CANCELLED,
    CaseState.PARKED: Outcome.PARKED,
}
PLAN: Final = EnrolmentPlan(group_id=None, enforce_by=None, occurred_at=NOW)


@pytest.mark.parametrize("state", sorted(LEGAL[CaseKind.ENROLMENT]))
def test_what_became_of_an_enrolment(state: CaseState) -> None:
    """In whatever state an enrolment can be; only one of them is held."""
    case = replace(a_case(state), plan=PLAN)
    assert outcome_of(case) is EXPECTED[state]


def test_who_called_it_off_is_on_record() -> None:
    """So that it is told apart from a time that was up."""
    case = replace(a_case(CaseState.CANCELLED), plan=PLAN, called_off_by="eeee-5")
    assert outcome_of(case) is Outcome.CANCELLED


def test_of_a_case_that_is_gone_nothing_is_known() -> None:
    """Not that it is done."""
    assert outcome_of(None) is Outcome.UNKNOWN
