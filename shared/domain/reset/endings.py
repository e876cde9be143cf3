"""How a reset comes to its end, and what is left to do."""

from dataclasses import replace
from datetime import datetime

from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.transitions import Transition, move, record


def end(case: Case, now: datetime, *, detail: str) -> Transition:
    """All is done; or all but the app passwords: a human has to delete them, or the log lags."""
    ready = replace(case, wait_until=None, attempts=0)
    left = _left(case)
    if left is not None and case.state is not CaseState.AWAITING_CONFIRMATION:
        return record(
            replace(move(ready, CaseState.AWAITING_CONFIRMATION), waiting_since=now),
            now,
            action="wait-for-app-passwords",
            outcome=StepOutcome.WAITING,
            detail=f"{detail} {left}",
            event=EventType.WAITING,
        )
    return record(
        move(ready, CaseState.COMPLETED),
        now,
        action="complete",
        outcome=StepOutcome.DONE,
        detail=detail,
        event=EventType.COMPLETED,
    )


def _left(case: Case) -> str | None:
    """What is still waited for; None where all is done."""
    if case.reset.item_open:
        return "App passwords may be alive: somebody has to delete them."
    if case.reset.log_awaited:
        return "The audit log is waited for to tell of app passwords."
    return None
