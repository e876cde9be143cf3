"""Several cases about one person: which of them goes on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Final

from shared.domain.cases import OPEN, Case, CaseState, EventType, StepOutcome
from shared.domain.chronology import History
from shared.domain.plans import ExemptionPlan, LeaverPlan, OnboardingPlan
from shared.domain.preparations import Preparation
from shared.domain.told import has_a_word, is_enrolled, is_hearsay, moment, takes_effect
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
    return _living(_Rivals((*others, case), now).overtakes(case), others)


class _Rivals:
    """The cases of one person's joining and leaving, each of which may make others needless."""

    def __init__(self, cases: Iterable[Case], now: datetime) -> None:
        self._cases = tuple(_about_work(cases))
        self._history = History(self._cases, now)
        self._now = now

    def overtakes(self, case: Case) -> Case | None:
        """The one that makes a case needless."""
        if is_enrolled(case):
            for other in self._cases:
                if not is_enrolled(other) and other.state in OPEN:
                    return other
        for other in self._cases:
            if other is not case and other.kind is case.kind and self._is_instead(other, case):
                return other
        return self.came_after(case)

    def came_after(self, case: Case) -> Case | None:
        """The case of a return from a leaving, or of a leaving after somebody has joined."""
        if isinstance(case.plan, LeaverPlan):
            back = self._history.called_back(case)
            return None if back is None or self._stands_in(case) else back
        for leaver in self._in_force:
            if not is_hearsay(leaver, case) and self._history.is_over(case, leaver):
                return leaver
        return None

    def _is_instead(self, other: Case, case: Case) -> bool:
        """Whether another case of the same kind goes on, and this one does not."""
        if _has_begun(case):
            return False
        begun = _has_begun(other) and self.came_after(other) is None
        return (begun and not self._ends_more(case, other)) or self._replaces(other, case)

    def _ends_more(self, case: Case, begun: Case) -> bool:
        """Whether who joined anew leaves by a case, and not by the one that has begun."""
        return isinstance(case.plan, LeaverPlan) and any(
            isinstance(joined.plan, OnboardingPlan)
            and joined.state not in _DEAD
            and self._history.is_over(joined, case)
            and not self._history.is_over(joined, begun)
            for joined in self._cases
        )

    def _replaces(self, other: Case, case: Case) -> bool:
        """Whether it is by another case that HR says now what it had said by this one."""
        if has_a_word(other) and self._history.corrects(other, case):
            return True
        return (
            other.state not in _DEAD
            and (has_a_word(other) or (is_enrolled(other) and is_enrolled(case)))
            and not is_hearsay(other, case)
            and moment(other) > moment(case)
            and not self._history.is_corrected(other)
            and self.came_after(other) is None
        )

    def _stands_in(self, case: Case) -> bool:
        """Whether a leaver's case goes on for another one that has given way to it."""
        return _has_begun(case) and any(
            leaver.state is CaseState.SUPERSEDED for leaver in self._in_force
        )

    @cached_property
    def _in_force(self) -> tuple[Case, ...]:
        """The leavers' cases by which the person is gone just now.

        Among them are those that gave way to one that goes on for them.
        """
        goes_on = any(
            isinstance(case.plan, LeaverPlan) and _has_begun(case) for case in self._cases
        )
        states = _DEAD - {CaseState.SUPERSEDED} if goes_on else _DEAD
        return tuple(
            case
            for case in self._cases
            if isinstance(case.plan, LeaverPlan)
            and case.state not in states
            and has_a_word(case)
            and takes_effect(case) <= self._now
            and self._history.called_back(case) is None
            and (_has_begun(case) or not self._is_told_anew(case))
        )

    def _is_told_anew(self, leaver: Case) -> bool:
        """Whether HR has told otherwise of the leaving since, and nobody was back from that."""
        return self._history.is_corrected(leaver) or any(
            other.kind is leaver.kind
            and has_a_word(other)
            and not is_hearsay(other, leaver)
            and moment(other) > moment(leaver)
            and self._history.called_back(other) is None
            for other in self._cases
        )


def _living(found: Case | None, others: Iterable[Case]) -> Case | None:
    """The case to give way to, unless nothing about the person would be left that goes on.

    What was told counts though its case has given way; should an event come so late that a case
    would give way to one that gave way to it, the last one stays.
    """
    return found if any(other.state not in _DEAD for other in _about_work(others)) else None


def _about_work(cases: Iterable[Case]) -> Iterable[Case]:
    return (case for case in cases if isinstance(case.plan, OnboardingPlan | LeaverPlan))


def _has_begun(case: Case) -> bool:
    """Whether a case is under way. One that waits for an approval is as far as where it asked.

    A leaver's that only observed has seen nobody off. Who was rehired is on the way once their
    methods from before are dealt with.
    """
    if isinstance(case.plan, LeaverPlan) and case.observed:
        return False
    if Preparation.FORMER_METHODS in case.preparations:
        return True
    asked_from = case.asked_from if case.state is CaseState.AWAITING_APPROVAL else None
    return (asked_from or case.stage) in OPEN - NOT_BEGUN


def leavers(others: Iterable[Case], now: datetime) -> tuple[Case, ...]:
    """The cases by which a person is leaving or has left.

    One from before they were hired again says nothing any more, from the day of their return on.
    One that only observed has seen nobody off: the person works here on.
    """
    about_work = tuple(_about_work(others))
    rivals = _Rivals(about_work, now)
    return tuple(
        case
        for case in about_work
        if isinstance(case.plan, LeaverPlan)
        and not case.observed
        and case.state not in _CAME_TO_NOTHING
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
    return _living(_Rivals((*others, case), now).came_after(case), others)


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
