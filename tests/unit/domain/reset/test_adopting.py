"""A pass of another case counts for as long as that case's own record says so."""

from dataclasses import replace
from datetime import timedelta

from shared.domain.cases import CaseState
from shared.domain.ids import CaseId
from shared.domain.reset.adopting import adopt
from shared.domain.reset.progress import Block, ResetProgress
from tests.builders import NOW, USER_ID, a_case
from tests.unit.domain.reset.decisions import a_reset

GIVEN = ResetProgress(collected_at=NOW, pass_until=NOW + timedelta(hours=1))
ONBOARDING = replace(
    a_case(CaseState.WAITING_REGISTRATION, user_id=USER_ID),
    case_id=CaseId("another"),
    reset=GIVEN,
    collectors=frozenset({"collector"}),
)
RESET = replace(a_reset(CaseState.WAITING_REGISTRATION, contained_at=NOW), user_id=USER_ID)


def test_a_pass_that_was_withdrawn_counts_no_more() -> None:
    """Nobody was given it, so what was opened for it is shut again."""
    adopted = adopt(RESET, (ONBOARDING,), NOW)
    assert adopted is not None
    case = replace(adopted.case, reset=replace(adopted.case.reset, block=Block.LIFTED))
    assert (case.reset.collected_at, case.reset.pass_of) == (NOW, ONBOARDING.case_id)
    assert adopt(case, (ONBOARDING,), NOW) is None
    for others in ((), (replace(ONBOARDING, reset=ResetProgress()),)):
        dropped = adopt(case, others, NOW)
        assert dropped is not None
        left = dropped.case.reset
        assert (left.collected_at, left.pass_of, left.block) == (None, None, None)


def test_only_another_case_of_the_same_person_lends_its_pass() -> None:
    """Of one that brings them in; what a reset was given is for that reset."""
    other = replace(ONBOARDING, user_id=None)
    lost = replace(RESET, case_id=CaseId("lost"), reset=replace(RESET.reset, collected_at=NOW))
    assert adopt(RESET, (other, lost), NOW) is None
    own = replace(RESET, reset=replace(RESET.reset, collected_at=NOW))
    assert adopt(own, (ONBOARDING,), NOW) is None
