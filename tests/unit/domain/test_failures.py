"""What an error does to a case, and how a replay makes it good."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import ENDED, CaseState, Change
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.errors.control import Stopped
from shared.domain.errors.directory import DirectoryUnavailable, Throttled
from shared.domain.failures import after_failure, replayed
from shared.domain.plans import CaseKind
from shared.domain.schedules import Rules
from shared.domain.state_machines import LEGAL
from tests.builders import NOW, a_case

RULES = Rules(attempts=3, retry_first=timedelta(seconds=2), retry_most=timedelta(seconds=5))
TROUBLE = DirectoryUnavailable("no answer")


def test_attempts_are_bounded_by_the_setting() -> None:
    """The failure after the last allowed one parks the case, with the reason of the trouble."""
    case, states = a_case(), []
    for _ in range(4):
        transition = after_failure(case, TROUBLE, RULES, NOW)
        case = transition.case
        states.append(case.state)
    assert states == [CaseState.ACCEPTED] * 3 + [CaseState.PARKED]
    assert transition.event is not None
    assert transition.event.reason == "attempts-used-up"
    assert transition.step is not None
    assert "directory-unavailable" in (transition.step.detail or "")


def test_the_pause_doubles_up_to_the_longest() -> None:
    """2, 4, then never more than the longest pause; the other side's word wins where longer."""
    waits = [
        after_failure(replace(a_case(), attempts=done), TROUBLE, RULES, NOW).case.wait_until
        for done in range(3)
    ]
    assert waits == [NOW + timedelta(seconds=seconds) for seconds in (2, 4, 5)]
    asked = Throttled("slow down", retry_after=timedelta(seconds=60))
    assert after_failure(a_case(), asked, RULES, NOW).case.wait_until == NOW + timedelta(seconds=60)


def test_what_is_held_back_uses_no_attempt() -> None:
    """A stop may last for weeks."""
    held = after_failure(replace(a_case(), attempts=3), Stopped("stopped"), RULES, NOW).case
    assert (held.state, held.attempts) == (CaseState.ACCEPTED, 3)
    assert held.wait_until is not None
    assert held.wait_until > NOW


def test_a_replay_begins_with_all_attempts_and_reads_anew() -> None:
    """A parked case goes back to where it was, as if it had just got there."""
    change = Change(
        effect=SetMfaState(PerUserMfaState.ENABLED),
        before="disabled",
        begun_at=NOW,
        then=CaseState.ENABLED,
        reads=6,
    )
    parked = after_failure(replace(a_case(), attempts=3, change=change), TROUBLE, RULES, NOW).case
    case = replayed(parked, "admin", NOW).case
    assert (case.state, case.attempts, case.parked_from) == (CaseState.ACCEPTED, 0, None)
    assert case.change == replace(change, reads=0)


@pytest.mark.parametrize("state", [CaseState.ENFORCED, CaseState.WAITING_REGISTRATION])
def test_no_case_goes_back_to_its_beginning(state: CaseState) -> None:
    """Only a replay takes a case back, and only to where it was parked."""
    assert LEGAL[CaseKind.ONBOARDING][state].isdisjoint(
        {CaseState.ACCEPTED, CaseState.WAITING_START, CaseState.WAITING_ACCOUNT, CaseState.ENABLED}
    )


@pytest.mark.parametrize("kind", CaseKind)
@pytest.mark.parametrize("state", sorted(ENDED))
def test_an_end_is_an_end(kind: CaseKind, state: CaseState) -> None:
    """No state follows one in which a case has ended."""
    assert LEGAL[kind].get(state, frozenset()) == frozenset()
