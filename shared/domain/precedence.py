"""Several cases about one person: which of them goes on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

from shared.domain.cases import OPEN, Case, CaseState, EventType, StepOutcome
from shared.domain.plans import LeaverPlan, OnboardingPlan, Plan
from shared.domain.transitions import Transition, move, record

NOT_BEGUN: Final = frozenset(
    {
        CaseState.ACCEPTED,
        CaseState.WAITING_START,
        CaseState.WAITING_ACCOUNT,
        CaseState.WAITING_EFFECTIVE,
    }
)
"""States in which a case without a change under way has changed nothing."""

_DEAD: Final = frozenset(
    {CaseState.REFUSED, CaseState.PARKED, CaseState.SUPERSEDED, CaseState.CANCELLED}
)


def overtaken_by(case: Case, others: Iterable[Case], now: datetime) -> Case | None:
    """The case that makes this one needless, where it has not begun and there is one.

    HR events are hints about the same person: what happened later counts, in whatever order the
    events arrive. Of the same kind it counts at once, for it says when; of another kind from the
    day on which it takes effect: who joins for a year has to register, though HR tells the last day
    with the first. What has begun already is not begun again.

    Args:
        case: a case that HR asked for and that has changed nothing yet.
        others: all other cases about the same person.
        now: the time.
    """
    for other in others:
        same = other.kind is case.kind
        newer = other.state not in _DEAD and _moment(other) > _moment(case)
        if newer and (same or takes_effect(other.plan) <= now):
            return other
        if same and other.state in OPEN - NOT_BEGUN:
            return other
    return None


def called_back_by(case: Case, others: Iterable[Case], now: datetime) -> Case | None:
    """The case of the same person's return, where it is later and has taken effect.

    Args:
        case: a leaver's case that has begun.
        others: all other cases about the same person.
        now: the time.
    """
    for other in others:
        if (
            isinstance(other.plan, OnboardingPlan)
            and other.plan.rehire
            and other.state not in _DEAD
            and _moment(other) > _moment(case)
            and takes_effect(other.plan) <= now
        ):
            return other
    return None


def takes_effect(plan: Plan) -> datetime:
    """From when on what was asked for holds."""
    match plan:
        case OnboardingPlan():
            return plan.starts_at
        case LeaverPlan():
            return plan.effective_at
        case _:
            assert_never(plan)


def superseded(
    case: Case, by: Case, now: datetime, *, stays: str = "Nothing was changed."
) -> Transition:
    """A case that another one makes needless.

    It names the other one only to the source that has asked for both: who knows a case's id may
    read it.

    Args:
        case: which.
        by: the other one.
        now: the time.
        stays: what this one leaves behind.
    """
    name = f"Case {by.case_id}" if by.source == case.source else "Another case"
    return record(
        replace(move(case, CaseState.SUPERSEDED), wait_until=None),
        now,
        action="supersede",
        outcome=StepOutcome.DONE,
        detail=f"{name} ({by.kind}, {by.state}) is about the same person. {stays}",
        event=EventType.SUPERSEDED,
    )


def _moment(case: Case) -> tuple[datetime, datetime, str]:
    """When what a case is about happened; for the same moment, which came last."""
    return (case.plan.occurred_at, case.accepted_at, case.case_id)
