"""What HR has told about one person, read as a whole: what of it holds, and what came after what.

It does not matter in which order cases are taken up: nothing here depends on which of two has given
way to the other already.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from shared.domain.cases import BEGUN, Case, CaseState
from shared.domain.ids import CaseId
from shared.domain.plans import LeaverPlan
from shared.domain.told import (
    has_a_word,
    is_enrolled,
    is_hearsay,
    is_rehire,
    moment,
    takes_effect,
    tells_of_a_return,
    told_at,
    works_since,
)

_DAY: Final = timedelta(days=1)


class History:
    """What HR has told about one person.

    Args:
        cases: all cases about their joining and leaving.
        now: the time.
    """

    def __init__(self, cases: Iterable[Case], now: datetime) -> None:
        told = (case for case in cases if has_a_word(case) or tells_of_a_return(case))
        self._told = sorted(told, key=moment)
        self._now = now
        self._read: dict[tuple[CaseId, CaseId], bool] = {}

    def corrects(self, other: Case, case: Case) -> bool:
        """Whether HR said otherwise by another case, before the day of this one had come.

        What it told anew of days that were over by then corrects nothing: a feed repeats itself.
        """
        stray = is_rehire(case) and _is_stray(other)
        says_so = has_a_word(other) and other.case_id in self._news
        return says_so and _tells_anew(other, case) and not stray

    def is_corrected(self, case: Case) -> bool:
        """Whether any case does so."""
        return case.case_id in self._corrected

    def called_back(self, leaver: Case) -> Case | None:
        """The case of a return from what a leaver's case tells, where it has taken effect.

        Who has been seen off is not back by a return that was refused, as that of somebody who
        stays blocked. One that was set aside counts where there is no other.
        """
        return min(self.returns_from(leaver), key=tells_of_a_return, default=None)

    def returns_from(self, leaver: Case) -> Iterator[Case]:
        """All such cases."""
        for back in self._returns:
            if (
                takes_effect(back) <= self._now
                and not self.is_corrected(back)
                and not is_hearsay(back, leaver)
                and not self._left_after(back, leaver)
                and not back.called_off_by
                and not (back.state is CaseState.REFUSED and _has_seen_off(leaver))
            ):
                yield back

    def is_over(self, case: Case, leaver: Case) -> bool:
        """Whether somebody has left after what an onboarding's case tells.

        Who is no return joins anew where it is told after the leaving, and for a day after it. Of
        an enrolment no moment counts: nobody is enrolled who leaves.
        """
        if is_enrolled(case):
            return True
        if any(case is back for back in self._returns):
            return self._left_after(case, leaver)
        too_early = works_since(case) + _DAY <= takes_effect(leaver)
        return too_early or moment(leaver) > moment(case)

    def may_only_stay(self, back: Case) -> bool:
        """Whether all that a return takes back was still to come, as far as that was told."""
        left = [
            case
            for case in self._told
            if isinstance(case.plan, LeaverPlan) and self.called_back(case) is back
        ]
        return bool(left) and all(
            max(told_at(back), works_since(back)) < takes_effect(leaver) for leaver in left
        )

    def _left_after(self, back: Case, leaver: Case) -> bool:
        """Whether somebody left after a return, or after it as HR had told it first.

        Who is back on another day than was told before stays no longer for that. Each pair is read
        once: a feed may correct a first day every night.
        """
        pair = (back.case_id, leaver.case_id)
        if pair not in self._read:
            self._read[pair] = _left_after(back, leaver) or self._left_after_first(back, leaver)
        return self._read[pair]

    def _left_after_first(self, back: Case, leaver: Case) -> bool:
        return any(
            self.corrects(back, first)
            and works_since(first) != works_since(back)
            and not is_hearsay(first, back)
            and works_since(back) < takes_effect(leaver)
            and self._left_after(first, leaver)
            for first in self._returns
            if moment(first) < moment(back) and not self._had_come_otherwise(first, back)
        )

    def _had_come_otherwise(self, first: Case, back: Case) -> bool:
        """Whether a first day had been corrected to one that had come when HR spoke again."""
        return any(
            self.corrects(other, first)
            and moment(other) < moment(back)
            and works_since(other) <= told_at(back)
            for other in self._returns
        )

    @cached_property
    def _returns(self) -> list[Case]:
        """The cases of who is back.

        A joiner's event tells of nobody who is, but where it corrects one that does: a stray
        repetition would keep somebody's access for ever.
        """
        found: list[Case] = []
        for case in self._told:
            if is_rehire(case) or any(
                self.corrects(case, earlier) and not is_hearsay(earlier, case) for earlier in found
            ):
                found.append(case)
        return found

    @cached_property
    def _corrected(self) -> frozenset[CaseId]:
        return frozenset(
            case.case_id
            for case in self._told
            if any(self.corrects(other, case) for other in self._told)
        )

    @cached_property
    def _news(self) -> frozenset[CaseId]:
        return frozenset(
            case.case_id
            for case in self._told
            if not any(_was_over(case, other) for other in self._told)
        )


def _has_seen_off(leaver: Case) -> bool:
    return leaver.state is CaseState.COMPLETED or leaver.reached in BEGUN


def _tells_anew(other: Case, case: Case) -> bool:
    return (
        other.kind is case.kind
        and not is_enrolled(case)
        and not is_hearsay(other, case)
        and moment(other) > moment(case)
        and told_at(other) < takes_effect(case)
    )


def _is_stray(case: Case) -> bool:
    """Whether a joiner's event, by the day that it tells, is a repetition of one of long ago."""
    return not is_rehire(case) and works_since(case) + _DAY <= told_at(case)


def _was_over(case: Case, other: Case) -> bool:
    """Whether, when HR told of something, another thing had come after it already."""
    if (
        other.kind is case.kind
        or is_hearsay(other, case)
        or moment(other) > moment(case)
        or takes_effect(other) > told_at(case)
    ):
        return False
    if isinstance(case.plan, LeaverPlan):
        return is_rehire(other) and not _left_after(other, case)
    return _left_after(case, other)


def _left_after(back: Case, leaver: Case) -> bool:
    """Whether somebody left after a return: by the days that HR told, not by when it told them.

    Who is back on the last day or later had left before. A return that is told afterwards takes a
    leaving back that is still to come, or came on the first day; a first day before that says
    nothing, for it may only be told anew.
    """
    left, since = takes_effect(leaver), works_since(back)
    if since >= left:
        return False
    takes_it_back = told_at(back) < left or left < since + _DAY
    return moment(back) < moment(leaver) or not takes_it_back
