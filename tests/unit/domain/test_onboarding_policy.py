"""The policy of onboarding, rule by rule."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain.accounts import NoAccount
from shared.domain.actions import Action, Advance, Fail, Look, Rest, Write
from shared.domain.authentication import (
    AuthenticationMethod,
    MethodType,
    PerUserMfaState,
    Unknown,
)
from shared.domain.cases import (
    Case,
    CaseState,
    Change,
    EventType,
    Step,
    StepOutcome,
)
from shared.domain.control import Mode
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.errors import LifecycleError
from shared.domain.errors.cases import DateImplausible
from shared.domain.errors.control import Stopped
from shared.domain.errors.directory import ChangeUnverified, StateUnknown
from shared.domain.errors.people import (
    AccountDisabled,
    AccountNotFound,
    ExcludedAccount,
    GuestAccount,
    IdentityMismatch,
    ProtectedAccount,
    ServiceAccount,
)
from shared.domain.facts import Fact, Facts
from shared.domain.people.standing import NOT_ASKED, Standing, standing_of
from shared.domain.policy import next_action
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition
from tests.builders import AUTHENTICATOR, NOW, PASSWORD, USER_ID, a_case, a_plan, an_account, pinned

RULES = Rules()
DAY = timedelta(days=1)
DISABLED, ENABLED, ENFORCED = PerUserMfaState

ENABLING = Change(
    effect=SetMfaState(ENABLED), before=DISABLED, begun_at=NOW, then=CaseState.ENABLED
)
ENFORCING = Change(
    effect=SetMfaState(ENFORCED), before=ENABLED, begun_at=NOW, then=CaseState.ENFORCED
)

PLAIN = standing_of(an_account(), protected=False, excluded=False, privilege=NOT_ASKED)

KNOWN = {"mode": Mode.ACT, "others": (), "standing": PLAIN}


def decide(case: Case, now: datetime = NOW, **facts: Any) -> Action:  # noqa: ANN401
    return next_action(case, Facts(**{**KNOWN, **facts}), RULES, now)


def advanced(action: Action) -> Transition:
    assert isinstance(action, Advance)
    return action.transition


def step_of(transition: Transition) -> Step:
    assert transition.step is not None
    return transition.step


def error_of(action: Action) -> LifecycleError:
    assert isinstance(action, Fail)
    return action.error


def test_nothing_is_touched_before_the_start_date() -> None:
    """A start date ahead is waited for, and not even the account is looked up."""
    case = a_case(plan=a_plan(starts_at=NOW + 3 * DAY))
    transition = advanced(decide(case))
    assert transition.case.state is CaseState.WAITING_START
    assert transition.case.wait_until == NOW + 3 * DAY
    assert transition.event is not None
    assert transition.event.type is EventType.WAITING
    assert Rest() == decide(transition.case, NOW + 2 * DAY)
    assert Look(Fact.ACCOUNT) == decide(transition.case, NOW + 3 * DAY)


@pytest.mark.parametrize("days", [-31, 181])
def test_a_start_date_that_can_not_be_is_parked(days: int) -> None:
    """Nobody starts half a year from now, or started a month ago: a human looks, and may insist."""
    case = a_case(plan=a_plan(starts_at=NOW + days * DAY))
    assert isinstance(error_of(decide(case)), DateImplausible)
    insisted = replace(case, actors=frozenset({"admin"}))
    assert not isinstance(decide(insisted), Fail)


def test_an_account_that_is_not_there_yet_is_waited_for() -> None:
    """HR precedes the directory: a missing account is no error until the wait is over."""
    transition = advanced(decide(a_case(), account=NoAccount()))
    assert transition.case.state is CaseState.WAITING_ACCOUNT
    assert transition.case.wait_until == NOW + RULES.check_first
    again = advanced(decide(transition.case, NOW + 3 * DAY, account=NoAccount()))
    assert again.case.wait_until == NOW + 3 * DAY + RULES.check_most
    assert again.step is None


@pytest.mark.parametrize(
    ("account", "expected"),
    [(NoAccount(), AccountNotFound), (an_account(enabled=False), AccountDisabled)],
)
def test_the_wait_for_an_account_ends(account: object, expected: type[LifecycleError]) -> None:
    """After start date plus the setting's days, a missing or blocked account ends the wait."""
    waiting = advanced(decide(a_case(), account=account)).case
    almost = decide(waiting, NOW + RULES.account_wait - DAY, account=account)
    assert advanced(almost).case.state is CaseState.WAITING_ACCOUNT
    assert type(error_of(decide(waiting, NOW + RULES.account_wait, account=account))) is expected


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (replace(PLAIN, guest=True), GuestAccount),
        (replace(PLAIN, protected=True), ProtectedAccount),
        (replace(PLAIN, excluded=True), ExcludedAccount),
        (replace(PLAIN, service=True), ServiceAccount),
    ],
)
def test_whom_nobody_may_touch_is_refused(
    standing: Standing, expected: type[LifecycleError]
) -> None:
    """Guests, break-glass and service accounts and exclusions end the case with the reason."""
    assert Look(Fact.STANDING) == decide(a_case(), account=an_account(), standing=None)
    refused = decide(a_case(), account=an_account(), standing=standing)
    assert type(error_of(refused)) is expected


