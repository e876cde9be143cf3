"""What HR told, read as a whole: what of it holds, and what came after what."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.cases import Case, CaseState
from shared.domain.chronology import History
from shared.domain.ids import CaseId, SourceName
from shared.domain.plans import LeaverPlan, OnboardingPlan
from shared.domain.told import has_a_word, moment, takes_effect, tells_of_a_return, works_since
from tests.builders import NOW, SIGN_IN_NAME, USER_ID, a_case, a_plan, an_exemption

DAY = timedelta(days=1)
LATER = NOW + 100 * DAY


def joins(number: int, *, told: float, starts: float, rehire: bool = False) -> Case:
    """Somebody of whom HR tells on one day that they work here from another day on."""
    plan = a_plan(occurred_at=NOW + told * DAY, starts_at=NOW + starts * DAY)
    plan = replace(plan, rehire=rehire, dated=True)
    return replace(a_case(case_id=CaseId(f"{number:032x}"), plan=plan), accepted_at=NOW)


def leaves(number: int, *, told: float, last: float) -> Case:
    """Somebody of whom HR tells on one day that they leave on another."""
    plan = LeaverPlan(
        user_principal_name=SIGN_IN_NAME,
        employee_id=None,
        effective_at=NOW + last * DAY,
        occurred_at=NOW + told * DAY,
    )
    return replace(a_case(case_id=CaseId(f"{number:032x}")), plan=plan, accepted_at=NOW)


def from_an_agency(case: Case) -> Case:
    """As a source that is kept to domains tells it of a number: of whom, it does not know yet."""
    assert isinstance(case.plan, OnboardingPlan | LeaverPlan)
    plan = replace(case.plan, domains=("agency.example",))
    return replace(case, plan=plan, source=SourceName("agency"))


def enrolled(case: Case) -> Case:
    """As an enrolment opens it."""
    assert isinstance(case.plan, OnboardingPlan)
    return replace(case, plan=replace(case.plan, enrolled=USER_ID))


def parked(case: Case, came_to: CaseState) -> Case:
    """As trouble sets it aside in that state."""
    return replace(case, state=CaseState.PARKED, parked_from=came_to)


def cancelled(case: Case) -> Case:
    """As a human calls it off."""
    return replace(case, state=CaseState.CANCELLED, called_off_by=USER_ID)


def found(case: Case, state: CaseState) -> Case:
    """As it stands after it has found its person."""
    return replace(case, state=state, user_id=USER_ID)


@pytest.mark.parametrize(
    ("told", "starts", "over"),
    [
        pytest.param(0, 9, True, id="told before the leaving"),
        pytest.param(3, 5, False, id="told later, for the last day"),
        pytest.param(3, 4.5, False, id="told later, for the day of it"),
        pytest.param(3, 4, True, id="told later, for a day before it"),
    ],
)
def test_who_joins_anew_is_told_later_and_for_a_later_day(
    told: float, starts: float, *, over: bool
) -> None:
    """All others have left after what a joiner's event tells."""
    joiner, leaver = joins(1, told=told, starts=starts), leaves(2, told=1, last=5)
    assert History([joiner, leaver], LATER).is_over(joiner, leaver) is over


def test_nobody_is_enrolled_who_leaves() -> None:
    """However late the enrolment was asked for."""
    late, leaver = joins(1, told=9, starts=9), leaves(2, told=1, last=5)
    assert not History([late, leaver], LATER).is_over(late, leaver)
    assert History([enrolled(late), leaver], LATER).is_over(enrolled(late), leaver)


def test_hearsay_calls_nobody_back() -> None:
    """Once the account was found, it does."""
    leaver, back = leaves(1, told=0, last=2), joins(2, told=1, starts=3, rehire=True)
    hearsay = from_an_agency(back)
    assert History([leaver, back], LATER).called_back(leaver) is back
    assert History([leaver, hearsay], LATER).called_back(leaver) is None
    found = replace(hearsay, user_id=USER_ID)
    assert History([leaver, found], LATER).called_back(leaver) is found


