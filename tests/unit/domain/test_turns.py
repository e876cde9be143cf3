"""When a case comes again whose person another worker is busy with."""

from dataclasses import replace
from datetime import timedelta

from shared.domain.cases import CaseState
from shared.domain.ids import CaseId
from shared.domain.schedules import next_turn
from tests.builders import NOW, a_case

SECOND = timedelta(seconds=1)


def test_who_has_just_come_is_back_within_five_seconds() -> None:
    """Most workers are done with a person by then."""
    assert 2.5 * SECOND <= next_turn(a_case(CaseState.ACCEPTED), NOW) - NOW <= 5 * SECOND


def test_who_has_waited_longer_waits_longer_and_a_minute_at_most() -> None:
    """A crowd about one person thins out; nobody is forgotten."""
    case = a_case(CaseState.ACCEPTED)
    for waited, least, most in ((20, 10, 20), (3600, 30, 60)):
        now = NOW + waited * SECOND
        assert least * SECOND <= next_turn(case, now) - now <= most * SECOND


def test_a_long_wait_that_was_meant_is_none_for_a_turn() -> None:
    """What counts is how long the case could have gone on, not how long it slept."""
    now = NOW + timedelta(days=3)
    woken = replace(a_case(CaseState.ACCEPTED), wait_until=now)
    assert next_turn(woken, now) - now <= 5 * SECOND


def test_no_two_cases_come_back_together() -> None:
    """A hundred that were turned away at once come one after the other."""
    cases = (replace(a_case(CaseState.ACCEPTED), case_id=CaseId(f"{n:032x}")) for n in range(100))
    assert len({next_turn(case, NOW) for case in cases}) == 100