def test_the_privileged_are_enabled_like_others() -> None:
    """An administrator needs MFA most."""
    assert isinstance(decide(pinned(a_case()), account=an_account(), mfa_state=DISABLED), Advance)


def test_an_account_of_another_employee_is_parked() -> None:
    """What was found is not the person's."""
    case, other = a_case(plan=a_plan(employee_id="E1")), IdentityMismatch("Another number.")
    assert error_of(decide(case, account=other)) is other
    same = advanced(decide(case, account=an_account(employee_id="E1")))
    assert same.case.user_id == USER_ID


def test_an_account_without_its_employee_id_is_waited_for() -> None:
    """HR may be faster than the directory with the number too; in the end a human decides."""
    case = a_case(plan=a_plan(employee_id="E1"))
    waiting = advanced(decide(case, account=an_account())).case
    assert waiting.state is CaseState.WAITING_ACCOUNT
    late = decide(waiting, NOW + RULES.account_wait, account=an_account())
    assert isinstance(error_of(late), IdentityMismatch)
    assert isinstance(decide(pinned(case), account=an_account()), Look), "it was compared before"


def test_the_object_id_is_pinned_at_the_first_look_up() -> None:
    """From then on the case is about this object, whoever bears the sign-in name."""
    transition = advanced(decide(a_case(), account=an_account()))
    assert transition.case.user_id == USER_ID
    assert transition.case.state is CaseState.ACCEPTED
    assert Look(Fact.MFA_STATE) == decide(transition.case, account=an_account())


def test_an_unknown_state_is_never_written_over() -> None:
    """Unknown is not disabled (S4)."""
    action = decide(
        pinned(a_case()), account=an_account(), mfa_state=Unknown("no answer"), mode=Mode.ACT
    )
    assert isinstance(error_of(action), StateUnknown)


@pytest.mark.parametrize("state", [ENABLED, ENFORCED])
def test_only_a_disabled_account_is_written(state: PerUserMfaState) -> None:
    """Writing `enabled` over `enforced` would be a downgrade."""
    action = decide(pinned(a_case()), account=an_account(), mfa_state=state, mode=Mode.ACT)
    transition = advanced(action)
    assert transition.case.state is CaseState.ENABLED
    assert transition.case.change is None
    assert (step_of(transition).before, step_of(transition).after) == (state, state)


def begun() -> Case:
    action = decide(pinned(a_case()), account=an_account(), mfa_state=DISABLED, mode=Mode.ACT)
    return advanced(action).case


def test_a_change_is_recorded_before_it_is_written() -> None:
    """The case always tells what the directory may hold."""
    facts: dict[str, Any] = {"account": an_account(), "mfa_state": DISABLED}
    transition = advanced(decide(pinned(a_case()), **facts))
    change = ENABLING
    assert transition.case.change == change
    assert step_of(transition).outcome is StepOutcome.BEGUN
    assert Write(change) == decide(transition.case, **facts, begun=True)


def test_a_change_announced_in_an_earlier_round_is_decided_anew() -> None:
    """The person, their methods and the mode may be others by now."""
    anew = advanced(decide(begun(), mfa_state=DISABLED))
    assert anew.case.change is None
    assert anew.step is None
    observing = advanced(
        decide(anew.case, account=an_account(), mfa_state=DISABLED, mode=Mode.OBSERVE)
    )
    assert step_of(observing).outcome is StepOutcome.WOULD
    gone = replace(
        a_case(CaseState.WAITING_REGISTRATION),
        change=ENFORCING,
    )
    dropped = advanced(decide(gone, mfa_state=ENABLED)).case
    assert advanced(decide(dropped, methods=(PASSWORD,))).case.state is (
        CaseState.WAITING_REGISTRATION
    )


