"""Several cases about one person: which of them goes on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

from shared.domain.cases import OPEN, Case, CaseState, EventType, StepOutcome
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

_CAME_TO_NOTHING: Final = frozenset({CaseState.REFUSED, CaseState.SUPERSEDED, CaseState.CANCELLED})
_DEAD: Final = _CAME_TO_NOTHING | {CaseState.PARKED}


def overtaken_by(case: Case, others: Iterable[Case], now: datetime) -> Case | None:
    """The case that makes this one needless, where it has not begun and there is one.

    HR events are hints about the same person: what happened later counts, in whatever order the
    events arrive. Of the same kind it counts at once, for it says when; of another kind from the
    day on which it takes effect: who joins for a year has to register, though HR tells the last day
    with the first. What has begun already is not begun again. Exemptions and resets are none of
    them. An enrolment gives way to whatever HR has open, however old, and makes nothing of HR's
    needless by being newer.

    Args:
        case: a case that has changed nothing yet.
        others: all other cases about the same person.
        now: the time.
    """
    return next((other for other in others if _overtakes(other, case, now)), None)


def _overtakes(other: Case, case: Case, now: datetime) -> bool:
    if isinstance(other.plan, ExemptionPlan | EnrolmentPlan | ResetPlan):
        return False
    same = other.kind is case.kind
    if same and _has_begun(other):
        return True
    if is_enrolled(other) and not is_enrolled(case):
        return False
    if is_enrolled(case) and not is_enrolled(other) and other.state in OPEN:
        return True
    later = _counts(other, case) and _is_later(other, case)
    return later and (same or _takes_effect(other.plan) <= now)


def _has_begun(case: Case) -> bool:
    """Whether a case is under way. One that waits for an approval is as far as where it asked."""
    asked_from = case.asked_from if case.state is CaseState.AWAITING_APPROVAL else None
    return (asked_from or case.stage) in OPEN - NOT_BEGUN


def is_enrolled(case: Case) -> bool:
    """Whether an enrolment asked for the case of a person, and not HR."""
    return isinstance(case.plan, OnboardingPlan) and case.plan.enrolled is not None


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
        and other.state not in _CAME_TO_NOTHING
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
    for other in others:
        if (
            isinstance(other.plan, OnboardingPlan)
            and other.plan.rehire
            and _counts(other, case)
            and _is_later(other, case)
            and _takes_effect(other.plan) <= now
        ):
            return other
    return None


def _counts(other: Case, case: Case) -> bool:
    """Whether another case still says something about this one.

    What a source that is kept to domains says of a number may be said of somebody outside of them:
    against another source's case it counts once its account was found inside.
    That somebody is back holds against a leaver's case though another onboarding made it needless.
    """
    hearsay = isinstance(other.plan, OnboardingPlan | LeaverPlan) and bool(other.plan.domains)
    if hearsay and other.user_id is None and other.source != case.source:
        return False
    if isinstance(case.plan, LeaverPlan) and isinstance(other.plan, OnboardingPlan):
        return other.state not in _DEAD - {CaseState.SUPERSEDED}
    return other.state not in _DEAD


def _is_later(other: Case, case: Case) -> bool:
    """Whether what another case tells of came after what this one tells of.

    Who is back had left before, whenever HR told of either: a leaver's event that comes late, or
    again, sees nobody off who was hired anew since.
    """
    if _had_left(other, before=case):
        return False
    return _had_left(case, before=other) or _moment(other) > _moment(case)


def _had_left(left: Case, *, before: Case) -> bool:
    """Whether one case is a leaver's who had left by the day on which another says they are back.

    Of a day that HR may have corrected since, or that nobody told, it is the day on which HR spoke
    of their return.
    """
    back = before.plan
    if not (isinstance(left.plan, LeaverPlan) and isinstance(back, OnboardingPlan) and back.rehire):
        return False
    holds = back.dated and before.state is not CaseState.SUPERSEDED
    since = back.starts_at if holds else min(back.starts_at, back.occurred_at)
    return left.plan.effective_at <= since


def _takes_effect(plan: OnboardingPlan | LeaverPlan) -> datetime:
    """From when on what HR told holds."""
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
    plan = case.plan
    happened = case.accepted_at if isinstance(plan, ExemptionPlan) else plan.occurred_at
    return (happened, case.accepted_at, case.case_id)
