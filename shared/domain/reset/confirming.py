"""Somebody says that a person's app passwords are deleted. Nothing proves it, so it says who."""

from dataclasses import replace
from datetime import datetime

from shared.domain.approvals import plan_hash
from shared.domain.cases import Case, CaseState, StepOutcome
from shared.domain.errors.cases import IllegalTransition, OwnApproval, PlanChanged
from shared.domain.reset.app_passwords import AppPasswords
from shared.domain.transitions import Transition, record

_WAITING = frozenset(
    {CaseState.WAITING_REGISTRATION, CaseState.OVERDUE, CaseState.AWAITING_CONFIRMATION}
)


def confirm(case: Case, seen: str, by: str, now: datetime) -> Transition:
    """The reset with a person's word that nobody has to see to app passwords any more.

    Args:
        case: which.
        seen: the hash of the plan that the person has read.
        by: their object id.
        now: the time.

    Raises:
        IllegalTransition: nobody has to see to app passwords (any more).
        OwnApproval: they are the one whose app passwords they are.
        PlanChanged: they have read another plan than the case has.
    """
    if case.state not in _WAITING or not case.reset.item_open:
        raise IllegalTransition(f"The case is {case.state} and waits for no confirmation.")
    if by.casefold() == (case.user_id or "").casefold():
        raise OwnApproval("Nobody confirms that their own app passwords are deleted.")
    if seen != plan_hash(case):
        raise PlanChanged("The plan is not the one that was confirmed.")
    said = replace(case.reset, app_passwords=AppPasswords.CONFIRMED_BY_PERSON, confirmed_by=by)
    return record(
        replace(case, reset=said, wait_until=None, attempts=0),
        now,
        action="confirm",
        outcome=StepOutcome.DONE,
        before=case.reset.app_passwords,
        after=AppPasswords.CONFIRMED_BY_PERSON,
        detail=f"{by} says that the app passwords are deleted. Nothing else proves it.",
    )
