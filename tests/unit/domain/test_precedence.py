"""Several cases about one person: which of them goes on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.cases import NOT_BEGUN, Case, CaseState, EventType
from shared.domain.ids import CaseId, SourceName
from shared.domain.plans import CaseKind, LeaverPlan, OnboardingPlan
from shared.domain.precedence import exempt_by, leavers, superseded
from shared.domain.preparations import Preparation, Prepared
from shared.domain.state_machines import LEGAL
from tests.builders import NOW, SIGN_IN_NAME, USER_ID, a_case, a_leaver, a_plan, an_exemption
from tests.giving_way import called_back_by, overtaken_by

DEAD = (CaseState.REFUSED, CaseState.PARKED, CaseState.SUPERSEDED, CaseState.CANCELLED)


def case(number: int, state: CaseState = CaseState.ACCEPTED, *, day: int = 0) -> Case:
    """A case whose event happened on that day."""
    return a_case(
        state,
        case_id=CaseId(f"{number:032x}"),
        plan=a_plan(occurred_at=NOW + timedelta(days=day)),
    )


def test_the_later_event_counts_whichever_came_first() -> None:
    """An older event that arrives late is superseded, and a newer one supersedes."""
    older, newer = case(1, day=0), case(2, day=1)
    assert overtaken_by(older, [newer], NOW) is newer
    assert overtaken_by(newer, [older], NOW) is None


@pytest.mark.parametrize("state", DEAD)
def test_what_came_to_nothing_supersedes_nothing(state: CaseState) -> None:
    """A newer event that was refused, parked or taken back leaves the older one alone."""
    living = case(3, CaseState.COMPLETED, day=-9)
    assert overtaken_by(case(1), [case(2, state, day=1), living], NOW) is None


@pytest.mark.parametrize(
    "state", [CaseState.ENABLED, CaseState.WAITING_REGISTRATION, CaseState.OVERDUE]
)
def test_what_has_begun_is_not_begun_again(state: CaseState) -> None:
    """A newer event about somebody whose onboarding is under way changes nothing any more."""
    begun = case(1, state, day=0)
    assert overtaken_by(case(2, day=1), [begun], NOW) is begun


def test_who_waits_for_an_approval_is_as_far_as_where_it_asked() -> None:
    """What has changed nothing gives way to a newer word; what has begun does not."""
    asking = replace(case(1, CaseState.AWAITING_APPROVAL), asked_from=CaseState.ACCEPTED)
    assert overtaken_by(case(2, day=1), [asking], NOW) is None
    overdue = replace(asking, asked_from=CaseState.OVERDUE)
    assert overtaken_by(case(2, day=1), [overdue], NOW) is overdue


def told_to_leave(number: int, *, day: int, effective: int) -> Case:
    """The case of somebody who is told to leave on that day, on a day after it."""
    told = NOW + timedelta(days=day)
    plan = LeaverPlan(
        user_principal_name=SIGN_IN_NAME,
        employee_id=None,
        effective_at=NOW + timedelta(days=effective),
        occurred_at=told,
    )
    return replace(case(number), plan=plan)


def test_another_kind_counts_from_the_day_on_which_it_takes_effect() -> None:
    """Who joins for some weeks is onboarded, and who returns next season has left until then."""
    joiner, leaver = case(1, day=0), told_to_leave(2, day=1, effective=20)
    assert overtaken_by(joiner, [leaver], NOW + timedelta(days=19)) is None
    assert overtaken_by(joiner, [leaver], NOW + timedelta(days=20)) is leaver
    first_day = NOW + timedelta(days=40)
    back = a_plan(occurred_at=NOW + timedelta(days=2), starts_at=first_day)
    rehire = replace(case(3), plan=replace(back, rehire=True))
    assert overtaken_by(leaver, [rehire], first_day - timedelta(days=1)) is None
    assert overtaken_by(leaver, [rehire], first_day) is rehire


def test_what_a_source_kept_to_domains_says_counts_once_the_account_is_found() -> None:
    """Until then it may be about somebody outside of them: no other source's case is needless."""
    last_day = told_to_leave(1, day=0, effective=5)
    later = told_to_leave(2, day=1, effective=170)
    assert isinstance(later.plan, LeaverPlan)
    hearsay = replace(
        later, source=SourceName("agency"), plan=replace(later.plan, domains=("agency.example",))
    )
    assert overtaken_by(last_day, [hearsay], NOW) is None
    assert overtaken_by(last_day, [replace(hearsay, user_id=USER_ID)], NOW) is not None
    assert overtaken_by(last_day, [replace(hearsay, source=last_day.source)], NOW) is not None


