"""A case as machines and people read it."""

from datetime import datetime
from typing import Annotated, Literal, Self, assert_never

import msgspec

from shared.contracts.mistakes import mistake
from shared.domain.approvals import plan_hash
from shared.domain.cases import (
    Case,
    CaseState,
    Step,
    StepOutcome,
)
from shared.domain.errors.requests import InvalidRequest
from shared.domain.ids import CaseId, GroupId, UserId
from shared.domain.plans import (
    CaseKind,
    EnrolmentPlan,
    ExemptionPlan,
    LeaverPlan,
    OnboardingPlan,
    Plan,
    ResetPlan,
)
from shared.domain.reset.app_passwords import AppPasswords
from shared.domain.reset.outcome import left_to_do
from shared.domain.reset.tickets import ResetAction


class _View(msgspec.Struct, frozen=True, rename="camel"):
    pass


class StepView(_View, frozen=True):
    """One audit entry."""

    seq: int
    at: datetime
    action: str
    outcome: StepOutcome
    before: str | None
    after: str | None
    detail: str | None


class PlanView(_View, frozen=True):
    """What the case was asked to do. It names nobody: `userId` does, once the person is known.

    Attributes:
        starts_at: before this moment an onboarding touches nothing.
        enforce_by: the deadline that was asked for.
        effective_at: when a leaver leaves.
        group_id: the group that is enrolled.
        people: how many people an enrolment is about.
        findings: what would become of them: how many people by the code of the finding, or of the
            guard that leaves them alone; empty until everybody was looked at.
        ticket_id: the ticket that a reset answers.
        actions: what a reset is to do.
        verified_how: how the caller was verified, as the ticket asserts.
    """

    starts_at: datetime | None = None
    enforce_by: datetime | None = None
    effective_at: datetime | None = None
    ends_at: datetime | None = None
    reason: str | None = None
    accept_unprotected: bool | None = None
    group_id: GroupId | None = None
    people: int | None = None
    findings: dict[str, int] | None = None
    ticket_id: str | None = None
    actions: tuple[ResetAction, ...] | None = None
    verified_how: str | None = None

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """The view of a plan; what its kind has not is null."""
        match plan:
            case OnboardingPlan():
                return cls(starts_at=plan.starts_at, enforce_by=plan.enforce_by)
            case LeaverPlan():
                return cls(effective_at=plan.effective_at)
            case ExemptionPlan():
                return cls(
                    ends_at=plan.ends_at,
                    reason=plan.reason,
                    accept_unprotected=plan.accept_unprotected,
                )
            case EnrolmentPlan():
                return cls(
                    enforce_by=plan.enforce_by,
                    group_id=plan.group_id,
                    people=plan.people,
                    findings=dict(plan.findings),
                )
            case ResetPlan():
                return cls(
                    ticket_id=plan.ticket_id,
                    reason=plan.reason,
                    actions=plan.actions,
                    verified_how=plan.verified_how,
                )
            case _:
                assert_never(plan)


class CaseView(_View, frozen=True):
    """A case with its audit entries.

    Attributes:
        app_passwords: what is known of a reset's person's app passwords.
        left_to_do: what somebody still has to do about a reset, as its events say it.
    """

    case_id: CaseId
    kind: CaseKind
    user_id: UserId | None
    state: CaseState
    observed: bool
    deadline: datetime | None
    waiting_until: datetime | None
    created_at: datetime
    updated_at: datetime
    plan: PlanView
    plan_hash: str
    app_passwords: AppPasswords | None
    left_to_do: tuple[str, ...]
    warnings: tuple[str, ...]
    steps: tuple[StepView, ...]

    @classmethod
    def of(cls, case: Case, steps: tuple[Step, ...]) -> Self:
        """The view of a case."""
        return cls(
            case_id=case.case_id,
            kind=case.kind,
            user_id=case.user_id,
            state=case.state,
            observed=case.observed,
            deadline=case.deadline,
            waiting_until=case.wait_until,
            created_at=case.accepted_at,
            updated_at=case.updated_at,
            plan=PlanView.of(case.plan),
            plan_hash=plan_hash(case),
            app_passwords=case.reset.app_passwords,
            left_to_do=left_to_do(case),
            warnings=case.warnings,
            steps=tuple(
                StepView(
                    seq=step.seq,
                    at=step.at,
                    action=step.action,
                    outcome=step.outcome,
                    before=step.before,
                    after=step.after,
                    detail=step.detail,
                )
                for step in steps
            ),
        )


class CaseLine(_View, frozen=True):
    """A line of a list of cases."""

    case_id: CaseId
    kind: CaseKind
    user_id: UserId | None
    state: CaseState
    deadline: datetime | None
    created_at: datetime
    updated_at: datetime


class CaseList(_View, frozen=True):
    """A page of a list of cases."""

    value: tuple[CaseLine, ...]
    next_link: str | None = None


class Accepted(_View, frozen=True):
    """The answer to a request that was taken and opens or moves a case."""

    case_id: CaseId
    state: CaseState
    status_url: str


class ApprovalRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What a person approves: the plan as they have read it.

    Attributes:
        plan_hash: the case's `planHash`.
    """

    plan_hash: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}(?!\n)$")]


def decode_approval(body: bytes) -> ApprovalRequest:
    """The approval in a request.

    Raises:
        InvalidRequest: the body is none; the detail names the field.
    """
    try:
        return msgspec.json.decode(body, type=ApprovalRequest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequest(f"The body is not an approval: {mistake(error)}") from error


class AcceptedMany(_View, frozen=True):
    """The answer to a webhook that told of several people: all of them were taken."""

    value: tuple[Accepted, ...]
    state: Literal["accepted"] = "accepted"


class Ignored(_View, frozen=True):
    """The answer to a webhook that tells of nothing that is ours."""

    state: Literal["ignored"] = "ignored"


Taken = Accepted | AcceptedMany | Ignored


def taken(accepted: tuple[Accepted, ...]) -> Taken:
    """The answer to a webhook with this many events."""
    if not accepted:
        return Ignored()
    return accepted[0] if len(accepted) == 1 else AcceptedMany(value=accepted)
