"""Several cases about one person: which of them goes on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.cases import OPEN, Case, CaseState, EventType, StepOutcome
from shared.domain.chronology import CAME_TO_NOTHING, counts, is_enrolled, is_later, takes_effect
from shared.domain.plans import (
    EnrolmentPlan,
    ExemptionPlan,
    LeaverPlan,
    OnboardingPlan,
    ResetPlan,
)
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


def overtaken_by(case: Case, others: Iterable[Case], now: datetime) -> Case | None:
    """The case that makes this one needless, where it has not begun and there is one.

    HR events are hints about the same person: what happened later counts, in whatever order the
    events arrive. Of the same kind it counts at once, for it says when; of another kind from the
    day on which it takes effect: who joins for a year has to register, though HR tells the last day
    with the first. What has begun already is not begun again. Exemptions and resets are none of
    them. An enrolment gives way to whatever HR has open, however old, and makes nothing of HR's
    needless by being newer. Nor does a joiner's event a leaver's case: a stray repetition of one
    would keep somebody's access for ever.

    Args:
        case: a case that has changed nothing yet.
        others: all other cases about the same person.
        now: the time.
    """
    others = tuple(others)
    return next((other for other in others if _overtakes(other, case, others, now)), None)


def _overtakes(other: Case, case: Case, others: Iterable[Case], now: datetime) -> bool:
    if isinstance(other.plan, ExemptionPlan | EnrolmentPlan | ResetPlan):
        return False
    if isinstance(case.plan, LeaverPlan) and _is_joining(other.plan):
        return False
    same = other.kind is case.kind
    if same and _has_begun(other):
        return True
    if is_enrolled(other) and not is_enrolled(case):
        return False
    if is_enrolled(case) and not is_enrolled(other) and other.state in OPEN:
        return True
    later = counts(other, case) and is_later(other, case, others)
    return later and (same or takes_effect(other.plan) <= now)


def _is_joining(plan: OnboardingPlan | LeaverPlan) -> bool:
    return isinstance(plan, OnboardingPlan) and not plan.rehire


def _has_begun(case: Case) -> bool:
    """Whether a case is under way. One that waits for an approval is as far as where it asked."""
    asked_from = case.asked_from if case.state is CaseState.AWAITING_APPROVAL else None
    return (asked_from or case.stage) in OPEN - NOT_BEGUN


def leavers(others: Iterable[Case], now: datetime) -> tuple[Case, ...]:
    """The cases by which a person is leaving or has left.

    One from before they were hired again says nothing any more, from the day of their return on;
    only HR's word for that counts, not a joiner's event, which may be a stray repetition. One that
    only observed has seen nobody off: the person works here on.
    """
    others = tuple(others)
    return tuple(
        other
        for other in others
        if isinstance(other.plan, LeaverPlan)
        and not other.observed
        and other.state not in CAME_TO_NOTHING
        and called_back_by(other, others, now) is None
    )


def exempt_by(others: Iterable[Case]) -> Case | None:
    """The exemption that a person is in; None where they are in none."""
    exemptions = (other for other in others if isinstance(other.plan, ExemptionPlan))
    return next((other for other in exemptions if other.must_put_back), None)


def called_back_by(case: Case, others: Iterable[Case], now: datetime) -> Case | None:
    """The case of the same person's return, where it is later and has taken effect.

    Args:
        case: a leaver's case.
        others: all other cases about the same person.
        now: the time.
    """
    others = tuple(others)
    for other in others:
        if (
            isinstance(other.plan, OnboardingPlan)
            and other.plan.rehire
            and counts(other, case)
            and is_later(other, case, others)
            and takes_effect(other.plan) <= now
        ):
            return other
    return None


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