def test_hearsay_sees_nobody_off() -> None:
    """An agency's leaving ends nobody's onboarding before it is known who left."""
    leaver, joiner = told_to_leave(2, day=1, effective=2), case(1, day=0)
    assert isinstance(leaver.plan, LeaverPlan)
    plan = replace(leaver.plan, domains=("agency.example",))
    hearsay = replace(leaver, source=SourceName("agency"), plan=plan)
    now = NOW + timedelta(days=9)
    assert overtaken_by(joiner, [hearsay], now) is None
    assert overtaken_by(joiner, [replace(hearsay, user_id=USER_ID)], now) is not None


def test_who_has_left_and_joins_anew_does_not_wait_for_the_case_before() -> None:
    """That is under way, but they have left since: it is about to end."""
    now = NOW + timedelta(days=9)
    begun = replace(case(1, CaseState.WAITING_REGISTRATION, day=0), deadline=NOW)
    leaver = told_to_leave(2, day=1, effective=2)
    anew = a_plan(occurred_at=NOW + timedelta(days=3), starts_at=NOW + timedelta(days=4))
    joiner = replace(case(3), plan=anew)
    assert overtaken_by(joiner, [begun], now) is begun
    assert overtaken_by(joiner, [begun, leaver], now) is None


def test_a_leaving_of_which_hr_spoke_again_sees_nobody_off() -> None:
    """Neither one that was corrected in time, nor one of which it spoke after the day."""
    joiner, now = case(1, day=0), NOW + timedelta(days=9)
    for told in (1, 5):
        first = told_to_leave(2, day=0, effective=3)
        assert overtaken_by(joiner, [replace(first, accepted_at=NOW + timedelta(1))], now)
        again = told_to_leave(3, day=told, effective=30)
        assert overtaken_by(joiner, [first, again], now) is None
        # Unless somebody was back from what it said the second time: then the first word stands.
    old = told_to_leave(2, day=0, effective=6)
    repeated = told_to_leave(3, day=7, effective=1)
    back = a_return(4, told=-1, starts=2)
    assert overtaken_by(joiner, [old, repeated, back], now) is not None


@pytest.mark.parametrize(("last_day", "sees_off"), [(4, False), (5, False), (6, True)])
def test_who_was_hired_anew_had_left_before(last_day: int, *, sees_off: bool) -> None:
    """A leaver's event about a day before the return holds no more, though HR tells it later."""
    plan = a_plan(occurred_at=NOW, starts_at=NOW + timedelta(days=5))
    back = replace(case(1), plan=replace(plan, rehire=True, dated=True))
    leaver = told_to_leave(2, day=9, effective=last_day)
    now = NOW + timedelta(days=9)
    assert (overtaken_by(leaver, [back], now) is None) is sees_off
    assert (overtaken_by(back, [leaver], now) is leaver) is sees_off
    assert (leavers([back, leaver], now) == (leaver,)) is sees_off


def a_return(number: int, *, told: int, starts: int, dated: bool = True) -> Case:
    """The case of somebody of whom it was told on one day that they are back on another."""
    plan = a_plan(occurred_at=NOW + timedelta(days=told), starts_at=NOW + timedelta(days=starts))
    return replace(case(number), plan=replace(plan, rehire=True, dated=dated))


