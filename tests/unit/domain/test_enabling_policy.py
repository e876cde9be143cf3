"""From the acceptance to `enabled`, decision by decision."""

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.accounts import Account, NoAccount
from shared.domain.actions import Advance, Fail, Look, Rest, Write
from shared.domain.authentication import (
    PerUserMfaState,
    Unknown,
)
from shared.domain.cases import (
    Case,
    CaseState,
    EventType,
    StepOutcome,
)
from shared.domain.control import Mode
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
from shared.domain.facts import Fact
from shared.domain.people.standing import Standing
from tests.builders import AUTHENTICATOR, NOW, PASSWORD, USER_ID, a_case, a_plan, an_account, pinned
from tests.unit.domain.onboarding_decisions import (
    DAY,
    DISABLED,
    ENABLED,
    ENABLING,
    ENFORCED,
    ENFORCING,
    PLAIN,
    RULES,
    advanced,
    decide,
    error_of,
    step_of,
)


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


@pytest.mark.parametrize("days", [-31, 181])
def test_a_deadline_that_can_not_be_is_parked(days: int) -> None:
    """Nobody is given years to register, and nobody's time was up a month ago."""
    case = a_case(plan=a_plan(enforce_by=NOW + days * DAY))
    assert isinstance(error_of(decide(case)), DateImplausible)


def test_a_clock_that_goes_back_breaks_nothing() -> None:
    """Who waits for an account waits on, though the start date is ahead again."""
    case = a_case(CaseState.WAITING_ACCOUNT, plan=a_plan(starts_at=NOW + DAY))
    transition = advanced(decide(case))
    assert (transition.case.state, transition.case.wait_until) == (
        CaseState.WAITING_ACCOUNT,
        NOW + DAY,
    )


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
    over = NOW + RULES.account_wait
    if isinstance(account, Account):
        # Whom the refusal is about is put on record: HR's word for them goes on counting.
        waiting = advanced(decide(waiting, over, account=account)).case
        assert waiting.user_id == account.user_id
    assert type(error_of(decide(waiting, over, account=account))) is expected


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
