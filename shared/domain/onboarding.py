"""The policy of onboarding: disabled -> enabled -> enforced.

`next_action` is pure and total. It looks at a case and at the facts gathered so far and says what
to do next; the use case does it and asks again.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import assert_never

from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import (
    AuthenticationMethod,
    PerUserMfaState,
    Unknown,
    is_registered,
)
from shared.domain.cases import Case, CaseState, Change, EventType, StepOutcome
from shared.domain.control import Mode
from shared.domain.errors import (
    AccountDisabled,
    AccountNotFound,
    ChangeUnverified,
    GuestAccount,
    IdentityMismatch,
    LifecycleError,
    StateUnknown,
    Stopped,
)
from shared.domain.schedules import Rules, next_look, next_reading, registration_deadline
from shared.domain.transitions import Transition, move, record


class Fact(Enum):
    """Something to be read before the policy can decide."""

    ACCOUNT = "account"
    MFA_STATE = "mfa-state"
    METHODS = "methods"
    MODE = "mode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was read in this round; None where nobody looked yet.

    Attributes:
        account: the person's account.
        mfa_state: their per-user MFA state.
        methods: their authentication methods.
        mode: whether onboarding may change the directory.
        written: True where the change under way was written in this very round.
    """

    account: Account | NoAccount | None = None
    mfa_state: PerUserMfaState | Unknown | None = None
    methods: tuple[AuthenticationMethod, ...] | None = None
    mode: Mode | None = None
    written: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """Read this fact, then ask again."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Write:
    """Write this change to the directory, then ask again."""

    change: Change


@dataclass(frozen=True, slots=True)
class Advance:
    """Store this transition, then ask again."""

    transition: Transition


@dataclass(frozen=True, slots=True)
class Fail:
    """Treat this error by its disposition."""

    error: LifecycleError


@dataclass(frozen=True, slots=True)
class Rest:
    """There is nothing to do now."""


Action = Look | Write | Advance | Fail | Rest


def next_action(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """What to do next about an onboarding case."""
    if case.wait_until is not None and now < case.wait_until:
        return Rest()
    if case.change is not None:
        return _prove(case, case.change, facts, rules, now)
    match case.state:
        case CaseState.ACCEPTED | CaseState.WAITING_START | CaseState.WAITING_ACCOUNT:
            return _enable(case, facts, rules, now)
        case CaseState.ENABLED | CaseState.WAITING_REGISTRATION | CaseState.OVERDUE:
            return _enforce(case, facts, rules, now)
        case CaseState.ENFORCED:
            return Advance(_complete(case, now))
        case CaseState.COMPLETED | CaseState.REFUSED | CaseState.PARKED | CaseState.CANCELLED:
            return Rest()
        case _:
            assert_never(case.state)


def _enable(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From the acceptance to `enabled`."""
    if now < case.plan.starts_at:
        return Advance(_wait_for_start(case, now))
    match facts.account:
        case None:
            return Look(Fact.ACCOUNT)
        case NoAccount():
            return _wait_for_account(
                case, rules, now, AccountNotFound("The directory has no such account.")
            )
        case Account() as account:
            pass
    if _belongs_to_another(case, account):
        return Fail(IdentityMismatch("The account bears another employee id than the event."))
    if account.guest:
        return Fail(GuestAccount("The account is a guest."))
    if not account.enabled:
        return _wait_for_account(case, rules, now, AccountDisabled("The account is blocked."))
    if case.user_id is None:
        return Advance(_pin(case, account, now))
    match facts.mfa_state:
        case None:
            return Look(Fact.MFA_STATE)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case PerUserMfaState.DISABLED:
            return _change(case, facts, PerUserMfaState.ENABLED, PerUserMfaState.DISABLED, now)
        case PerUserMfaState.ENABLED | PerUserMfaState.ENFORCED as state:
            return Advance(
                record(
                    replace(move(case, CaseState.ENABLED), wait_until=None, attempts=0),
                    now,
                    action="enable",
                    outcome=StepOutcome.DONE,
                    before=state,
                    after=state,
                    detail="Nothing was written: the account was there already.",
                )
            )
        case _:
            assert_never(facts.mfa_state)


