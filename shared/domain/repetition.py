"""An event that came again and says something else than the first time."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.cases import Case, EventType, StepOutcome
from shared.domain.errors.requests import IdempotencyConflict
from shared.domain.transitions import Transition, record

_WARNING: Final = (
    "Its event came again under the same id with other content, which was not taken: see whether "
    "the sender changed its mind, or somebody else knows its secret."
)


def contradicted(case: Case, now: datetime) -> Transition | None:
    """The case with a warning of it; None where it has that already, so that nobody fills it up."""
    if _WARNING in case.warnings:
        return None
    return record(
        replace(case, warnings=(*case.warnings, _WARNING)),
        now,
        action="repeat-event",
        outcome=StepOutcome.REFUSED,
        event=EventType.CONTRADICTED,
        reason=IdempotencyConflict.code,
    )
