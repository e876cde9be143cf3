"""Leavers: while an approval is waited for, what makes the question needless."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.actions import Look
from shared.domain.authentication import Unknown
from shared.domain.cases import Case, CaseState
from shared.domain.errors.people import ProtectedAccount
from shared.domain.facts import Fact, Facts
from shared.domain.ids import CaseId
from shared.domain.people.standing import Privilege
from shared.domain.plans import LeaverPlan
from shared.domain.policy import next_action
from tests.builders import NOW, a_case, a_plan
from tests.unit.domain.leaver_decisions import (
    BLOCKED,
    DAY,
    RULES,
    a_leaver,
    advanced,
    facts,
    failed,
    standing,
)

LATER = NOW + DAY


def asking(asked_from: CaseState = CaseState.ACCEPTED) -> Case:
    """A leaver's case that asks for an approval."""
    return replace(a_leaver(CaseState.AWAITING_APPROVAL), asked_from=asked_from)


def test_it_looks_at_all_that_it_asked_about() -> None:
    """The account, other cases, the role, and at first who reports to the person."""
    known = Facts()
    looks = [
        (Fact.ACCOUNT, {"account": BLOCKED}),
        (Fact.OTHERS, {"others": ()}),
        (Fact.STANDING, {"standing": standing()}),
        (Fact.REPORTS, {"reports": True}),
    ]
    for fact, read in looks:
        assert next_action(asking(), known, RULES, LATER) == Look(fact)
        known = replace(known, **read)  # type: ignore[arg-type]  # each row knows the fields
    assert advanced(next_action(asking(), known, RULES, LATER)).state is CaseState.AWAITING_APPROVAL


@pytest.mark.parametrize("asked_from", [CaseState.ACCEPTED, CaseState.WAITING_DISABLED])
def test_who_is_no_longer_privileged_needs_no_approval(asked_from: CaseState) -> None:
    """The case is back where it asked; somebody of whom nobody can tell still needs one."""
    case = asking(asked_from)
    for privilege in (Privilege.ROLE, Unknown("No permission.")):
        known = facts(standing=standing(privilege))
        waiting = advanced(next_action(case, known, RULES, LATER))
        assert waiting.state is CaseState.AWAITING_APPROVAL
        assert waiting.wait_until == LATER + RULES.check_most
    back = advanced(next_action(case, facts(), RULES, LATER))
    assert (back.state, back.asked_from, back.approval) == (asked_from, None, None)


def test_who_manages_nobody_any_more_needs_no_approval() -> None:
    """Reports count before the first step alone, and blocking the account decides nothing."""
    manages = facts(reports=True, account=BLOCKED)
    case, later = asking(), asking(CaseState.WAITING_DISABLED)
    assert advanced(next_action(case, manages, RULES, LATER)).state is CaseState.AWAITING_APPROVAL
    assert advanced(next_action(case, facts(), RULES, LATER)).state is CaseState.ACCEPTED
    assert advanced(next_action(later, manages, RULES, LATER)).state is CaseState.WAITING_DISABLED


def test_who_is_protected_meanwhile_is_refused() -> None:
    """Nobody is asked about what is never done."""
    known = facts(standing=standing(protected=True))
    assert failed(next_action(asking(), known, RULES, LATER)) is ProtectedAccount


@pytest.mark.parametrize("asked_from", [CaseState.ACCEPTED, CaseState.WAITING_DISABLED])
def test_who_is_back_is_asked_about_no_more(asked_from: CaseState) -> None:
    """A rehire that took effect ends the case, whether or not sessions have been revoked."""
    plan = replace(a_plan(occurred_at=NOW + timedelta(hours=1), starts_at=NOW), rehire=True)
    back = a_case(CaseState.COMPLETED, case_id=CaseId("f" * 32), plan=plan)
    known = facts(others=(back,), standing=standing(Privilege.ROLE))
    ended = advanced(next_action(asking(asked_from), known, RULES, LATER))
    assert ended.state is CaseState.SUPERSEDED


def test_another_date_counts_before_the_first_step_alone() -> None:
    """What has revoked sessions already goes on, whatever HR corrects."""
    case = asking()
    corrected = replace(case, case_id=CaseId("f" * 32), state=CaseState.ACCEPTED, asked_from=None)
    assert isinstance(case.plan, LeaverPlan)
    plan = replace(case.plan, occurred_at=NOW + timedelta(hours=1))
    known = facts(others=(replace(corrected, plan=plan),), standing=standing(Privilege.ROLE))
    waits = advanced(next_action(case, known, RULES, LATER))
    assert (waits.state, waits.asked_from) == (CaseState.ACCEPTED, None)
    begun = asking(CaseState.OVERDUE)
    assert advanced(next_action(begun, known, RULES, LATER)).state is CaseState.AWAITING_APPROVAL
