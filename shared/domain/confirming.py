"""A person's word for a case that waits for one: an enrolment's plan, or deleted app passwords."""

from datetime import datetime

from shared.domain.cases import Case
from shared.domain.enrolment.enrolling import confirm as confirm_enrolment
from shared.domain.errors.cases import IllegalTransition
from shared.domain.plans import EnrolmentPlan, ResetPlan
from shared.domain.reset.confirming import confirm as confirm_deleted
from shared.domain.transitions import Transition


def confirm(case: Case, seen: str, by: str, now: datetime) -> Transition:
    """The case with a person's word.

    Args:
        case: which.
        seen: the hash of the plan that the person has read.
        by: their object id.
        now: the time.

    Raises:
        IllegalTransition: the case waits for no confirmation (any more).
        OwnApproval: they are meant by it.
        PlanChanged: they have read another plan than the case has.
    """
    match case.plan:
        case EnrolmentPlan():
            return confirm_enrolment(case, seen, by, now)
        case ResetPlan():
            return confirm_deleted(case, seen, by, now)
        case _:
            raise IllegalTransition(f"No confirmation is asked for about a case of {case.kind}.")
