"""Several cases about one person: which of them goes on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.cases import OPEN, Case, CaseState, EventType, StepOutcome
from shared.domain.transitions import Transition, move, record

NOT_BEGUN: Final = frozenset(
    {CaseState.ACCEPTED, CaseState.WAITING_START, CaseState.WAITING_ACCOUNT}
)
"""States in which a case without a change under way has changed nothing."""

_DEAD: Final = frozenset(
    {CaseState.REFUSED, CaseState.PARKED, CaseState.SUPERSEDED, CaseState.CANCELLED}
)


def overtaken_by(case: Case, others: Iterable[Case]) -> Case | None:
    """The case that makes this one needless, where it has not begun and there is one.

    HR events are hints about the same person: what happened later counts, in whatever order the
    events arrive. What has begun already is not begun again.

    Args:
        case: a case that HR asked for and that has changed nothing yet.
        others: all other cases about the same person.
    """
    for other in others:
        if other.state not in _DEAD and _moment(other) > _moment(case):
            return other
        same = other.kind is case.kind
        if same and other.state in OPEN - NOT_BEGUN:
            return other
    return None


def superseded(case: Case, by: Case, now: datetime) -> Transition:
    """A case that another one makes needless.

    It names the other one only to the source that has asked for both: who knows a case's id may
    read it.
    """
    name = f"Case {by.case_id}" if by.source == case.source else "Another case"
    return record(
        replace(move(case, CaseState.SUPERSEDED), wait_until=None),
        now,
        action="supersede",
        outcome=StepOutcome.DONE,
        detail=f"{name} ({by.kind}, {by.state}) is about the same person. Nothing was changed.",
        event=EventType.SUPERSEDED,
    )


def _moment(case: Case) -> tuple[datetime, datetime, str]:
    """When what a case is about happened; for the same moment, which came last."""
    return (case.plan.occurred_at, case.accepted_at, case.case_id)