@pytest.mark.parametrize(
    ("state", "outcome"),
    [(DISABLED, StepOutcome.UNVERIFIED), (ENABLED, StepOutcome.DONE)],
)
def test_a_cancelled_case_tells_what_its_change_came_to(
    state: PerUserMfaState, outcome: StepOutcome
) -> None:
    """It is looked at once more, nothing is written, and then it rests."""
    cancelled = replace(begun(), state=CaseState.CANCELLED)
    assert Look(Fact.MFA_STATE) == decide(cancelled)
    told = advanced(decide(cancelled, mfa_state=state, begun=True))
    assert (step_of(told).outcome, step_of(told).after) == (outcome, state)
    assert Rest() == decide(told.case, mfa_state=state)


@pytest.mark.parametrize("after", [ENABLED, ENFORCED])
def test_enabled_is_proven_by_either_state(after: PerUserMfaState) -> None:
    """An account with a method moves on by itself, so both prove that `enabled` arrived."""
    transition = advanced(decide(begun(), mfa_state=after, written=True))
    assert transition.case.state is CaseState.ENABLED
    assert transition.case.change is None
    step = step_of(transition)
    assert (step.outcome, step.before, step.after) == (StepOutcome.DONE, DISABLED, after)


def test_a_change_that_is_not_read_back_is_read_again_and_then_parked() -> None:
    """Readings after 0, 2, 5, 10 and 30 s; then unverified; an hour on, a human is asked (S3)."""
    case, now, pauses = begun(), NOW, []
    for _ in range(4):
        case = advanced(decide(case, now, mfa_state=DISABLED, written=True)).case
        assert case.wait_until is not None
        pauses.append((case.wait_until - now).total_seconds())
        now = case.wait_until
    assert pauses == [2, 5, 10, 30]
    unverified = advanced(decide(case, now, mfa_state=DISABLED))
    assert step_of(unverified).outcome is StepOutcome.UNVERIFIED
    assert unverified.case.wait_until == now + RULES.unverified_for
    late = decide(unverified.case, now + RULES.unverified_for, mfa_state=DISABLED)
    assert isinstance(error_of(late), ChangeUnverified)
    in_time = advanced(decide(unverified.case, now + RULES.unverified_for, mfa_state=ENABLED))
    assert in_time.case.state is CaseState.ENABLED


def test_a_change_that_was_written_is_not_written_twice() -> None:
    """Once a reading was in vain, only reading goes on: replication is slow, and writes are not."""
    tried = advanced(decide(begun(), mfa_state=DISABLED, written=True)).case
    assert tried.wait_until is not None
    later = tried.wait_until
    assert Look(Fact.MFA_STATE) == decide(tried, later)
    assert isinstance(decide(tried, later, mfa_state=DISABLED), Advance)


def test_stop_defers_the_write() -> None:
    """Nothing begins while the capability is stopped."""
    assert Look(Fact.MODE) == decide(a_case(), mode=None)
    assert isinstance(error_of(decide(a_case(), mode=Mode.STOP)), Stopped)
    registered = a_case(CaseState.WAITING_REGISTRATION)
    action = decide(registered, methods=(AUTHENTICATOR,), mfa_state=ENABLED, mode=Mode.STOP)
    assert isinstance(error_of(action), Stopped)


def enabled_case() -> Case:
    return a_case(CaseState.ENABLED)


@pytest.mark.parametrize(
    "methods",
    [
        (),
        (PASSWORD,),
        (PASSWORD, AuthenticationMethod("e", MethodType.EMAIL)),
        (PASSWORD, AuthenticationMethod("t", MethodType.TEMPORARY_ACCESS_PASS)),
        (PASSWORD, AuthenticationMethod("w", MethodType.WINDOWS_HELLO)),
        (PASSWORD, AuthenticationMethod("c", MethodType.PLATFORM_CREDENTIAL)),
        (PASSWORD, AuthenticationMethod("u", MethodType.UNRECOGNISED)),
    ],
)
def test_who_is_not_registered_is_waited_for(methods: tuple[AuthenticationMethod, ...]) -> None:
    """E-mail, password, a pass, Windows Hello alone and unknown methods prove no registration."""
    transition = advanced(decide(enabled_case(), methods=methods))
    assert transition.case.state is CaseState.WAITING_REGISTRATION
    assert transition.case.deadline is not None


