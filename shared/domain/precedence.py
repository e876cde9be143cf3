"""Several cases about one person: which of them goes on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.cases import OPEN, Case, CaseState, EventType, StepOutcome
from shared.domain.plans import ExemptionPlan, LeaverPlan, OnboardingPlan
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

_CAME_TO_NOTHING: Final = frozenset({CaseState.REFUSED, CaseState.SUPERSEDED, CaseState.CANCELLED})
_DEAD: Final = _CAME_TO_NOTHING | {CaseState.PARKED}


def overtaken_by(case: Case, others: Iterable[Case]) -> Case | None:
    """The case that makes this one needless, where it has not begun and there is one.

    HR events are hints about the same person: what happened later counts, in whatever order the
    events arrive. What has begun already is not begun again. An exemption is none of them. An
    enrolment gives way to whatever HR has open, however old, and makes nothing of HR's needless by
    being newer.

    Args:
        case: a case that has changed nothing yet.
        others: all other cases about the same person.
    """
    return next((other for other in others if _overtakes(other, case)), None)


def _overtakes(other: Case, case: Case) -> bool:
    if isinstance(other.plan, ExemptionPlan):
        return False
    if other.kind is case.kind and other.state in OPEN - NOT_BEGUN:
        return True
    if is_enrolled(other) and not is_enrolled(case):
        return False
    if is_enrolled(case) and not is_enrolled(other) and other.state in OPEN:
        return True
    return other.state not in _DEAD and _moment(other) > _moment(case)


def is_enrolled(case: Case) -> bool:
    """Whether an enrolment asked for the case of a person, and not HR."""
    return isinstance(case.plan, OnboardingPlan) and case.plan.enrolled is not None


def leavers(others: Iterable[Case]) -> tuple[Case, ...]:
    """The cases by which a person is leaving or has left.

    One from before they were hired again says nothing any more; only HR's word for that counts, not
    a joiner's event, which may be a stray repetition.
    """
    others = tuple(others)
    back = [
        _moment(other)
        for other in others
        if isinstance(other.plan, OnboardingPlan) and other.plan.rehire and other.state not in _DEAD
    ]
    return tuple(
        other
        for other in others
        if isinstance(other.plan, LeaverPlan)
        and other.state not in _CAME_TO_NOTHING
        and all(moment < _moment(other) for moment in back)
    )


def exempt_by(others: Iterable[Case]) -> Case | None:
    """The exemption that a person is in; None where they are in none."""
    exemptions = (other for other in others if isinstance(other.plan, ExemptionPlan))
    return next((other for other in exemptions if other.must_put_back), None)


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
    plan = case.plan
    happened = case.accepted_at if isinstance(plan, ExemptionPlan) else plan.occurred_at
    return (happened, case.accepted_at, case.case_id)
