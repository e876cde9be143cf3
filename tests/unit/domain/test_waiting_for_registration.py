"""While the person has to register: reminders, the deadline, what then, and ways out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain.accounts import NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.approvals import approve, plan_hash
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.control import Mode
from shared.domain.effects.groups import AddToGroup
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.errors.people import AccountDisabled, ExcludedAccount
from shared.domain.facts import Fact, Facts
from shared.domain.groups import Memberships
from shared.domain.ids import GroupId
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import Privilege, standing_of
from shared.domain.policy import next_action
from shared.domain.schedules import Rules, WhenOverdue, shortest_notice
from shared.domain.strategies import ByGroup
from shared.domain.transitions import Transition
from tests.builders import AUTHENTICATOR, NOW, a_case, a_plan, an_account

RULES = Rules(minimum_grace=timedelta(0))
DAY = timedelta(days=1)
DEADLINE = NOW + 14 * DAY
UNREGISTERED: dict[str, Any] = {"methods": (), "mode": Mode.ACT, "others": ()}
NOBODY_SPECIAL = standing_of(
    an_account(), protected=False, excluded=False, privilege=Privilege.NONE
)
GONE: dict[str, Any] = {"methods": NoAccount(), "account": NoAccount(), "mode": Mode.ACT}
READY = {
    **UNREGISTERED,
    "reminded": (NOW,),
    "account": an_account(),
    "privilege": NOBODY_SPECIAL,
}
"""All that is known of somebody who may be enforced though they never registered."""

PRIVILEGED = [
    *(privilege for privilege in Privilege if privilege is not Privilege.NONE),
    Unknown("no answer"),
]


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
    assert Look(Fact.ACCOUNT) == decide(overdue(), DEADLINE, **UNREGISTERED, reminded=(NOW,))
    assert Look(Fact.PRIVILEGE) == decide(overdue(), DEADLINE, **{**READY, "privilege": None})
    assert Look(Fact.MFA_STATE) == decide(overdue(), DEADLINE, **READY)
    transition = advanced(decide(overdue(), DEADLINE, **READY, mfa_state=PerUserMfaState.ENABLED))
    change = transition.case.change
    assert change is not None
    assert change.effect == SetMfaState(PerUserMfaState.ENFORCED, unregistered=True)
    assert transition.step is not None
    assert transition.step.outcome is StepOutcome.BEGUN
    assert len(transition.case.warnings) == 1


@pytest.mark.parametrize("privilege", PRIVILEGED)
def test_the_privileged_are_enforced_unregistered_only_when_approved(
    privilege: Privilege | Unknown,
) -> None:
    """However they are privileged, or if nobody can tell, a second person agrees first (S2)."""
    standing = replace(NOBODY_SPECIAL, privilege=privilege)
    facts = {**READY, "privilege": standing, "mfa_state": PerUserMfaState.ENABLED}
    asked = advanced(decide(overdue(), DEADLINE, **facts))
    assert asked.case.state is CaseState.AWAITING_APPROVAL
    assert asked.event is not None
    assert asked.event.type is EventType.APPROVAL_REQUESTED
    approved = approve(asked.case, plan_hash(asked.case), "second-person", DEADLINE).case
    begun = advanced(decide(approved, DEADLINE, **facts))
    assert begun.case.change is not None
    late = DEADLINE + timedelta(hours=8)
    assert advanced(decide(approved, late, **facts)).case.state is CaseState.AWAITING_APPROVAL


@pytest.mark.parametrize("privilege", [Privilege.NONE, *PRIVILEGED])
def test_whom_nobody_may_touch_is_not_enforced_either(privilege: Privilege | Unknown) -> None:
    """Who came onto a list while we waited is refused, whoever would agree."""
    standing = replace(NOBODY_SPECIAL, excluded=True, privilege=privilege)
    action = decide(overdue(), DEADLINE, **{**READY, "privilege": standing})
    assert isinstance(action, Fail)
    assert isinstance(action.error, ExcludedAccount)


def test_nobody_is_enforced_whom_no_reminder_could_reach() -> None:
    """A reminder that the broker has not taken yet was never read."""
    facts = {**READY, "reminded": ()}
    later = advanced(decide(overdue(), DEADLINE, **facts, mfa_state=PerUserMfaState.ENABLED))
    assert (later.case.change, later.case.state) == (None, CaseState.OVERDUE)
    assert later.case.wait_until is not None


@pytest.mark.parametrize(
    ("rules", "notice"),
    [
        (Rules(), DAY),
        (Rules(reminders=(7 * DAY, timedelta(hours=5))), timedelta(hours=5)),
        (Rules(reminders=(7 * DAY, 3 * DAY)), DAY),
        (Rules(minimum_grace=timedelta(hours=2)), timedelta(hours=2)),
    ],
)
@pytest.mark.parametrize("slept", [13 * DAY + timedelta(hours=23), 14 * DAY, 30 * DAY])
def test_the_first_reminder_leaves_some_time(
    rules: Rules, notice: timedelta, slept: timedelta
) -> None:
    """Who slept over the other ones puts the deadline off once, and the reminder tells until when.

    By the time between the last reminder and the deadline, a day at the most, and no longer than
    anybody has at the least.
    """
    assert shortest_notice(rules) == notice
    case, now = replace(waiting(), wait_until=None), NOW + slept
    reminded = advanced(decide(case, now, rules, **UNREGISTERED))
    until = max(DEADLINE, now + notice)
    assert reminded.event is not None
    assert (reminded.event.type, reminded.event.deadline) == (EventType.REMINDER, until)
    assert reminded.case.wait_until is not None
    assert now < reminded.case.wait_until <= until
    asleep = replace(reminded.case, wait_until=None)
    again = advanced(decide(asleep, until - timedelta(seconds=1), rules, **UNREGISTERED)).case
    assert (again.state, again.deadline) == (CaseState.WAITING_REGISTRATION, until)
    passed = advanced(decide(replace(again, wait_until=None), until, rules, **UNREGISTERED))
    assert passed.case.state is CaseState.OVERDUE
    late = replace(case, reminders=1)
    assert advanced(decide(late, now, rules, **UNREGISTERED)).case.deadline == DEADLINE


def test_a_reminder_that_comes_out_late_leaves_some_time_too() -> None:
    """Nobody could read of the deadline before the broker took it; the step tells what it was."""
    rules, now = Rules(), DEADLINE + DAY
    facts = {**READY, "mfa_state": PerUserMfaState.ENABLED}
    unpublished = advanced(decide(overdue(), now, rules, **{**facts, "reminded": ()})).case
    assert (unpublished.state, unpublished.deadline) == (CaseState.OVERDUE, DEADLINE)
    facts["reminded"] = (now,)
    late = advanced(decide(replace(unpublished, wait_until=None), now, rules, **facts))
    assert (late.case.change, late.case.deadline) == (None, now + DAY)
    assert late.step is not None
    assert (late.step.before, late.step.after) == (str(DEADLINE), str(now + DAY))
    awake = replace(late.case, wait_until=None)
    soon = advanced(decide(awake, now + DAY - timedelta(minutes=1), rules, **facts))
    assert (soon.step, soon.case.change, soon.case.wait_until) == (None, None, now + DAY)
    assert advanced(decide(awake, now + DAY, rules, **facts)).case.change is not None


def test_a_reminder_that_comes_out_just_before_the_deadline_leaves_some_time_too() -> None:
    """However early it was due: whoever reads it has the shortest notice from then on."""
    rules, came_out = Rules(), DEADLINE - timedelta(minutes=20)
    facts = {**READY, "mfa_state": PerUserMfaState.ENABLED, "reminded": (DEADLINE, came_out)}
    soon = advanced(decide(overdue(), DEADLINE, rules, **facts)).case
    assert (soon.change, soon.deadline) == (None, came_out + DAY)
    awake = replace(soon, wait_until=None)
    assert advanced(decide(awake, came_out + DAY, rules, **facts)).case.change is not None


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
    first = advanced(decide(case, NOW, **GONE))
    assert (first.case.state, first.case.missing_since) == (state, NOW)
    hour = timedelta(hours=1)
    still = advanced(decide(first.case, NOW + hour / 2, **GONE))
    assert still.case.state is state
    ended = advanced(decide(still.case, NOW + hour, **GONE))
    assert ended.case.state is CaseState.CANCELLED
    assert ended.event is not None
    assert ended.event.reason == "account-not-found"


def test_an_account_that_is_there_is_not_gone() -> None:
    """A list of methods that is not found says nothing about the account: that is asked for."""
    case, facts = replace(waiting(), wait_until=None), {**GONE, "account": None}
    assert Look(Fact.ACCOUNT) == decide(case, NOW, **facts)
    action = decide(case, NOW, **{**GONE, "account": an_account()})
    assert isinstance(action, Fail)
    assert isinstance(action.error, AccountNotVisible)


def test_a_person_who_is_back_is_waited_for_as_before() -> None:
    """A replica that did not know them yet has said nothing about them."""
    missing = replace(waiting(), missing_since=NOW, wait_until=None)
    back = advanced(decide(missing, NOW + DAY, **UNREGISTERED))
    assert back.case.missing_since is None
    back_now = {**UNREGISTERED, "methods": (AUTHENTICATOR,)}
    registered = decide(missing, NOW + DAY, **back_now)
    assert Look(Fact.MFA_STATE) == registered


def test_the_group_strategy_enforces_with_the_same_care() -> None:
    """An overdue person joins the enforcement group by a change that the guards weigh as such."""
    registration, enforcement = GroupId("registration"), GroupId("enforcement")
    rules = Rules(strategy=ByGroup(registration=registration, enforcement=enforcement))
    member = {"memberships": Memberships({registration: True, enforcement: False})}
    change = advanced(decide(overdue(), DEADLINE, rules, **READY, **member)).case.change
    assert change is not None
    assert change.effect == AddToGroup(enforcement, unregistered=True)
    assert change.effect.impact is Impact.ENFORCE_UNREGISTERED
    privileged = replace(NOBODY_SPECIAL, privilege=Privilege.ROLE)
    asked = decide(overdue(), DEADLINE, rules, **{**READY, "privilege": privileged}, **member)
    assert advanced(asked).case.state is CaseState.AWAITING_APPROVAL
