"""Pin a case to its person: from then on it is about nobody else."""

from dataclasses import replace
from datetime import datetime

from shared.domain.accounts import Account
from shared.domain.cases import Case, StepOutcome
from shared.domain.transitions import Transition, record


def pin(case: Case, account: Account, now: datetime) -> Transition:
    """The case of whom this account belongs to."""
    return record(
        replace(case, user_id=account.user_id, wait_until=None, attempts=0),
        now,
        action="find-account",
        outcome=StepOutcome.DONE,
        after=account.user_id,
    )
