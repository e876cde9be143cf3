"""Whatever HR tells about a person, in whatever order it is worked on: one thing comes of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, permutations
from typing import Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.cases import OPEN, Case, CaseState
from shared.domain.chronology import History
from shared.domain.ids import CaseId
from shared.domain.plans import LeaverPlan
from shared.domain.precedence import gives_way
from shared.domain.schedules import Rules
from shared.domain.told import takes_effect
from tests.builders import NOW, SIGN_IN_NAME, a_case, a_plan

DAY: Final = timedelta(days=1)
_RULES: Final = Rules()
LAST: Final = 6
"""The day by which everything that HR told of has come."""


class Word(NamedTuple):
    """What HR told: of which kind, on which day, and of which day; None where it told no day."""

    kind: str
    told: int
    of: int | None


def case_of(number: int, word: Word) -> Case:
    """The case that it opens."""
    told = NOW + word.told * DAY
    effective = told if word.of is None else NOW + word.of * DAY
    case = a_case(case_id=CaseId(f"{number:032x}"))
    if word.kind == "leaver":
        plan = LeaverPlan(
            user_principal_name=SIGN_IN_NAME,
            employee_id=None,
            effective_at=effective,
            occurred_at=told,
        )
        return replace(case, plan=plan, accepted_at=told)
    onboarding = a_plan(occurred_at=told, starts_at=effective)
    onboarding = replace(onboarding, rehire=word.kind == "rehire", dated=word.of is not None)
    return replace(case, plan=onboarding, accepted_at=told)


_JOINED_LONG_AGO: Final = replace(
    case_of(9, Word("joiner", -400, -400)), state=CaseState.COMPLETED, updated_at=NOW - 399 * DAY
)


class Life:
    """The cases about one person, each of which is taken up when its turn comes."""

    def __init__(self, begun: CaseState, *, worked_before: bool = False) -> None:
        self.cases: dict[int, Case] = {}
        self._begun = begun
        self._long_ago = [_JOINED_LONG_AGO] if worked_before else []

    def take_up(self, number: int, day: int) -> None:
        """Do what the policies do about one case, as far as other cases have a say in it."""
        case, now = self.cases[number], NOW + day * DAY
        others = [other for key, other in self.cases.items() if key != number] + self._long_ago
        if case.state is CaseState.ACCEPTED and takes_effect(case) <= now:
            if (way := gives_way(case, others, _RULES, now)) is not None:
                # For good, or until it looks again.
                self.cases[number] = way.case
            elif isinstance(case.plan, LeaverPlan):
                self._see_off(number, day)
            else:
                begun = replace(case, state=self._begun, deadline=now + 14 * DAY)
                self.cases[number] = replace(begun, updated_at=now)
        elif case.state is CaseState.WAITING_DISABLED:
            way = gives_way(case, others, _RULES, now, begun=True)
            self.cases[number] = case if way is None else way.case

    def call_off(self, number: int) -> None:
        """An operator cancels a case that has changed nothing yet."""
        case = self.cases.get(number)
        if case is not None and case.state is CaseState.ACCEPTED:
            cancelled = replace(case, state=CaseState.CANCELLED, called_off_by="operator")
            self.cases[number] = cancelled

    def _see_off(self, number: int, day: int) -> None:
        case, now = self.cases[number], NOW + day * DAY
        history = History(self.cases.values(), now)
        for key, other in self.cases.items():
            onboarding = not isinstance(other.plan, LeaverPlan)
            if onboarding and other.state in OPEN and history.is_over(other, case):
                begun = other.deadline is not None
                ended = CaseState.CANCELLED if begun else CaseState.SUPERSEDED
                self.cases[key] = replace(other, state=ended, gives_way_to=case.case_id)
        self.cases[number] = replace(case, state=CaseState.WAITING_DISABLED, deadline=now)

    @property
    def end(self) -> tuple[bool, bool]:
        """Whether somebody is onboarded, and whether somebody is seen off."""
        states = {case.state for case in self.cases.values()}
        return self._begun in states, CaseState.WAITING_DISABLED in states


def words(days: int) -> Iterator[Word]:
    """Everything that HR can tell within so many days, of so many days."""
    for told in range(days):
        for kind in ("joiner", "rehire", "leaver"):
            yield from (Word(kind, told, of) for of in range(days + 1))
        yield Word("rehire", told, None)


def _stories(size: int, days: int) -> list[tuple[Word, ...]]:
    """Sets of words, no two of which were told at the same moment."""
    return [
        story
        for story in combinations(words(days), size)
        if len({word.told for word in story}) == size
    ]


@pytest.mark.parametrize("begun", [CaseState.COMPLETED, CaseState.WAITING_REGISTRATION])
@pytest.mark.parametrize("size", [2, 3])
def test_in_whatever_order_cases_are_taken_up_the_same_comes_of_them(
    size: int, begun: CaseState
) -> None:
    """Of all sets of two or three: somebody acts, and it does not matter who came first."""
    for story in _stories(size, 3):
        ends = set()
        for order in permutations(range(size)):
            life = Life(begun)
            life.cases = {number: case_of(number, word) for number, word in enumerate(story)}
            for number in order * (size + 1):
                life.take_up(number, LAST)
            ends.add(life.end)
        assert len(ends) == 1, story
        assert ends != {(False, False)}, story


def _is_here(story: Sequence[Word]) -> bool:
    """Whether the person works here at last, by the days of one return and one leaving alone."""
    back, left = story
    assert back.of is not None
    assert left.of is not None
    taken_back = left.told < back.told and (back.told < left.of or back.of >= left.of)
    return back.of >= left.of or taken_back


def test_a_return_and_a_leaving_are_read_by_their_days() -> None:
    """Against a model of one line, for whichever of them was told first."""
    for told in permutations(range(4), 2):
        for of in permutations(range(5), 2):
            story = (Word("rehire", told[0], of[0]), Word("leaver", told[1], of[1]))
            life = Life(CaseState.WAITING_REGISTRATION)
            life.cases = {number: case_of(number, word) for number, word in enumerate(story)}
            for number in (0, 1) * 3:
                life.take_up(number, LAST)
            assert life.end == (_is_here(story), not _is_here(story)), story


late = st.integers(0, 4)


@settings(max_examples=2_000)
@given(
    told=st.lists(st.tuples(st.sampled_from(list(words(5))), late), min_size=2, max_size=5),
    orders=st.lists(st.permutations(range(5)), min_size=10, max_size=10),
    stopped=st.lists(st.sampled_from(["", "leaver", "onboarding"]), min_size=10, max_size=10),
    mistakes=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), max_size=2),
    worked_before=st.booleans(),
)
def test_however_late_events_are_and_whatever_is_stopped_somebody_acts(
    told: list[tuple[Word, int]],
    orders: list[list[int]],
    stopped: list[str],
    mistakes: list[tuple[int, int]],
    *,
    worked_before: bool,
) -> None:
    """Day by day; in the end nobody is left between two cases that gave way to each other.

    Nor is anybody for whom one gave way that was a mistake, and called off before it had begun.
    """
    life = Life(CaseState.WAITING_REGISTRATION, worked_before=worked_before)
    for day, (order, kind) in enumerate(zip(orders, stopped, strict=True)):
        for number, (word, days) in enumerate(told):
            if word.told + days == day:
                life.cases[number] = replace(case_of(number, word), accepted_at=NOW + day * DAY)
        for number, on_day in mistakes:
            if on_day == day:
                life.call_off(number)
        for number in order * 2:
            if number in life.cases and life.cases[number].kind.value != kind:
                life.take_up(number, day)
    for number in [*life.cases] * (len(told) + 1):
        life.take_up(number, 10)
    called_off = all(case.called_off_by for case in life.cases.values())
    assert life.end != (False, False) or called_off


def test_who_gave_way_to_a_leaving_that_gives_way_itself_is_no_end() -> None:
    """HR's first word comes last: by it the second is a return, which ends the leaving begun."""
    life = Life(CaseState.WAITING_REGISTRATION)
    life.cases = {1: case_of(1, Word("joiner", 2, 2)), 2: case_of(2, Word("leaver", 2, 0))}
    for number in (2, 1):
        life.take_up(number, 2)
    assert life.cases[1].state is CaseState.SUPERSEDED
    life.cases[0] = replace(case_of(0, Word("rehire", 1, 3)), accepted_at=NOW + 3 * DAY)
    for number in (0, 2, 0):
        life.take_up(number, 3)
    assert life.end == (True, False)


@pytest.mark.parametrize("worked_before", [True, False])
def test_what_arrives_when_all_else_has_given_way_goes_on(*, worked_before: bool) -> None:
    """HR's first word comes last: whom the others took for a joiner is somebody who is back."""
    life = Life(CaseState.WAITING_REGISTRATION, worked_before=worked_before)
    life.cases = {
        1: case_of(1, Word("joiner", 2, 4)),
        2: case_of(2, Word("leaver", 3, 3)),
    }
    life.take_up(2, 3)
    assert life.cases[1].state is CaseState.SUPERSEDED
    life.cases[0] = replace(case_of(0, Word("rehire", 0, 5)), accepted_at=NOW + 4 * DAY)
    life.take_up(2, 4)
    assert life.cases[2].state is CaseState.SUPERSEDED
    life.take_up(0, 5)
    assert life.end == (True, False)