@pytest.mark.parametrize(("told", "corrects"), [(4.9, True), (5, False), (0, False)])
def test_a_date_is_corrected_before_it_has_come(told: float, *, corrects: bool) -> None:
    """What is told later is another story, or the same one again; what was told before is older."""
    first, other = leaves(1, told=1, last=5), leaves(2, told=told, last=9)
    assert History([first, other], LATER).corrects(other, first) is corrects
    assert History([first, other], LATER).is_corrected(first) is corrects


def test_only_the_same_kind_from_somebody_who_knows_corrects() -> None:
    """A leaving corrects no joining, hearsay corrects nothing, and HR corrects no enrolment."""
    first, other = joins(1, told=0, starts=5), joins(2, told=1, starts=7)
    assert History([first, other], LATER).corrects(other, first)
    for against in (leaves(2, told=1, last=7), from_an_agency(other)):
        assert not History([first, against], LATER).is_corrected(first)
    assert not History([enrolled(first), other], LATER).corrects(other, enrolled(first))


def test_what_was_over_when_it_was_told_corrects_nothing() -> None:
    """A feed repeats what it told of days long gone, with a new stamp."""
    old, back = leaves(1, told=0, last=0), joins(2, told=1, starts=2, rehire=True)
    new, again = leaves(3, told=5, last=20), leaves(4, told=6, last=0)
    told = [old, back, new, again]
    assert not History(told, LATER).is_corrected(new)
    assert History([new, again], LATER).is_corrected(new)
    # Nothing was over where nobody was back by then, or HR had not said so, or it is hearsay.
    for another in (
        joins(2, told=1, starts=7, rehire=True),
        joins(2, told=7, starts=2, rehire=True),
        joins(2, told=1, starts=2),
        from_an_agency(back),
    ):
        assert History([old, another, new, again], LATER).is_corrected(new)


def test_a_return_that_was_over_corrects_no_later_one() -> None:
    """Back on day thirty, says HR; that they had come back before is no news."""
    left = leaves(1, told=0, last=10)
    back, again = joins(2, told=11, starts=30, rehire=True), joins(3, told=12, starts=0)
    assert not History([left, back, again], LATER).is_corrected(back)
    assert not History([back, again], LATER).is_corrected(back)
    as_return = joins(3, told=12, starts=0, rehire=True)
    assert not History([left, back, as_return], LATER).is_corrected(back)
    assert History([back, as_return], LATER).is_corrected(back)


def test_a_joining_of_long_ago_that_is_told_anew_is_no_return() -> None:
    """Somebody leaves, and is back later: the first day of all calls nobody back before."""
    left, back = leaves(1, told=0, last=10), joins(2, told=1, starts=40, rehire=True)
    anew = joins(3, told=2, starts=-9)
    assert History([left, back, anew], NOW + 20 * DAY).called_back(left) is None
    sooner = joins(3, told=2, starts=15)
    assert History([left, back, sooner], NOW + 20 * DAY).called_back(left) is sooner


def test_who_tells_another_first_day_of_a_return_tells_of_a_return() -> None:
    """Though it is the word for a joining; the same word alone is none."""
    leaver, back = leaves(1, told=5, last=5), joins(2, told=0, starts=20, rehire=True)
    joiner = joins(3, told=1, starts=15)
    assert History([leaver, back, joiner], LATER).called_back(leaver) is joiner
    assert History([leaver, joiner], LATER).called_back(leaver) is None
    assert History([leaver, back, joiner], NOW + 14 * DAY).called_back(leaver) is None


def test_what_hearsay_says_of_a_return_makes_none_of_a_joining() -> None:
    """A source that may mean somebody else decides nothing about this person."""
    leaver, joiner = leaves(1, told=0, last=5), joins(3, told=10, starts=12)
    back = joins(2, told=1, starts=20, rehire=True)
    assert History([leaver, back, joiner], LATER).called_back(leaver) is joiner
    assert History([leaver, from_an_agency(back), joiner], LATER).called_back(leaver) is None


