"""How an onboarding comes to its end."""

from dataclasses import replace
from datetime import datetime

from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.transitions import Transition, move, record


def already_enforced(case: Case, now: datetime) -> Transition:
    """The account is where it should be, and nobody had to write it."""
    return record(
        replace(move(case, CaseState.ENFORCED), wait_until=None, attempts=0),
        now,
        action="enforce",
        outcome=StepOutcome.DONE,
        before=PerUserMfaState.ENFORCED,
        after=PerUserMfaState.ENFORCED,
        detail="Nothing was written: registering has moved the account there.",
    )


def complete(case: Case, now: datetime) -> Transition:
    """The person is enforced, and that was all."""
    return record(
        move(case, CaseState.COMPLETED),
        now,
        action="would-complete" if case.observed else "complete",
        outcome=StepOutcome.WOULD if case.observed else StepOutcome.DONE,
        event=EventType.COMPLETED,
    )
