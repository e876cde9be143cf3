"""What is asked for while the person may still register does not keep them from their deadline."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.domain.actions import Advance
from shared.domain.approvals import APPROVAL_LASTS, ask
from shared.domain.cases import Case, CaseState
from shared.domain.facts import Facts
from shared.domain.people.rulings import Impact
from shared.domain.policy import next_action
from shared.domain.schedules import Rules
from tests.builders import NOW, a_case

RULES = Rules(check_most=timedelta(hours=6))


def asking(state: CaseState, deadline: datetime) -> Case:
    """A case in this state that asks for an approval."""
    case = replace(a_case(state), deadline=deadline)
    return ask(case, Impact.GIVE_PASS, RULES, NOW, why="A pass.").case


def waited_out(case: Case, now: datetime) -> Case:
    """The case after the policy was asked at a moment."""
    action = next_action(case, Facts(), RULES, now)
    assert isinstance(action, Advance)
    return action.transition.case


@pytest.mark.parametrize("lasts", [timedelta(hours=1), timedelta(days=3)])
def test_the_question_lapses(lasts: timedelta) -> None:
    """After eight hours, or at the deadline, the case is back where it waited."""
    case = asking(CaseState.WAITING_REGISTRATION, NOW + lasts)
    lapses_at = NOW + min(lasts, APPROVAL_LASTS)
    assert case.wait_until == min(lapses_at, NOW + RULES.check_most)
    before = [NOW + number * RULES.check_most for number in range(1, 4)]
    for moment in (one for one in before if one < lapses_at):
        case = waited_out(case, moment)
        assert case.state is CaseState.AWAITING_APPROVAL
    case = waited_out(case, lapses_at)
    assert (case.state, case.asked_from) == (CaseState.WAITING_REGISTRATION, None)


def test_a_question_of_an_overdue_case_stays() -> None:
    """What an overdue case asks for is asked until somebody answers."""
    case = asking(CaseState.OVERDUE, NOW - timedelta(days=1))
    later = waited_out(case, NOW + timedelta(days=2))
    assert later.state is CaseState.AWAITING_APPROVAL
