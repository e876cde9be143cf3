"""What cases are asked to do: one plan per kind of case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.domain.contacts import ContactKind
from shared.domain.ids import EmployeeId, GroupId, UserId, UserPrincipalName
from shared.domain.reset.tickets import ResetAction, ResetReason


class CaseKind(StrEnum):
    """What a case is about."""

    ONBOARDING = "onboarding"
    LEAVER = "leaver"
    EXEMPTION = "exemption"
    ENROLMENT = "enrolment"
    RESET = "reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingPlan:
    """What an onboarding case was asked to do.

    Attributes:
        user_principal_name: whom the event named; where it named nobody, the employee id does.
        employee_id: the HR number it gave; the account's own must be the same, and unique.
        occurred_at: when what it tells of happened; later events count more.
        rehire: True for somebody who has worked here before.
        starts_at: before this moment nothing is touched.
        dated: whether the event told the first day; else it starts when the event was taken.
        enforce_by: the deadline the event asked for, where it did.
        contacts: what contact data is kept for it, to be registered; the data is elsewhere.
        enrolled: object id of somebody who works here already, whom an enrolment named and not HR.
        domains: those in which the source may have accounts touched, in small letters, as its
            profile said when the event came; empty where any will do.
    """

    kind: ClassVar[CaseKind] = CaseKind.ONBOARDING

    user_principal_name: UserPrincipalName | None
    employee_id: EmployeeId | None
    occurred_at: datetime
    rehire: bool = False
    starts_at: datetime
    dated: bool = False
    enforce_by: datetime | None
    contacts: tuple[ContactKind, ...] = ()
    enrolled: UserId | None = None
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaverPlan:
    """What a leaver's case was asked to do.

    Attributes:
        user_principal_name: whom the event named; where it named nobody, the employee id does.
        employee_id: the HR number it gave; the account's own must be the same, and unique.
        effective_at: when the person leaves; before this moment nothing is touched.
        occurred_at: when the event says that it happened.
        domains: as of an onboarding.
    """

    kind: ClassVar[CaseKind] = CaseKind.LEAVER

    user_principal_name: UserPrincipalName | None
    employee_id: EmployeeId | None
    effective_at: datetime
    occurred_at: datetime
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionPlan:
    """What an exemption was asked to do.

    Attributes:
        user_id: whose per-user MFA is disabled for a time.
        reason: why, in the words of whoever asked for it.
        ends_at: when it is put back; brought forward where it is ended early.
        accept_unprotected: whether nothing else need be known to protect the person meanwhile.
    """

    kind: ClassVar[CaseKind] = CaseKind.EXEMPTION
    employee_id: ClassVar[None] = None
    """People are exempt by their object id; HR has no part in it."""

    user_id: UserId
    reason: str
    ends_at: datetime
    accept_unprotected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentPlan:
    """What an enrolment was asked to do, and whom it comes to.

    The people themselves are kept beside the case, in parts: a case has no room for thousands.

    Attributes:
        group_id: whose members it is about; None where a list named the people.
        enforce_by: the deadline that was asked for, where one was.
        occurred_at: when it was asked for.
        edition: which writing of the list counts; None until the members of the group are read.
        parts: in how many parts the list is kept.
        people: how many people are on it.
        findings: how many people would be enrolled, and how many not, by the reason; empty until
            everybody was looked at.
        digest: SHA-256 of what was found about whom, so that a confirmation is bound to it.
        unasked: how many people may come in without anybody's confirmation: the sweep's blast
            radius; nobody where a person asks.
    """

    kind: ClassVar[CaseKind] = CaseKind.ENROLMENT
    user_principal_name: ClassVar[None] = None
    employee_id: ClassVar[None] = None
    """An enrolment is about many people, and HR has no part in it."""

    group_id: GroupId | None
    enforce_by: datetime | None
    occurred_at: datetime
    edition: int | None = None
    parts: int = 0
    people: int = 0
    findings: Mapping[str, int] = field(default_factory=dict, hash=False)
    digest: str = ""
    unasked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPlan:
    """What a ticket about a lost device asked for.

    Attributes:
        ticket_id: the ticket, in the words of the system that sent it.
        user_id: whom it names by object id.
        user_principal_name: whom it names by sign-in name, where it gave no object id.
        reason: why.
        actions: what is to be done, in the order of the contract.
        requested_by: who asked for it, as the ticket says.
        verified_by: who verified the caller, as the ticket says; None where it does not.
        verified_how: how they did.
        occurred_at: when the ticket was taken in.
        system: the system that sent it, where it says so.
        domains: as of an onboarding.
    """

    kind: ClassVar[CaseKind] = CaseKind.RESET
    employee_id: ClassVar[None] = None
    """Tickets name people as the directory does; HR has no part in it."""

    ticket_id: str
    user_id: UserId | None
    user_principal_name: UserPrincipalName | None
    reason: ResetReason
    actions: tuple[ResetAction, ...]
    requested_by: str
    verified_by: str | None
    verified_how: str | None
    occurred_at: datetime
    system: str | None = None
    domains: tuple[str, ...] = ()


Plan = OnboardingPlan | LeaverPlan | ExemptionPlan | EnrolmentPlan | ResetPlan
"""The plan of any case; its type says what the case is about."""


def told_as(plan: Plan) -> str | None:
    """What HR calls the person of a case: the employee id, else the sign-in name, in lower case.

    None where HR has no part in it.
    """
    return next(iter(all_told(plan)), None)


def all_told(plan: Plan) -> tuple[str, ...]:
    """All that HR calls the person of a case; what counts most is first."""
    if isinstance(plan, OnboardingPlan | LeaverPlan):
        return called(plan.employee_id, plan.user_principal_name)
    return ()


def called(employee: EmployeeId | None, name: UserPrincipalName | None) -> tuple[str, ...]:
    """What HR may call somebody who bears these, as `told_as` and `all_told` say it."""
    number = () if employee is None else (f"employee:{employee.casefold()}",)
    return number if name is None else (*number, f"name:{name.casefold()}")


PLANS: dict[CaseKind, type[Plan]] = {
    OnboardingPlan.kind: OnboardingPlan,
    LeaverPlan.kind: LeaverPlan,
    ExemptionPlan.kind: ExemptionPlan,
    EnrolmentPlan.kind: EnrolmentPlan,
    ResetPlan.kind: ResetPlan,
}
"""The plan of each kind of case."""
