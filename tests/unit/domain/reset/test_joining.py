"""Several tickets about one person: which of them does the work."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.cases import Case, CaseState, EventType
from shared.domain.ids import CaseId, SourceName
from shared.domain.reset.joining import before, carrier, comes_along, held_up, untouched
from shared.domain.reset.progress import Block
from shared.domain.reset.tickets import ALL_ACTIONS, ResetAction, ResetReason
from tests.builders import NOW, a_case
from tests.unit.domain.reset.decisions import a_reset, a_reset_plan, advanced, decide

LATER = NOW + timedelta(minutes=1)
OLDER, NEWER = CaseId("1" * 32), CaseId("2" * 32)


def older(state: CaseState = CaseState.ACCEPTED, **progress: Any) -> Case:  # noqa: ANN401  (the fields of the progress)
    """A reset that was asked for first."""
    return a_reset(state, case_id=OLDER, **progress)


def newer(reason: ResetReason = ResetReason.LOST, **progress: Any) -> Case:  # noqa: ANN401  (the fields of the progress)
    """One that was asked for a minute later."""
    plan = a_reset_plan(reason)
    return a_reset(case_id=NEWER, plan=plan, accepted_at=LATER, **progress)


def test_of_two_that_have_not_begun_the_older_goes_on() -> None:
    """And the newer one waits for it."""
    assert carrier(newer(), [older()]) == older()
    assert carrier(older(), [newer()]) is None


def test_what_was_done_before_somebody_asked_is_no_answer() -> None:
    """A device that is lost again needs a reset again; that one answers the older ticket, too."""
    begun = older(CaseState.WAITING_REGISTRATION, begun_at=NOW)
    assert carrier(newer(), [begun]) is None
    assert carrier(begun, [newer()]) is None
    assert carrier(begun, [newer(begun_at=LATER)]) == newer(begun_at=LATER)
    in_time = older(CaseState.CONTAINED, begun_at=LATER)
    assert carrier(newer(), [in_time]) == in_time


@pytest.mark.parametrize(
    ("reason", "actions", "covers"),
    [
        (ResetReason.LOST, ALL_ACTIONS, True),
        (ResetReason.COMPROMISED, ALL_ACTIONS, True),
        (ResetReason.REPLACED, ALL_ACTIONS, False),
        (ResetReason.STOLEN, (ResetAction.METHODS,), False),
    ],
)
def test_only_what_takes_as_much_away_does(
    reason: ResetReason, actions: tuple[ResetAction, ...], *, covers: bool
) -> None:
    """A weaker reason, or fewer actions, leave something for the other one to do."""
    other = a_reset(case_id=OLDER, plan=a_reset_plan(reason, actions))
    assert (carrier(newer(), [other]) is other) is covers


@pytest.mark.parametrize(
    "state", [CaseState.COMPLETED, CaseState.CANCELLED, CaseState.PARKED, CaseState.JOINED]
)
def test_what_rests_carries_nobody(state: CaseState) -> None:
    """What has come to an end, waits for a human or for another one does no work."""
    assert carrier(newer(), [older(state)]) is None


def test_who_has_joined_is_answered_with_the_end() -> None:
    """With what was removed; and goes on alone where the other one came to nothing."""
    joined = advanced(decide(newer(), LATER, others=(older(),)))
    assert joined.case.state is CaseState.JOINED
    assert joined.event is not None
    assert joined.event.type is EventType.WAITING
    due = replace(joined.case, wait_until=None)
    done = older(CaseState.COMPLETED, removed=("softwareOath o1",), kept=("password p1",))
    told = advanced(decide(due, LATER, others=(done,)))
    assert told.event is not None
    assert (told.event.type, told.event.removed) == (EventType.COMPLETED, ("softwareOath",))
    for state in (CaseState.REFUSED, CaseState.CANCELLED, CaseState.PARKED):
        alone = advanced(decide(due, LATER, others=(older(state),)))
        assert (alone.case.state, alone.case.reset.joined) == (CaseState.ACCEPTED, None)
    waits = advanced(decide(due, LATER, others=(older(CaseState.CONTAINED),)))
    assert (waits.case.state, waits.event) == (CaseState.JOINED, None)


REASONS = st.sampled_from(ResetReason)
ACTIONS = st.sampled_from([ALL_ACTIONS, (ResetAction.METHODS,), (ResetAction.SESSIONS,)])
RESETS = st.builds(
    lambda number, state, reason, actions, minutes, source: replace(
        a_reset(
            state,
            case_id=CaseId(f"{number:032x}"),
            plan=a_reset_plan(reason, actions),
            accepted_at=NOW + timedelta(minutes=minutes),
        ),
        source=SourceName(source),
    ),
    st.integers(0, 99),
    st.sampled_from([CaseState.ACCEPTED, CaseState.AWAITING_APPROVAL, CaseState.PARKED]),
    REASONS,
    ACTIONS,
    st.integers(0, 3),
    st.sampled_from(["queue", "desk"]),
)


@given(case=RESETS, others=st.lists(RESETS, unique_by=lambda one: one.case_id), begun=st.booleans())
def test_few_words_tell_who_carries_whom(case: Case, others: list[Case], *, begun: bool) -> None:
    """Of those that have done nothing, the words on a list show the same one as the cases do."""
    case = replace(case, state=CaseState.ACCEPTED)
    if begun:
        case = replace(case, reset=replace(case.reset, begun_at=NOW))
    others = [other for other in others if other.case_id != case.case_id]
    # The case's own line is on the list, too.
    words = [one for other in (case, *others) if (one := untouched(other)) is not None]
    assert len(words) == len(others) + (not begun)
    first = next(iter(before(case, words)), None)
    carrying = carrier(case, others)
    assert (first and first.case_id) == (carrying and carrying.case_id)


@pytest.mark.parametrize(
    "progress", [{"begun_at": NOW}, {"block": Block.OURS}, {"suspect_since": NOW}]
)
def test_what_says_more_than_its_ticket_is_read(progress: dict[str, Any]) -> None:
    """What has begun, holds a block, or saw a stranger register is never judged by a few words."""
    assert untouched(older(**progress)) is None
    assert untouched(older()) is not None


def test_who_has_joined_takes_along_who_waits_in_vain() -> None:
    """Not one that has begun, has not come to its turn, or has not found its person."""
    joined = older(CaseState.JOINED, joined=CaseId("3" * 32))
    assert comes_along(newer(), joined, (), LATER)
    assert not comes_along(newer(begun_at=LATER), joined, (), LATER)
    assert not comes_along(replace(newer(), wait_until=LATER), joined, (), NOW)
    assert not comes_along(replace(newer(), user_id=None), joined, (), LATER)
    assert not comes_along(newer(), older(CaseState.AWAITING_APPROVAL), (), LATER)


@pytest.mark.parametrize(
    "state", [CaseState.COMPLETED, CaseState.CANCELLED, CaseState.PARKED, CaseState.REFUSED]
)
def test_who_comes_to_an_end_takes_along_who_has_joined(state: CaseState) -> None:
    """However long those meant to wait still, and nobody who has joined another."""
    follower = replace(newer(joined=OLDER), state=CaseState.JOINED, wait_until=LATER)
    assert comes_along(follower, older(state), {OLDER}, NOW)
    assert not comes_along(follower, older(state), {NEWER}, NOW)
    assert held_up(a_case(state)) is None
