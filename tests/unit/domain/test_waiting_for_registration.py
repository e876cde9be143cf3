"""While the person has to register: reminders, the deadline, what then, and ways out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain.accounts import NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.control import Mode
from shared.domain.effects import SetMfaState
from shared.domain.errors import AccountDisabled
from shared.domain.facts import Fact, Facts
from shared.domain.policy import next_action
from shared.domain.schedules import Rules, WhenOverdue
from shared.domain.transitions import Transition
from tests.builders import AUTHENTICATOR, NOW, a_case, a_plan, an_account

RULES = Rules()
DAY = timedelta(days=1)
DEADLINE = NOW + 14 * DAY
UNREGISTERED: dict[str, Any] = {"methods": (), "mode": Mode.ACT}
READY = {**UNREGISTERED, "reminded": True, "account": an_account()}
"""All that is known of somebody who may be enforced though they never registered."""


def decide(case: Case, now: datetime, rules: Rules = RULES, **facts: Any) -> Action:  # noqa: ANN401
    return next_action(case, Facts(**facts), rules, now)


def advanced(action: Action) -> Transition:
    assert isinstance(action, Advance)
    return action.transition


def waiting(enforce_by: datetime = DEADLINE) -> Case:
    """A case that has just begun to wait."""
    case = replace(a_case(CaseState.ENABLED), plan=a_plan(enforce_by=enforce_by))
    return advanced(decide(case, NOW, **UNREGISTERED)).case


def overdue() -> Case:
    """A case whose deadline has just passed, after all its reminders."""
    late = replace(waiting(), reminders=3, wait_until=None)
    return advanced(decide(late, DEADLINE, **UNREGISTERED)).case


def test_reminders_go_out_on_their_days_and_once() -> None:
    """Seven, three and one day before the deadline an event reminds of it."""
    case, told = waiting(), []
    now = NOW
    while now < DEADLINE:
        assert case.wait_until is not None
        now = max(now, case.wait_until)
        transition = advanced(decide(case, now, **UNREGISTERED))
        if transition.event is not None:
            told.append((transition.event.type, DEADLINE - now))
        case = transition.case
    assert told == [
        *((EventType.REMINDER, days * DAY) for days in (7, 3, 1)),
        (EventType.OVERDUE, timedelta(0)),
    ]


@pytest.mark.parametrize("late", [timedelta(seconds=1), 30 * DAY])
def test_nobody_is_overdue_without_a_reminder(late: timedelta) -> None:
    """However short the time was, or however long we slept, a reminder comes first."""
    case = waiting(enforce_by=NOW + timedelta(seconds=1))
    assert case.wait_until == NOW
    reminded = advanced(decide(case, NOW + late, **UNREGISTERED))
    assert reminded.event is not None
    assert reminded.event.type is EventType.REMINDER
    assert reminded.case.reminders == len(RULES.reminders)
    passed = advanced(decide(reminded.case, NOW + late, **UNREGISTERED))
    assert passed.case.state is CaseState.OVERDUE


def test_a_deadline_that_is_near_is_met_on_time() -> None:
    """The next look is never after the deadline."""
    deadline = NOW + timedelta(seconds=5)
    reminded = advanced(decide(waiting(enforce_by=deadline), NOW, **UNREGISTERED)).case
    assert reminded.wait_until == deadline


def test_the_event_tells_what_will_be_done() -> None:
    """Whoever reads of a missed deadline knows whether a human is asked."""
    for rule in WhenOverdue:
        late = replace(waiting(), reminders=3, wait_until=None)
        passed = advanced(decide(late, DEADLINE, Rules(when_overdue=rule), **UNREGISTERED))
        assert passed.event is not None
        assert (passed.event.type, passed.event.reason) == (EventType.OVERDUE, rule)


def test_escalating_waits_for_the_person_or_a_human() -> None:
    """Nothing is written; the person is looked for on and on."""
    rules = Rules(when_overdue=WhenOverdue.ESCALATE)
    after = advanced(decide(overdue(), DEADLINE + DAY, rules, **READY))
    assert (after.case.state, after.event, after.case.change) == (CaseState.OVERDUE, None, None)
    assert after.case.wait_until == DEADLINE + DAY + RULES.check_most


def test_the_overdue_are_enforced_with_a_warning() -> None:
    """After a published reminder and a look at the account the state is read and written."""
    assert Look(Fact.REMINDED) == decide(overdue(), DEADLINE, **UNREGISTERED)
    assert Look(Fact.ACCOUNT) == decide(overdue(), DEADLINE, **UNREGISTERED, reminded=True)
    assert Look(Fact.MFA_STATE) == decide(overdue(), DEADLINE, **READY)
    transition = advanced(decide(overdue(), DEADLINE, **READY, mfa_state=PerUserMfaState.ENABLED))
    change = transition.case.change
    assert change is not None
    assert change.effect == SetMfaState(PerUserMfaState.ENFORCED)
    assert transition.step is not None
    assert transition.step.outcome is StepOutcome.BEGUN
    assert len(transition.case.warnings) == 1


def test_nobody_is_enforced_whom_no_reminder_could_reach() -> None:
    """A reminder that the broker has not taken yet was never read."""
    facts = {**READY, "reminded": False}
    later = advanced(decide(overdue(), DEADLINE, **facts, mfa_state=PerUserMfaState.ENABLED))
    assert (later.case.change, later.case.state) == (None, CaseState.OVERDUE)
    assert later.case.wait_until is not None


def test_nobody_is_enforced_who_could_not_register() -> None:
    """A blocked account can't sign in, so a human has to look."""
    facts = {**READY, "account": an_account(enabled=False)}
    action = decide(overdue(), DEADLINE, **facts)
    assert isinstance(action, Fail)
    assert isinstance(action.error, AccountDisabled)


def test_who_was_enforced_meanwhile_is_not_written() -> None:
    """What holds already is only told."""
    done = advanced(decide(overdue(), DEADLINE, **READY, mfa_state=PerUserMfaState.ENFORCED))
    assert done.case.state is CaseState.ENFORCED
    assert done.case.warnings == ()


@pytest.mark.parametrize("state", [CaseState.WAITING_REGISTRATION, CaseState.OVERDUE])
def test_a_person_who_is_gone_for_good_ends_the_case(state: CaseState) -> None:
    """One look proves nothing; when looks agree for an hour the case is cancelled, and says why."""
    case = replace(a_case(state), deadline=DEADLINE)
    first = advanced(decide(case, NOW, methods=NoAccount(), mode=Mode.ACT))
    assert (first.case.state, first.case.missing_since) == (state, NOW)
    hour = timedelta(hours=1)
    still = advanced(decide(first.case, NOW + hour / 2, methods=NoAccount(), mode=Mode.ACT))
    assert still.case.state is state
    ended = advanced(decide(still.case, NOW + hour, methods=NoAccount(), mode=Mode.ACT))
    assert ended.case.state is CaseState.CANCELLED
    assert ended.event is not None
    assert ended.event.reason == "account-not-found"


def test_a_person_who_is_back_is_waited_for_as_before() -> None:
    """A replica that did not know them yet has said nothing about them."""
    missing = replace(waiting(), missing_since=NOW, wait_until=None)
    back = advanced(decide(missing, NOW + DAY, **UNREGISTERED))
    assert back.case.missing_since is None
    registered = decide(missing, NOW + DAY, mode=Mode.ACT, methods=(AUTHENTICATOR,))
    assert Look(Fact.MFA_STATE) == registered