def test_a_day_that_nobody_told_calls_nobody_back() -> None:
    """Then the later word counts: who left since stays away."""
    back, now = a_return(1, told=0, starts=5, dated=False), NOW + timedelta(days=9)
    leaver = told_to_leave(2, day=3, effective=4)
    assert overtaken_by(leaver, [back], now) is None
    assert leavers([back, leaver], now) == (leaver,)


@pytest.mark.parametrize(
    ("told", "starts", "holds"),
    [
        pytest.param(1, 2, False, id="another day"),
        pytest.param(6, 200, True, id="told when the day had come"),
        pytest.param(-1, 2, True, id="an older word"),
    ],
)
@pytest.mark.parametrize(
    "state", [CaseState.WAITING_START, CaseState.COMPLETED, CaseState.SUPERSEDED]
)
def test_a_day_that_was_corrected_calls_nobody_back(
    told: int, starts: int, state: CaseState, *, holds: bool
) -> None:
    """Back on day six, HR said, then that they join on another; on day five they have left."""
    back, leaver = a_return(1, told=0, starts=6), told_to_leave(2, day=5, effective=5)
    plan = a_plan(occurred_at=NOW + timedelta(days=told), starts_at=NOW + timedelta(days=starts))
    correction = replace(case(3, state), plan=plan)
    now = NOW + timedelta(days=9)
    assert (called_back_by(leaver, [correction, back], now) is back) is holds


@pytest.mark.parametrize(
    "spoils",
    [
        pytest.param(lambda case: replace(case, state=CaseState.REFUSED), id="refused"),
        pytest.param(
            lambda case: replace(case, state=CaseState.CANCELLED, called_off_by=USER_ID),
            id="cancelled",
        ),
        pytest.param(lambda case: replace(case, state=CaseState.PARKED), id="parked"),
        pytest.param(
            lambda case: replace(case, plan=replace(case.plan, enrolled=USER_ID)),
            id="no word of HR",
        ),
        pytest.param(
            lambda case: replace(
                case,
                source=SourceName("agency"),
                plan=replace(case.plan, domains=("agency.example",)),
            ),
            id="about somebody else, perhaps",
        ),
    ],
)
def test_what_does_not_count_corrects_nothing(spoils: Callable[[Case], Case]) -> None:
    """The first word stands."""
    back, leaver = a_return(1, told=0, starts=6), told_to_leave(2, day=5, effective=5)
    correction = a_return(3, told=1, starts=2)
    now = NOW + timedelta(days=9)
    assert called_back_by(leaver, [correction, back], now) is None
    assert called_back_by(leaver, [spoils(correction), back], now) is back


def test_a_joining_keeps_nobody_who_has_left() -> None:
    """A stray repetition of it would keep somebody's access for ever."""
    leaver = told_to_leave(1, day=0, effective=1)
    assert overtaken_by(leaver, [case(2, day=2)], NOW + timedelta(days=3)) is None


def test_another_date_counts_at_once() -> None:
    """A later last day replaces an earlier one before either has come."""
    first, second = told_to_leave(1, day=0, effective=5), told_to_leave(2, day=1, effective=30)
    assert overtaken_by(first, [second], NOW) is second


def test_a_completed_onboarding_does_not_stop_a_later_one() -> None:
    """Who comes back is onboarded again."""
    assert overtaken_by(case(2, day=9), [case(1, CaseState.COMPLETED, day=0)], NOW) is None


@given(st.lists(st.integers(0, 3), min_size=1, max_size=5))
def test_of_any_number_of_waiting_events_one_goes_on(days: list[int]) -> None:
    """Whoever looks, in whatever order: all but one are superseded, and it is the latest event."""
    cases = [case(number, day=day) for number, day in enumerate(days)]
    left = [
        one for one in cases if overtaken_by(one, [o for o in cases if o is not one], NOW) is None
    ]
    plans = [one.plan for one in left if isinstance(one.plan, OnboardingPlan)]
    assert [plan.occurred_at for plan in plans] == [NOW + timedelta(days=max(days))]