@pytest.mark.parametrize(
    ("starts_at", "enforce_by", "deadline"),
    [
        (NOW, None, NOW + 14 * DAY),
        (NOW - 20 * DAY, None, NOW + 3 * DAY),
        (NOW, NOW + 5 * DAY, NOW + 5 * DAY),
    ],
)
def test_the_deadline(starts_at: datetime, enforce_by: datetime | None, deadline: datetime) -> None:
    """`enforceBy`, else the later of start plus grace and acceptance plus 72 hours."""
    case = replace(enabled_case(), plan=a_plan(starts_at=starts_at, enforce_by=enforce_by))
    waiting = advanced(decide(case, methods=())).case
    assert waiting.deadline == deadline
    later = advanced(decide(waiting, NOW + DAY, methods=())).case
    assert later.deadline == deadline


@pytest.mark.parametrize("state", [CaseState.WAITING_REGISTRATION, CaseState.OVERDUE])
def test_who_registers_late_is_enforced_all_the_same(state: CaseState) -> None:
    """A registration is the way out of every wait for it."""
    case = a_case(state)
    assert Look(Fact.METHODS) == decide(case)
    assert Look(Fact.MFA_STATE) == decide(case, methods=(AUTHENTICATOR,))
    transition = advanced(decide(case, methods=(AUTHENTICATOR,), mfa_state=ENABLED, mode=Mode.ACT))
    assert transition.case.change == ENFORCING


def test_registering_may_have_enforced_already() -> None:
    """Then nothing is written."""
    case = a_case(CaseState.WAITING_REGISTRATION)
    transition = advanced(decide(case, methods=(AUTHENTICATOR,), mfa_state=ENFORCED))
    assert transition.case.state is CaseState.ENFORCED
    completed = advanced(decide(transition.case))
    assert completed.case.state is CaseState.COMPLETED
    assert completed.event is not None
    assert completed.event.type is EventType.COMPLETED


def test_observe_mode_tells_the_whole_story_and_writes_nothing() -> None:
    """An observed case completes at once: its steps say what would have been done."""
    case, actions = pinned(a_case()), []
    facts = Facts(
        account=an_account(),
        mfa_state=DISABLED,
        methods=(PASSWORD,),
        mode=Mode.OBSERVE,
        others=(),
        standing=PLAIN,
    )
    while not isinstance(action := next_action(case, facts, RULES, NOW), Rest):
        transition = advanced(action)
        actions.append(step_of(transition).action)
        assert step_of(transition).outcome is StepOutcome.WOULD
        case = transition.case
    assert actions == [
        "would-enable",
        "would-wait-for-registration",
        "would-enforce",
        "would-complete",
    ]
    assert case.state is CaseState.COMPLETED


def test_a_case_that_observed_once_never_acts() -> None:
    """Enforcing what was never enabled would surprise the person."""
    observed = replace(a_case(CaseState.ENABLED), observed=True)
    action = decide(observed, methods=(AUTHENTICATOR,), mfa_state=DISABLED, mode=Mode.ACT)
    assert step_of(advanced(action)).outcome is StepOutcome.WOULD


@pytest.mark.parametrize(
    "state",
    [CaseState.COMPLETED, CaseState.REFUSED, CaseState.PARKED, CaseState.CANCELLED],
)
def test_a_case_that_is_over_rests(state: CaseState) -> None:
    """Nothing moves by itself any more."""
    assert Rest() == decide(a_case(state))


def test_a_good_look_forgives_earlier_trouble() -> None:
    """Attempts are counted in a row, not over the weeks of a wait."""
    waiting = replace(a_case(CaseState.WAITING_ACCOUNT), attempts=9, waiting_since=NOW)
    assert advanced(decide(waiting, account=NoAccount())).case.attempts == 0
    registering = replace(a_case(CaseState.WAITING_REGISTRATION), attempts=9, deadline=NOW + DAY)
    assert advanced(decide(registering, methods=())).case.attempts == 0


@pytest.mark.parametrize("state", [ENABLED, ENFORCED])
def test_observe_mode_waits_for_nobody(state: PerUserMfaState) -> None:
    """Where the account was enabled already, the story is told to its end all the same."""
    case = pinned(a_case())
    action = decide(case, account=an_account(), mfa_state=state, mode=Mode.OBSERVE)
    assert advanced(action).case.observed
