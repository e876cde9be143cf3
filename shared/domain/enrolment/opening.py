"""The onboarding case of one person who is enrolled."""

from datetime import datetime
from typing import Final

from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.enrolment.people import Listed
from shared.domain.ids import CaseId
from shared.domain.plans import EnrolmentPlan, OnboardingPlan
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, record

NOBODY_YET: Final = CaseId("0" * 32)
"""The id of a case that is only imagined, to look at a person."""


def case_for(
    one: Listed,
    enrolment: Case,
    plan: EnrolmentPlan,
    rules: Rules,
    now: datetime,
) -> Case:
    """The case of a person, as it would be opened now; its id and who it is are still to come.

    The deadline that was asked for may be near by the time it is the person's turn; they have the
    least time to register all the same.

    Args:
        one: the person.
        enrolment: on whose behalf.
        plan: its plan.
        rules: say how long people have at the least.
        now: the time.
    """
    least = now + rules.minimum_grace
    return Case(
        case_id=NOBODY_YET,
        state=CaseState.ACCEPTED,
        source=enrolment.source,
        verified_with=enrolment.verified_with,
        plan=OnboardingPlan(
            user_principal_name=one.name,
            employee_id=None,
            occurred_at=plan.occurred_at,
            starts_at=now,
            enforce_by=None if plan.enforce_by is None else max(plan.enforce_by, least),
            enrolled=one.user_id,
        ),
        user_id=one.user_id,
        accepted_at=now,
        updated_at=now,
        actors=enrolment.actors,
    )


def opened(case: Case, enrolment: Case) -> Transition:
    """The first transition of a person's case."""
    return record(
        case,
        case.accepted_at,
        action="accept",
        outcome=StepOutcome.DONE,
        detail=f"Enrolled by case {enrolment.case_id}.",
        event=EventType.ACCEPTED,
    )