def test_a_return_that_was_called_off_calls_nobody_back() -> None:
    """Though it had begun; what it corrected stays corrected."""
    leaver, first = leaves(1, told=2, last=3), joins(2, told=0, starts=9, rehire=True)
    back = replace(joins(3, told=1, starts=5, rehire=True), deadline=NOW)
    assert History([leaver, first, back], LATER).called_back(leaver) is back
    ended = replace(back, state=CaseState.CANCELLED)
    assert History([leaver, first, ended], LATER).called_back(leaver) is ended, "by another leaving"
    off = replace(ended, called_off_by=USER_ID)
    assert History([leaver, first, off], LATER).called_back(leaver) is None


@pytest.mark.parametrize(
    ("case", "counts"),
    [
        (joins(1, told=0, starts=0), True),
        (replace(joins(1, told=0, starts=0), state=CaseState.SUPERSEDED), True),
        (replace(joins(1, told=0, starts=0), state=CaseState.REFUSED), False),
        (cancelled(joins(1, told=0, starts=0)), False),
        (cancelled(replace(joins(1, told=0, starts=0), deadline=NOW)), True),
        (replace(joins(1, told=0, starts=0), state=CaseState.CANCELLED), True),
        (replace(leaves(1, told=0, last=0), state=CaseState.PARKED), False),
        (replace(leaves(1, told=0, last=0), state=CaseState.PARKED, deadline=NOW), True),
        (replace(leaves(1, told=0, last=0), state=CaseState.CANCELLED, deadline=NOW), False),
        (parked(leaves(1, told=0, last=0), CaseState.SESSIONS_REVOKED), True),
        (parked(leaves(1, told=0, last=0), CaseState.WAITING_EFFECTIVE), False),
        (parked(joins(1, told=0, starts=0, rehire=True), CaseState.REMOVING_METHODS), True),
        (leaves(1, told=0, last=300), False),
        (replace(leaves(1, told=0, last=300), actors=frozenset({USER_ID})), True),
        (enrolled(joins(1, told=0, starts=0)), False),
        (an_exemption(), False),
    ],
)
def test_what_was_told_counts_unless_it_was_taken_back(case: Case, *, counts: bool) -> None:
    """Or came to nothing before it began, or a human has to look at it first."""
    assert has_a_word(case) is counts


@pytest.mark.parametrize(
    ("case", "tells"),
    [
        (replace(joins(1, told=0, starts=0, rehire=True), state=CaseState.REFUSED), False),
        (found(joins(1, told=0, starts=0, rehire=True), CaseState.REFUSED), True),
        (found(joins(1, told=0, starts=0, rehire=True), CaseState.PARKED), True),
        (replace(joins(1, told=0, starts=0, rehire=True), state=CaseState.PARKED), False),
        (found(joins(1, told=0, starts=0), CaseState.PARKED), False),
        (found(joins(1, told=0, starts=400, rehire=True), CaseState.PARKED), False),
        (found(joins(1, told=0, starts=0), CaseState.REFUSED), False),
        (cancelled(found(joins(1, told=0, starts=0, rehire=True), CaseState.PARKED)), False),
    ],
)
def test_a_return_was_told_though_nothing_can_be_done(case: Case, *, tells: bool) -> None:
    """It takes a leaving back, and corrects nothing."""
    assert tells_of_a_return(case) is tells
    leaver, other = leaves(2, told=-1, last=0), joins(3, told=-2, starts=9, rehire=True)
    assert (History([leaver, case], LATER).called_back(leaver) is case) is tells
    assert not History([other, case], LATER).corrects(case, other)


def test_a_return_without_a_day_holds_from_when_it_was_told() -> None:
    """Its case starts when it is taken in, and that may be late."""
    back = joins(1, told=0, starts=5, rehire=True)
    assert works_since(back) == takes_effect(back) == NOW + 5 * DAY
    assert isinstance(back.plan, OnboardingPlan)
    undated = replace(back, plan=replace(back.plan, dated=False))
    assert works_since(undated) == NOW


def test_only_what_hr_told_has_a_moment() -> None:
    """A mistake in a policy shows at once."""
    with pytest.raises(TypeError, match="exemption"):
        moment(an_exemption())
