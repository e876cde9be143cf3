"""Approvals: bound to the exact plan, by a second person, for a while (safety rule S2)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.approvals import (
    APPROVAL_LASTS,
    CLOCKS_DIFFER,
    approve,
    ask,
    is_approved,
    plan_hash,
)
from shared.domain.cases import Case, CaseState, EventType
from shared.domain.errors.cases import IllegalTransition, OwnApproval, PlanChanged
from shared.domain.ids import UserPrincipalName
from shared.domain.people.rulings import Impact
from shared.domain.plans import OnboardingPlan
from shared.domain.schedules import Rules
from tests.builders import NOW, USER_ID, a_case, a_plan

APPROVER = "c0000000-0000-4000-8000-000000000001"
ACTOR = "c0000000-0000-4000-8000-00000000000a"
IMPACT = Impact.ENFORCE_UNREGISTERED


def asked(case: Case | None = None) -> Case:
    """A case that waits for an approval."""
    start = case or replace(a_case(CaseState.OVERDUE), actors=frozenset({ACTOR}))
    return ask(start, IMPACT, Rules(), NOW, why="A test needs it.").case


def test_asking_tells_whom_it_may_concern() -> None:
    """The case waits, remembers where it came from, and an event says that somebody is needed."""
    transition = ask(
        a_case(CaseState.OVERDUE), IMPACT, Rules(), NOW, why="Enforcing an administrator."
    )
    assert transition.case.state is CaseState.AWAITING_APPROVAL
    assert transition.case.asked_from is CaseState.OVERDUE
    assert transition.case.wait_until is not None
    assert transition.event is not None
    assert transition.event.type is EventType.APPROVAL_REQUESTED
    assert transition.step is not None
    assert transition.step.detail == "Enforcing an administrator."


def test_an_approval_holds_for_eight_hours() -> None:
    """Approved, the case goes on where it asked, and may act for as long as approvals last."""
    case = approve(asked(), plan_hash(asked()), APPROVER, NOW).case
    assert (case.state, case.wait_until) == (CaseState.OVERDUE, None)
    assert is_approved(case, IMPACT, NOW)
    assert is_approved(case, IMPACT, NOW + APPROVAL_LASTS - timedelta(seconds=1))
    assert not is_approved(case, IMPACT, NOW + APPROVAL_LASTS)


def test_an_approval_outlasts_what_says_who_is_meant_in_other_words() -> None:
    """The object id says it; what the plan tells of domains beside it voids no approval."""
    case = approve(asked(), plan_hash(asked()), APPROVER, NOW).case
    assert isinstance(case.plan, OnboardingPlan)
    case = replace(case, plan=replace(case.plan, domains=("contoso.example",)))
    assert is_approved(case, IMPACT, NOW)


def test_clocks_of_two_hosts_may_differ() -> None:
    """Whose clock is a little behind that of who took the approval believes it, and no further."""
    case = approve(asked(), plan_hash(asked()), APPROVER, NOW).case
    assert is_approved(case, IMPACT, NOW - timedelta(milliseconds=300))
    assert is_approved(case, IMPACT, NOW - CLOCKS_DIFFER)
    assert not is_approved(case, IMPACT, NOW - CLOCKS_DIFFER - timedelta(seconds=1))


def test_an_approval_is_for_one_plan_alone() -> None:
    """Who approved something else than the case would do has approved nothing."""
    case = asked()
    with pytest.raises(PlanChanged):
        approve(case, "0" * 64, APPROVER, NOW)
    approved = approve(case, plan_hash(case), APPROVER, NOW).case
    later = replace(approved, plan=a_plan(enforce_by=NOW + timedelta(days=3)))
    assert not is_approved(later, IMPACT, NOW)
    assert not is_approved(replace(approved, user_id=None), IMPACT, NOW)


def test_an_approval_is_for_one_thing_alone() -> None:
    """Who agreed to a pass has not agreed to enforcing, and asking for that voids their word."""
    case = ask(a_case(CaseState.WAITING_REGISTRATION), Impact.GIVE_PASS, Rules(), NOW, why="").case
    approved = approve(case, plan_hash(case), APPROVER, NOW).case
    assert is_approved(approved, Impact.GIVE_PASS, NOW)
    assert not is_approved(approved, IMPACT, NOW)
    enforcing = ask(approved, IMPACT, Rules(), NOW, why="").case
    with pytest.raises(PlanChanged):
        approve(enforcing, plan_hash(case), APPROVER, NOW)


@pytest.mark.parametrize("by", [ACTOR, ACTOR.upper(), USER_ID, USER_ID.upper()])
def test_who_has_a_part_in_it_approves_nothing(by: str) -> None:
    """Neither who asked for it nor who is meant may be the second person."""
    with pytest.raises(OwnApproval):
        approve(asked(), plan_hash(asked()), by, NOW)


@pytest.mark.parametrize(
    "state", [state for state in CaseState if state is not CaseState.AWAITING_APPROVAL]
)
def test_only_a_case_that_asked_is_approved(state: CaseState) -> None:
    """An approval that nobody asked for is refused, a second one too."""
    case = a_case(state)
    with pytest.raises(IllegalTransition):
        approve(case, plan_hash(case), APPROVER, NOW)


def test_asking_again_forgets_what_was_approved() -> None:
    """An approval counts once: for a new question there has to be a new answer."""
    approved = approve(asked(), plan_hash(asked()), APPROVER, NOW).case
    assert asked(approved).approval is None


def test_the_hash_tells_plans_apart_and_no_names() -> None:
    """It changes with whom and when, and not with a name, which it could give away."""
    case = a_case()
    named = replace(case, plan=replace(a_plan(), user_principal_name=UserPrincipalName("x@y.z")))
    assert plan_hash(named) == plan_hash(case)
    assert plan_hash(replace(case, user_id=USER_ID)) != plan_hash(case)
    assert plan_hash(replace(case, plan=a_plan(starts_at=NOW))) != plan_hash(case)
