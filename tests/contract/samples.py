"""Cases to test with."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.domain.cases import (
    Case,
    CaseState,
    EventType,
    StepOutcome,
)
from shared.domain.ids import CaseId, EmployeeId, SourceName, UserId, UserPrincipalName
from shared.domain.plans import OnboardingPlan
from shared.domain.transitions import Transition, move, record

NOON = datetime(2025, 3, 14, 12, 0, 0, 123456, tzinfo=UTC)
PERSON = UserId("00000000-0000-4000-8000-000000000001")


def accepted(
    at: datetime = NOON,
    case_id: str | None = None,
    employee_id: str | None = None,
    name: str = "zoë.müller@contoso.example",
) -> Transition:
    """A new case, with its first audit entry and its first event."""
    case = Case(
        case_id=CaseId(case_id or secrets.token_hex(16)),
        state=CaseState.ACCEPTED,
        source=SourceName("contoso-hr"),
        verified_with="1",
        plan=OnboardingPlan(
            user_principal_name=UserPrincipalName(name),
            employee_id=None if employee_id is None else EmployeeId(employee_id),
            occurred_at=NOON,
            starts_at=at,
            enforce_by=None,
        ),
        accepted_at=at,
        updated_at=at,
    )
    return record(case, at, action="accept", outcome=StepOutcome.DONE, event=EventType.ACCEPTED)


def pinned(case: Case, at: datetime) -> Transition:
    """The person is known."""
    return record(
        replace(case, user_id=PERSON, wait_until=None),
        at,
        action="find-account",
        outcome=StepOutcome.DONE,
        after=PERSON,
    )


def noted(case: Case, at: datetime) -> Transition:
    """The case is at work and has something more behind it; its lines say the same as before."""
    return record(
        replace(case, wait_until=None), at, action="verify-caller", outcome=StepOutcome.DONE
    )


def waiting(case: Case, at: datetime, until: datetime) -> Transition:
    """The case waits for its account."""
    return record(
        replace(move(case, CaseState.WAITING_ACCOUNT), wait_until=until, waiting_since=at),
        at,
        action="wait-for-account",
        outcome=StepOutcome.WAITING,
        event=EventType.WAITING,
    )


def still_waiting(case: Case, until: datetime) -> Transition:
    """The case waits longer, without an audit entry."""
    return Transition(case=replace(case, wait_until=until))


def announced(case: Case, at: datetime) -> Transition:
    """The case is about to change the person; its lines say so."""
    return record(
        replace(move(case, CaseState.ENABLED), wait_until=None),
        at,
        action="enable",
        outcome=StepOutcome.WAITING,
    )


def proven(case: Case, at: datetime, until: datetime) -> Transition:
    """The change is made, and the case waits for the person."""
    return record(
        replace(move(case, CaseState.WAITING_REGISTRATION), wait_until=until),
        at,
        action="enable",
        outcome=StepOutcome.DONE,
    )


def parked(case: Case, at: datetime) -> Transition:
    """The case waits for a human."""
    return record(
        replace(move(case, CaseState.PARKED), parked_from=case.state, wait_until=None),
        at,
        action="park",
        outcome=StepOutcome.PARKED,
        event=EventType.PARKED,
        reason="account-not-found",
    )


def cancelled(case: Case, at: datetime) -> Transition:
    """The case is over."""
    return record(
        replace(move(case, CaseState.CANCELLED), wait_until=None),
        at,
        action="cancel",
        outcome=StepOutcome.DONE,
        event=EventType.CANCELLED,
    )


def later(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)