def test_the_other_case_is_named_to_its_own_source_only() -> None:
    """Who knows the id of a case may read it, so another source does not learn it."""
    mine, other = case(1), case(2, day=1)
    foreign = replace(other, source=SourceName("another"))
    for by, named in ((other, True), (foreign, False)):
        transition = superseded(mine, by, NOW)
        assert transition.case.state is CaseState.SUPERSEDED
        assert transition.step is not None
        assert (other.case_id in (transition.step.detail or "")) is named
        assert transition.event is not None
        assert transition.event.type is EventType.SUPERSEDED


def test_only_what_has_not_begun_asks() -> None:
    """The states in which nothing was changed are the first ones of joiners and of leavers."""
    joiners = {CaseState.ACCEPTED, CaseState.WAITING_START, CaseState.WAITING_ACCOUNT}
    assert joiners | {CaseState.WAITING_EFFECTIVE} == NOT_BEGUN
    pairs = permutations([case(1), case(2)], 2)
    assert sorted(overtaken_by(one, [other], NOW) is None for one, other in pairs) == [False, True]


def test_who_is_leaving_or_has_left() -> None:
    """A leaver's case that came to nothing says nothing; one that is open, done or parked does."""
    nothing = {CaseState.REFUSED, CaseState.SUPERSEDED, CaseState.CANCELLED}
    for state in LEGAL[CaseKind.LEAVER]:
        left = a_leaver(state)
        assert leavers([left, a_case(), an_exemption()], NOW) == (
            () if state in nothing else (left,)
        )


def test_who_was_only_observed_has_not_left() -> None:
    """A case that changed nothing comes to its end too, and the person goes on working."""
    assert leavers([replace(a_leaver(CaseState.COMPLETED), observed=True)], NOW) == ()


@pytest.mark.parametrize(
    ("rehire", "days", "state", "back"),
    [
        (True, 1, CaseState.ACCEPTED, True),
        (True, 1, CaseState.COMPLETED, True),
        (True, 1, CaseState.SUPERSEDED, True),
        (True, 1, CaseState.PARKED, True),
        (True, -1, CaseState.COMPLETED, False),
        (False, 1, CaseState.COMPLETED, False),
    ],
)
def test_only_a_later_rehire_brings_a_leaver_back(
    *, rehire: bool, days: int, state: CaseState, back: bool
) -> None:
    """A joiner's event may be a stray repetition; what came before is none."""
    told = NOW + timedelta(days=days)
    plan = replace(a_plan(occurred_at=told, starts_at=min(told, NOW)), rehire=rehire)
    others = [a_leaver(CaseState.COMPLETED), a_case(state, plan=plan)]
    assert (leavers(others, NOW) == ()) is back
    returns = replace(plan, starts_at=NOW + timedelta(days=9))
    assert leavers([others[0], a_case(state, plan=returns)], NOW), "not before they are back"


def test_a_person_is_exempt_while_there_is_something_to_put_back() -> None:
    """Not before anything was changed, not by an exemption that only observes, nor after it."""
    begun = an_exemption(CaseState.ACTIVE, before="enforced")
    assert exempt_by([a_case(), begun]) is begun
    observed = replace(begun, observed=True)
    over = replace(begun, state=CaseState.ENDED)
    assert exempt_by([a_case(), an_exemption(), observed, over]) is None


def test_who_is_back_is_back_though_another_onboarding_goes_on() -> None:
    """A rehire that an open onboarding made needless still holds against the leaver before it."""
    leaver, now = told_to_leave(1, day=0, effective=5), NOW + timedelta(days=5)
    plan = replace(a_plan(occurred_at=NOW + timedelta(days=1)), rehire=True)
    rehire = replace(case(2, CaseState.SUPERSEDED), plan=plan)
    begun = case(3, CaseState.WAITING_REGISTRATION, day=0)
    assert overtaken_by(leaver, [rehire, begun], now) is rehire
    assert overtaken_by(case(4, day=0), [rehire], now) is None


