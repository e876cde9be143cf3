"""How a leaver's case comes to its end."""

from dataclasses import replace
from datetime import datetime

from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, move, record


def gone(case: Case, rules: Rules, now: datetime) -> Transition:
    """The directory does not know the person: all is done, once two readings agree (S3)."""
    since = case.missing_since
    if since is None or now - since < rules.gone_after:
        since = since or now
        again = since + rules.gone_after
        return Transition(case=replace(case, missing_since=since, wait_until=again))
    found = "is not there any more" if case.user_id is not None else "is not there"
    return complete(case, now, detail=f"The account {found}, so nobody can use it.")


def complete(case: Case, now: datetime, *, detail: str) -> Transition:
    """All is done, or would be."""
    return record(
        replace(move(case, CaseState.COMPLETED), wait_until=None, attempts=0),
        now,
        action="would-complete" if case.observed else "complete",
        outcome=StepOutcome.WOULD if case.observed else StepOutcome.DONE,
        detail=detail,
        event=EventType.COMPLETED,
    )
