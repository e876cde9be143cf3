"""Several cases about one person: which of them goes on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from shared.domain.cases import OPEN, Case, CaseState, EventType, StepOutcome
from shared.domain.plans import ExemptionPlan, LeaverPlan
from shared.domain.remains import what_stays
from shared.domain.rivals import CAME_TO_NOTHING, DEAD, Rivals, about_work
from shared.domain.transitions import Transition, move, record


def overtaken_by(case: Case, others: Iterable[Case], now: datetime) -> Case | None:
    """The case that makes this one needless, where it has not begun and there is one.

    HR events are hints about the same person: what HR told later counts, in whatever order the
    events arrive. Of the same kind it counts at once, for it says when; of another kind from the
    day on which it takes effect: who joins for a year has to register, though HR tells the last day
    with the first. What has begun already is not begun again. Exemptions and resets are none of
    them. An enrolment gives way to whatever HR has open, however old, and makes nothing of HR's
    needless by being newer.

    Args:
        case: the case of somebody who joins or leaves, that has changed nothing yet.
        others: all other cases about the same person.
        now: the time.
    """
    others = tuple(others)
    return _living(Rivals((*others, case), now).overtakes(case), others)


def _living(found: Case | None, others: Iterable[Case]) -> Case | None:
    """The case to give way to, unless nothing about the person would be left that goes on.

    What was told counts though its case has given way itself; should an event come so late that the
    two would give way to each other, the last one stays. What was done before that was even told
    is another story.
    """
    if found is None or found.state not in DEAD:
        return found
    goes_on = any(
        other.state in OPEN
        or (other.state is CaseState.COMPLETED and other.updated_at >= found.accepted_at)
        for other in about_work(others)
    )
    return found if goes_on else None


def leavers(others: Iterable[Case], now: datetime) -> tuple[Case, ...]:
    """The cases by which a person is leaving or has left.

    One from before they were hired again says nothing any more, from the day of their return on.
    One that only observed has seen nobody off: the person works here on.
    """
    told = tuple(about_work(others))
    rivals = Rivals(told, now)
    return tuple(
        case
        for case in told
        if isinstance(case.plan, LeaverPlan)
        and not case.observed
        and case.state not in CAME_TO_NOTHING
        and rivals.came_after(case) is None
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
    return _living(Rivals((*others, case), now).came_after(case), others)


def superseded(case: Case, by: Case, now: datetime) -> Transition:
    """A case that another one makes needless.

    It names the other one only to the source that has asked for both: who knows a case's id may
    read it.

    Args:
        case: which.
        by: the other one.
        now: the time.
    """
    name = f"Case {by.case_id}" if by.source == case.source else "Another case"
    return record(
        replace(move(case, CaseState.SUPERSEDED), wait_until=None),
        now,
        action="supersede",
        outcome=StepOutcome.DONE,
        detail=f"{name} ({by.kind}, {by.state}) is about the same person. {what_stays(case)}",
        event=EventType.SUPERSEDED,
    )
