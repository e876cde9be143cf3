"""Which of the cases about one person's joining and leaving go on, and which they make needless."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Final

from shared.domain.cases import BEGUN, OPEN, Case, CaseState
from shared.domain.chronology import History
from shared.domain.plans import LeaverPlan, OnboardingPlan
from shared.domain.preparations import Preparation
from shared.domain.told import (
    has_a_word,
    is_enrolled,
    is_hearsay,
    is_rehire,
    moment,
    takes_effect,
    tells_of_a_leaving,
)

CAME_TO_NOTHING: Final = frozenset({CaseState.REFUSED, CaseState.SUPERSEDED, CaseState.CANCELLED})
"""States of a case that does nothing any more. What HR told by it may still count."""
DEAD: Final = CAME_TO_NOTHING | {CaseState.PARKED}
"""The same, where no human takes it up again."""


class Rivals:
    """The cases of one person's joining and leaving, each of which may make others needless.

    Args:
        cases: all cases about them; what is of other kinds is passed over.
        now: the time.
    """

    def __init__(self, cases: Iterable[Case], now: datetime) -> None:
        self._cases = tuple(about_work(cases))
        self._history = History(self._cases, now)
        self._now = now

    def overtaking(self, case: Case) -> Iterator[Case]:
        """Those that make a case needless."""
        for other in self._cases:
            if other is not case and self._is_instead(other, case):
                yield other
        for one in (self._came_back_by(case), self.came_after(case)):
            if one is not None:
                yield one

    def given_way_to(self, case: Case) -> Case:
        """The case to which one has given way at last, as far as that is still right.

        HR's first word may come last, and then tells that somebody is back by a case that has given
        way to their leaving.
        """
        left = {other.case_id: other for other in self._cases}
        while _was_ended(case) and case.gives_way_to in left:
            after = left.pop(case.gives_way_to)
            rightly = (
                self._is_instead(after, case)
                or after is self._came_back_by(case)
                or after is self.came_after(case)
            )
            if not rightly:
                break
            case = after
        return case

    def ending(self, leaver: Case) -> Iterator[Case]:
        """Those that end a leaver's case which has begun: of its account, and of no newer one."""
        if self.came_after(leaver) is None:
            return
        for back in self._history.returns_from(leaver):
            if not _is_elsewhere(back, leaver):
                yield back

    def came_after(self, case: Case) -> Case | None:
        """The case of a return from a leaving, or of a leaving after somebody has joined."""
        if isinstance(case.plan, LeaverPlan):
            back = self._history.called_back(case)
            return None if back is None or self._stands_in(case) else back
        for leaver in self._in_force:
            if is_hearsay(leaver, case) or (is_enrolled(case) and not has_a_word(leaver)):
                continue
            if self._history.is_over(case, leaver):
                return leaver
        return None

    def _came_back_by(self, case: Case) -> Case | None:
        """The case that is done of a return that HR tells once more.

        What somebody has registered since is none of the methods that they had from before.
        """
        if not is_rehire(case):
            return None
        for other in self._cases:
            if (
                is_rehire(other)
                and other.state is CaseState.COMPLETED
                and not other.observed
                and moment(other) < moment(case)
                and takes_effect(case) <= other.updated_at
                and not self._has_left_since(other)
            ):
                return other
        return None

    def _has_left_since(self, joined: Case) -> bool:
        return any(
            isinstance(leaver.plan, LeaverPlan)
            and has_a_word(leaver)
            and takes_effect(leaver) <= self._now
            and self._history.is_over(joined, leaver)
            for leaver in self._cases
        )

    def _is_instead(self, other: Case, case: Case) -> bool:
        """Whether another case goes on that does the same, and this one does not."""
        if is_enrolled(case) and not is_enrolled(other) and other.state in OPEN:
            return True
        if has_begun(case) or other.kind is not case.kind:
            return False
        begun = has_begun(other) and self.came_after(other) is None
        begun = begun and not _is_elsewhere(other, case)
        return (begun and not self._ends_more(case, other)) or self._replaces(other, case)

    def _ends_more(self, case: Case, begun: Case) -> bool:
        """Whether who joined anew leaves by a case, and not by the one that has begun."""
        return isinstance(case.plan, LeaverPlan) and any(
            isinstance(joined.plan, OnboardingPlan)
            and has_a_word(joined)
            and self._history.is_over(joined, case)
            and not self._history.is_over(joined, begun)
            for joined in self._cases
        )

    def _replaces(self, other: Case, case: Case) -> bool:
        """Whether it is by another case that HR says now what it had said by this one."""
        if has_a_word(other) and self._history.corrects(other, case):
            return True
        return (
            other.state not in DEAD
            and (has_a_word(other) or (is_enrolled(other) and is_enrolled(case)))
            and not is_hearsay(other, case)
            and moment(other) > moment(case)
            and not self._history.is_corrected(other)
            and self.came_after(other) is None
        )

    def _stands_in(self, case: Case) -> bool:
        """Whether a leaver's case goes on for another one that has given way to it."""
        return _stands(case) and any(
            leaver.state is CaseState.SUPERSEDED for leaver in self._in_force
        )

    @cached_property
    def _in_force(self) -> tuple[Case, ...]:
        """The leavers' cases by which the person is gone just now.

        Among them are those that a human has to look at first, and those that gave way where any
        stands. One that only observes sees nobody off: the person works here on.
        """
        states = CAME_TO_NOTHING
        if any(map(_stands, self._cases)):
            states -= {CaseState.SUPERSEDED}
        return tuple(
            case
            for case in self._cases
            if isinstance(case.plan, LeaverPlan)
            and not case.observed
            and case.state not in states
            and (has_a_word(case) or tells_of_a_leaving(case))
            and takes_effect(case) <= self._now
            and self._history.called_back(case) is None
            and (_stands(case) or not self._is_told_anew(case))
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


def about_work(cases: Iterable[Case]) -> Iterable[Case]:
    """Those of them by which somebody joins or leaves, whoever asked for it."""
    return (case for case in cases if isinstance(case.plan, OnboardingPlan | LeaverPlan))


def has_begun(case: Case) -> bool:
    """Whether a case is under way. One that waits for an approval is as far as where it asked.

    A leaver's that only observed has seen nobody off. Who was rehired is on the way once their
    methods from before are dealt with.
    """
    if isinstance(case.plan, LeaverPlan) and case.observed:
        return False
    if Preparation.FORMER_METHODS in case.preparations and case.state in OPEN:
        return True
    asked_from = case.asked_from if case.state is CaseState.AWAITING_APPROVAL else None
    return (asked_from or case.stage) in BEGUN


def _is_elsewhere(other: Case, case: Case) -> bool:
    """Whether two cases are about different accounts: somebody was given a second one."""
    return None not in (other.user_id, case.user_id) and other.user_id != case.user_id


def _was_ended(case: Case) -> bool:
    """Whether a case was ended by another one, and not by a human."""
    cancelled = case.state is CaseState.CANCELLED and not case.called_off_by
    return case.state is CaseState.SUPERSEDED or cancelled


def is_done(case: Case) -> bool:
    """Whether a case has come to its end. A leaver's that only observed has seen nobody off."""
    would = isinstance(case.plan, LeaverPlan) and case.observed
    return case.state is CaseState.COMPLETED and not would


def _stands(case: Case) -> bool:
    """Whether somebody is being seen off by a case, or was."""
    return isinstance(case.plan, LeaverPlan) and (is_done(case) or has_begun(case))