def _enforce(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From `enabled` to `enforced`."""
    if facts.methods is None:
        return Look(Fact.METHODS)
    if not is_registered(facts.methods) and not case.observed:
        return Advance(_wait_for_registration(case, rules, now))
    if case.observed:
        return _would_enforce(case, facts, rules, now)
    match facts.mfa_state:
        case None:
            return Look(Fact.MFA_STATE)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case PerUserMfaState.ENFORCED:
            return Advance(
                record(
                    replace(move(case, CaseState.ENFORCED), wait_until=None, attempts=0),
                    now,
                    action="enforce",
                    outcome=StepOutcome.DONE,
                    before=PerUserMfaState.ENFORCED,
                    after=PerUserMfaState.ENFORCED,
                    detail="Nothing was written: registering has moved the account there.",
                )
            )
        case PerUserMfaState.ENABLED | PerUserMfaState.DISABLED as state:
            return _change(case, facts, PerUserMfaState.ENFORCED, state, now)
        case _:
            assert_never(facts.mfa_state)


def _change(
    case: Case, facts: Facts, target: PerUserMfaState, before: PerUserMfaState, now: datetime
) -> Action:
    """Announce a change, or tell what it would be."""
    match facts.mode:
        case None:
            return Look(Fact.MODE)
        case Mode.STOP:
            return Fail(Stopped("Onboarding is stopped."))
        case Mode.OBSERVE:
            return Advance(_would(case, target, before, now))
        case Mode.ACT:
            change = Change(target=target, before=before, begun_at=now)
            return Advance(
                record(
                    replace(case, change=change, wait_until=None, attempts=0),
                    now,
                    action=_VERB[target],
                    outcome=StepOutcome.BEGUN,
                    before=before,
                )
            )
        case _:
            assert_never(facts.mode)


def _prove(case: Case, change: Change, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Write a change that was announced, and believe it only when it is read back (S3)."""
    match facts.mfa_state:
        case None:
            return Look(Fact.MFA_STATE)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case PerUserMfaState() as state:
            pass
    if state in _ACCEPTED[change.target]:
        return Advance(_proven(case, change, state, now))
    if change.reads == 0 and not facts.written:
        return Write(change)
    tried = replace(change, reads=change.reads + 1)
    if change.reads > len(rules.read_back):
        return Fail(ChangeUnverified(f"Written {change.target}, still read {state}."))
    again = next_reading(tried, now, rules)
    if again is not None:
        return Advance(Transition(case=replace(case, change=tried, wait_until=again)))
    return Advance(
        record(
            replace(
                case,
                change=replace(tried, reads=tried.reads + 1),
                wait_until=now + rules.unverified_for,
            ),
            now,
            action=_VERB[change.target],
            outcome=StepOutcome.UNVERIFIED,
            before=change.before,
            after=state,
            detail="Written, but not read back yet. It is read once more before a human is asked.",
        )
    )


_VERB = {
    PerUserMfaState.DISABLED: "disable",
    PerUserMfaState.ENABLED: "enable",
    PerUserMfaState.ENFORCED: "enforce",
}

_REACHED = {
    PerUserMfaState.ENABLED: CaseState.ENABLED,
    PerUserMfaState.ENFORCED: CaseState.ENFORCED,
}

_ACCEPTED = {
    # An account that has a method moves on to `enforced` by itself as soon as it is enabled:
    # https://learn.microsoft.com/graph/api/authentication-update
    PerUserMfaState.ENABLED: {PerUserMfaState.ENABLED, PerUserMfaState.ENFORCED},
    PerUserMfaState.ENFORCED: {PerUserMfaState.ENFORCED},
}


def _proven(case: Case, change: Change, after: PerUserMfaState, now: datetime) -> Transition:
    moved = move(case, _REACHED[change.target])
    return record(
        replace(moved, change=None, wait_until=None, attempts=0),
        now,
        action=_VERB[change.target],
        outcome=StepOutcome.DONE,
        before=change.before,
        after=after,
    )


def _would(
    case: Case, target: PerUserMfaState, before: PerUserMfaState, now: datetime
) -> Transition:
    moved = move(case, _REACHED[target])
    return record(
        replace(moved, observed=True, wait_until=None, attempts=0),
        now,
        action=f"would-{_VERB[target]}",
        outcome=StepOutcome.WOULD,
        before=before,
        after=target,
        detail="Observe mode: nothing was changed.",
    )


def _would_enforce(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Tell the rest of the story of a case that only observes, without waiting for anybody."""
    if isinstance(facts.mfa_state, Unknown):
        return Fail(StateUnknown(facts.mfa_state.reason))
    if facts.methods is None:
        return Look(Fact.METHODS)
    if facts.mfa_state is None:
        return Look(Fact.MFA_STATE)
    if case.state is CaseState.ENABLED and not is_registered(facts.methods):
        deadline = registration_deadline(case.plan, case.accepted_at, rules)
        return Advance(
            record(
                replace(move(case, CaseState.WAITING_REGISTRATION), deadline=deadline),
                now,
                action="would-wait-for-registration",
                outcome=StepOutcome.WOULD,
                detail="Observe mode: the person would have until the deadline.",
            )
        )
    return Advance(_would(case, PerUserMfaState.ENFORCED, facts.mfa_state, now))


def _complete(case: Case, now: datetime) -> Transition:
    return record(
        move(case, CaseState.COMPLETED),
        now,
        action="would-complete" if case.observed else "complete",
        outcome=StepOutcome.WOULD if case.observed else StepOutcome.DONE,
        event=EventType.COMPLETED,
    )


def _belongs_to_another(case: Case, account: Account) -> bool:
    expected, actual = case.plan.employee_id, account.employee_id
    return expected is not None and actual is not None and expected != actual


def _pin(case: Case, account: Account, now: datetime) -> Transition:
    warnings = case.warnings
    if case.plan.employee_id is not None and account.employee_id is None:
        warnings = (*warnings, "The account bears no employee id to compare with the event's.")
    return record(
        replace(case, user_id=account.user_id, warnings=warnings, wait_until=None, attempts=0),
        now,
        action="find-account",
        outcome=StepOutcome.DONE,
        after=account.user_id,
    )


def _wait_for_start(case: Case, now: datetime) -> Transition:
    waiting = replace(case, wait_until=case.plan.starts_at, waiting_since=now)
    if case.state is CaseState.WAITING_START:
        return Transition(case=waiting)
    return record(
        move(waiting, CaseState.WAITING_START),
        now,
        action="wait-for-start",
        outcome=StepOutcome.WAITING,
        event=EventType.WAITING,
    )


def _wait_for_account(
    case: Case, rules: Rules, now: datetime, at_the_end: LifecycleError
) -> Action:
    closes = max(case.plan.starts_at, case.accepted_at) + rules.account_wait
    if now >= closes:
        return Fail(at_the_end)
    if case.state is CaseState.WAITING_ACCOUNT:
        since = case.waiting_since or now
        again = min(next_look(since, now, rules), closes)
        return Advance(Transition(case=replace(case, wait_until=again, updated_at=now)))
    again = min(next_look(now, now, rules), closes)
    return Advance(
        record(
            replace(
                move(case, CaseState.WAITING_ACCOUNT),
                waiting_since=now,
                wait_until=again,
                attempts=0,
            ),
            now,
            action="wait-for-account",
            outcome=StepOutcome.WAITING,
            detail=at_the_end.detail,
            event=EventType.WAITING,
        )
    )


def _wait_for_registration(case: Case, rules: Rules, now: datetime) -> Transition:
    if case.state is CaseState.ENABLED:
        deadline = registration_deadline(case.plan, case.accepted_at, rules)
        again = next_look(now, now, rules)
        return record(
            replace(
                move(case, CaseState.WAITING_REGISTRATION),
                deadline=deadline,
                waiting_since=now,
                wait_until=max(now, min(again, deadline)),
                attempts=0,
            ),
            now,
            action="wait-for-registration",
            outcome=StepOutcome.WAITING,
            event=EventType.WAITING,
        )
    since = case.waiting_since or now
    again = next_look(since, now, rules)
    if case.state is CaseState.OVERDUE or case.deadline is None or now < case.deadline:
        if case.state is CaseState.WAITING_REGISTRATION and case.deadline is not None:
            again = min(again, case.deadline)
        return Transition(case=replace(case, wait_until=again, attempts=0, updated_at=now))
    return record(
        replace(move(case, CaseState.OVERDUE), wait_until=again, attempts=0),
        now,
        action="register",
        outcome=StepOutcome.WAITING,
        detail="The deadline has passed and the person has not registered.",
        event=EventType.OVERDUE,
    )