def test_a_leaver_that_stands_for_another_one_is_not_called_back() -> None:
    """The second leaving gave way to the first, and the return lies before it."""
    now = NOW + timedelta(days=9)
    first = replace(told_to_leave(1, day=0, effective=1), state=CaseState.WAITING_DISABLED)
    second = replace(told_to_leave(2, day=3, effective=4), state=CaseState.SUPERSEDED)
    back = a_return(3, told=4, starts=2)
    assert called_back_by(first, [back], now) is back
    for standing in (first, replace(first, state=CaseState.COMPLETED)):
        assert called_back_by(standing, [back, second], now) is None
        assert leavers([standing, second, back], now) == (standing,)


def test_who_joined_anew_and_leaves_is_seen_off_beside_the_first_case() -> None:
    """Of two leavings the one that has begun stands for both, unless somebody joined between."""
    now = NOW + timedelta(days=9)
    begun = replace(told_to_leave(1, day=0, effective=1), state=CaseState.WAITING_DISABLED)
    again = told_to_leave(2, day=5, effective=6)
    assert overtaken_by(again, [begun], now) is begun
    joined = replace(case(3, CaseState.WAITING_REGISTRATION, day=2), deadline=NOW)
    joined = replace(joined, plan=a_plan(occurred_at=NOW + timedelta(days=2), starts_at=now))
    assert overtaken_by(again, [begun, joined], now) is None
    for over in (CaseState.REFUSED, CaseState.PARKED):
        assert overtaken_by(again, [begun, replace(joined, state=over)], now) is None
        nobody = replace(joined, state=over, deadline=None)
        assert overtaken_by(again, [begun, nobody], now) is begun


def test_a_leaving_that_only_observed_has_begun_nothing() -> None:
    """Once the mode is to act, another one goes on."""
    observed = replace(
        told_to_leave(1, day=0, effective=1), state=CaseState.WAITING_DISABLED, observed=True
    )
    again, now = told_to_leave(2, day=5, effective=6), NOW + timedelta(days=9)
    assert overtaken_by(again, [observed], now) is None
    assert overtaken_by(again, [replace(observed, observed=False)], now) is not None


def test_who_was_only_observed_to_leave_is_onboarded() -> None:
    """They work here on, whatever HR said."""
    joined, gone = case(1, day=0), told_to_leave(2, day=1, effective=1)
    gone = replace(gone, state=CaseState.COMPLETED, observed=True)
    assert overtaken_by(joined, [gone], NOW + timedelta(days=2)) is None
    gone = replace(gone, observed=False)
    assert overtaken_by(joined, [gone], NOW + timedelta(days=2)) is gone


def test_who_is_rehired_is_on_the_way_once_their_methods_are_dealt_with() -> None:
    """What had made way for it while they were being removed does not come before it then."""
    back = a_return(1, told=0, starts=6)
    dealt_with = replace(back, preparations={Preparation.FORMER_METHODS: Prepared.DONE})
    correction, now = a_return(2, told=1, starts=7), NOW + timedelta(days=9)
    assert overtaken_by(back, [correction], now) is correction
    assert overtaken_by(dealt_with, [correction], now) is None
    assert overtaken_by(correction, [dealt_with], now) is dealt_with
    for over in (CaseState.COMPLETED, CaseState.CANCELLED, CaseState.PARKED):
        assert overtaken_by(correction, [replace(dealt_with, state=over)], now) is None


def test_the_last_one_that_goes_on_gives_way_to_nobody() -> None:
    """Though what was told by a case that has given way corrects it."""
    first, now = a_return(1, told=0, starts=6), NOW + timedelta(days=9)
    correction = replace(a_return(2, told=1, starts=7), state=CaseState.SUPERSEDED)
    assert overtaken_by(first, [correction], now) is None
    living = replace(told_to_leave(3, day=2, effective=8), state=CaseState.WAITING_DISABLED)
    correction = replace(correction, gives_way_to=living.case_id)
    assert overtaken_by(first, [correction, living], now) is correction
