"""Several tickets about one person: which of them does the work."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.cases import Case, CaseState, EventType
from shared.domain.ids import CaseId
from shared.domain.reset.joining import carrier
from shared.domain.reset.tickets import ALL_ACTIONS, ResetAction, ResetReason
from tests.builders import NOW
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
