"""Several cases about one person: which of them goes on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import Enum, auto

from shared.domain.cases import OPEN, Case, CaseState, EventType, StepOutcome
from shared.domain.ids import UserId
from shared.domain.plans import ExemptionPlan, LeaverPlan, OnboardingPlan
from shared.domain.remains import what_stays
from shared.domain.rivals import CAME_TO_NOTHING, Rivals, about_work, has_begun, is_done
from shared.domain.schedules import Rules, next_look
from shared.domain.told import is_enrolled, moment, takes_effect
from shared.domain.transitions import Transition, move, record


def gives_way(
    case: Case,
    others: Iterable[Case],
    rules: Rules,
    now: datetime,
    *,
    account: UserId | None = None,
    begun: bool = False,
) -> Transition | None:
    """What becomes of a case that another one makes needless; None where none does.

    HR events are hints about the same person: what HR told later counts, in whatever order the
    events arrive. Of the same kind it counts at once, for it says when; of another kind from the
    day on which it takes effect: who joins for a year has to register, though HR tells the last day
    with the first. What has begun already is not begun again. Exemptions and resets are none of
    them. An enrolment gives way to whatever HR has open, however old, and makes nothing of HR's
    needless by being newer.

    For good it gives way to what has begun only, or is done. What has not may yet come to nothing,
    by a cancellation or a refusal; until then it waits.

    Args:
        case: the case of somebody who joins or leaves.
        others: all other cases about the same person.
        rules: the settings.
        now: the time.
        account: whom it has found, where it is not pinned to them yet.
        begun: whether it is a leaver's that has revoked the sessions. Who was hired anew meanwhile
            keeps what is left, unless it is on an account that is theirs no longer; another date of
            HR's counts no longer.
    """
    others = tuple(others)
    known = replace(case, user_id=case.user_id or account)
    rivals = Rivals((*others, known), now)
    found = rivals.ending(known) if begun else rivals.overtaking(known)
    uncertain = None
    for by in found:
        match _strength(case, by, others, rivals):
            case _Strength.CERTAIN:
                return superseded(case, by, now)
            case _Strength.YET_TO_BEGIN:
                uncertain = uncertain or by
            case _Strength.NONE:
                pass
    return None if uncertain is None else _waits(case, uncertain, rules, now)


class _Strength(Enum):
    """How much of what makes a case needless is certain by now."""

    CERTAIN = auto()
    YET_TO_BEGIN = auto()
    """It may still come to nothing."""
    NONE = auto()
    """It has come to nothing."""


def _strength(case: Case, by: Case, others: Iterable[Case], rivals: Rivals) -> _Strength:
    """How much of a case that makes another one needless is certain by now.

    What was told counts though its case has given way itself: then it is as certain as what it gave
    way to. Should an event come so late that two would give way to each other, the last one stays.
    """
    last = rivals.given_way_to(by)
    if is_done(last) or has_begun(last):
        return _Strength.CERTAIN
    if by.state in OPEN or by.state is CaseState.PARKED:
        # One that is parked was told to a human, who has it go on or cancels it.
        return _Strength.YET_TO_BEGIN
    if isinstance(case.plan, LeaverPlan) and isinstance(by.plan, OnboardingPlan):
        # HR took the leaving back, whatever became of the return.
        return _Strength.CERTAIN
    later = (
        other.state in OPEN and not is_enrolled(other) and moment(other) > moment(case)
        for other in about_work(others)
        if other is not by and not other.observed
    )
    return _Strength.YET_TO_BEGIN if any(later) else _Strength.NONE


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


def superseded(case: Case, by: Case, now: datetime) -> Transition:
    """A case that another one makes needless.

    It names the other one only to the source that has asked for both: who knows a case's id may
    read it.

    Args:
        case: which.
        by: the other one.
        now: the time.
    """
    return record(
        replace(move(case, CaseState.SUPERSEDED), gives_way_to=by.case_id, wait_until=None),
        now,
        action="supersede",
        outcome=StepOutcome.DONE,
        detail=f"{_shown(by, case)} is about the same person. {what_stays(case)}",
        event=EventType.SUPERSEDED,
    )


def _waits(case: Case, by: Case, rules: Rules, now: datetime) -> Transition:
    """A case that looks again whether it is needless. It says so once."""
    since = max(takes_effect(case), case.accepted_at)
    waiting = replace(
        case, gives_way_to=by.case_id, wait_until=next_look(since, now, rules), attempts=0
    )
    if case.gives_way_to == by.case_id:
        return Transition(case=waiting)
    return record(
        waiting,
        now,
        action="give-way",
        outcome=StepOutcome.WAITING,
        detail=f"{_shown(by, case)} tells otherwise about the same person. This one goes on should "
        "that come to nothing.",
        event=EventType.WAITING,
    )


def _shown(by: Case, case: Case) -> str:
    name = f"Case {by.case_id}" if by.source == case.source else "Another case"
    return f"{name} ({by.kind}, {by.state})"
