"""Cases, accounts and events for tests, with what a test does not care about filled in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.domain.accounts import Account
from shared.domain.authentication import AuthenticationMethod, MethodType, Unknown
from shared.domain.cases import (
    Case,
    CaseState,
    EventType,
    StepOutcome,
)
from shared.domain.ids import CaseId, EmployeeId, SourceName, UserId, UserPrincipalName
from shared.domain.people.standing import Privilege, Standing
from shared.domain.plans import ExemptionPlan, LeaverPlan, OnboardingPlan, Plan
from shared.domain.transitions import Transition, record
from shared.settings import specifications

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CASE_ID = CaseId("0123456789abcdef0123456789abcdef")
USER_ID = UserId("7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11")
SIGN_IN_NAME = UserPrincipalName("robin@contoso.example")

AUTHENTICATOR = AuthenticationMethod("m1", MethodType.MICROSOFT_AUTHENTICATOR)
PASSWORD = AuthenticationMethod("p1", MethodType.PASSWORD)

ROOMY_SETTINGS = {
    specification.name: "100000"
    for _, specification in specifications()
    if specification.name.startswith("MFA_BUDGET_") and not specification.name.endswith("_SHARE")
}
"""Budgets that nothing but a test of budgets uses up."""


def a_plan(
    *,
    starts_at: datetime = NOW - timedelta(days=1),
    enforce_by: datetime | None = None,
    employee_id: str | None = None,
    occurred_at: datetime = NOW - timedelta(days=7),
) -> OnboardingPlan:
    """A plan for somebody who started yesterday."""
    return OnboardingPlan(
        user_principal_name=SIGN_IN_NAME,
        employee_id=None if employee_id is None else EmployeeId(employee_id),
        occurred_at=occurred_at,
        starts_at=starts_at,
        enforce_by=enforce_by,
    )


def an_exemption_plan(
    *,
    user_id: UserId = USER_ID,
    ends_at: datetime = NOW + timedelta(days=7),
    accept_unprotected: bool = True,
) -> ExemptionPlan:
    """A plan for a week, whether anything else protects the person or not."""
    return ExemptionPlan(
        user_id=user_id,
        reason="Broken phone",
        ends_at=ends_at,
        accept_unprotected=accept_unprotected,
    )


def an_exemption(
    state: CaseState = CaseState.ACCEPTED,
    *,
    plan: ExemptionPlan | None = None,
    before: str | None = None,
) -> Case:
    """An exemption that was asked for a moment ago by somebody of the helpdesk."""
    plan = plan or an_exemption_plan()
    case = a_case(state, plan=plan, user_id=plan.user_id)
    return replace(case, before=before, deadline=plan.ends_at, actors=frozenset({"helpdesk-1"}))


def a_leaver(state: CaseState, *, occurred_at: datetime = NOW) -> Case:
    """The case of somebody who leaves now."""
    plan = LeaverPlan(
        user_principal_name=SIGN_IN_NAME,
        employee_id=None,
        effective_at=occurred_at,
        occurred_at=occurred_at,
    )
    return a_case(state, case_id=CaseId("1" * 32), plan=plan, user_id=USER_ID)


def a_standing(
    *,
    protected: bool = False,
    excluded: bool = False,
    guest: bool = False,
    service: bool = False,
    disabled: bool = False,
    privilege: Privilege | Unknown = Privilege.NONE,
) -> Standing:
    """What somebody ordinary is to the guards."""
    return Standing(
        protected=protected,
        excluded=excluded,
        guest=guest,
        service=service,
        disabled=disabled,
        privilege=privilege,
    )


def a_case(
    state: CaseState = CaseState.ACCEPTED,
    *,
    case_id: CaseId = CASE_ID,
    plan: Plan | None = None,
    user_id: UserId | None = None,
) -> Case:
    """A case that was accepted a moment ago; its person is known once it got past the account."""
    known = state not in {CaseState.ACCEPTED, CaseState.WAITING_START, CaseState.WAITING_ACCOUNT}
    return Case(
        case_id=case_id,
        state=state,
        source=SourceName("demo"),
        verified_with="1",
        plan=plan or a_plan(),
        user_id=user_id or (USER_ID if known else None),
        accepted_at=NOW,
        updated_at=NOW,
    )


def accepted(case: Case) -> Transition:
    """The first transition of a case, as the intake makes it."""
    return record(
        case, case.accepted_at, action="accept", outcome=StepOutcome.DONE, event=EventType.ACCEPTED
    )


def an_account(
    *,
    user_id: UserId = USER_ID,
    enabled: bool = True,
    guest: bool = False,
    employee_id: str | None = None,
) -> Account:
    """An account as the directory shows it."""
    return Account(
        user_id=user_id,
        enabled=enabled,
        guest=guest,
        employee_id=None if employee_id is None else EmployeeId(employee_id),
    )


def pinned(case: Case) -> Case:
    """The case with its person known."""
    return replace(case, user_id=USER_ID)
